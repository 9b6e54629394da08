"""A status as a station sends it in the middle of an afternoon."""

from __future__ import annotations

from typing import Any

from config.status.record import (
    Ahead,
    Incident,
    MissingTake,
    Pupils,
    SelfTest,
    Status,
    TakeCounts,
    WaitReason,
)

AT = "2026-11-26T14:30:00+08:00"


def status(**changes: Any) -> Status:
    body: dict[str, Any] = {
        "run": "0a1b2c3d",
        "seq": 7,
        "at": AT,
        "station": "310105-017-A",
        "school": "娄山小学",
        "session": "roster-20261126",
        "stage": "running",
        "session_stage": "sealed",
        "seal": "7K3M-9QWX-ABCD-EFGH-JKMN",
        "head": "cd" * 32,
        "software": "0.2.0",
        "release": "ab" * 32,
        "kit": "sample 1.0",
        "selftest": SelfTest(at=AT, outcome="fail", expires=AT, failed=("voice", "clock")),
        "pupils": Pupils(expected=30, done=12, absent=1, to_do=17, care=2),
        "takes": TakeCounts(recorded=25, l2=20, sent=1, waiting=3, stuck=1),
        "ahead": Ahead(bytes=12_000_000, oldest=AT, paused=True),
        "why": (WaitReason(code="network", count=4),),
        "missing": (
            MissingTake(student="0112", item="song2", attempt=1, code="network"),
            MissingTake(student="0113", item="song1", attempt=2, code="sent"),
        ),
        "incidents": (Incident(category="noted", count=2),),
        "headset": False,
        "clock": -3,
        "heard": 5,
    }
    return Status(**{**body, **changes})
