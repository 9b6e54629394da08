"""What must agree when a session is cleared: totals, journal, seal, queue, and what the server has."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from station.reports.own_incidents import CUT_OFF
from tests.station.commands.called import station
from tests.uploader.tusserver import TusServer

PROVEN = ("L2", "L3")
ITEMS = ("song1", "song2")


@dataclass(frozen=True)
class Expected:
    """How the day went."""

    code: str
    """That was on the screen last."""
    pupils: int
    persons: Collection[str]
    absent: Collection[str]
    broke_off: str
    unplugged: str
    cut: str
    """Who sat in the chair when the headset was lost, and at the power cut."""
    twice: Collection[str]
    """Whose first song was recorded more than once."""


def told(home: Path, *words: str) -> Any:
    code, out, err = station(*words, "--config", home / "station.toml", "--json")
    assert code == 0, err
    return json.loads(out)


def check(home: Path, server: TusServer, expected: Expected) -> None:
    account, rows = told(home, "report"), told(home, "queue", "list")
    _totals(account, expected)
    _heard(account)
    _sealed(home, expected)
    _delivered(account, rows, server)
    _journal(home, account, expected)


def _totals(account: Any, expected: Expected) -> None:
    found, pupils = account["totals"], {pupil["student_id"]: pupil for pupil in account["pupils"]}
    outcomes = ("done", "troubled", "absent", "broke_off", "to_do")
    assert found["expected"] == len(pupils) == sum(found[name] for name in outcomes) == expected.pupils
    assert (found["absent"], found["broke_off"], found["to_do"]) == (len(expected.absent), 1, 0)
    sung = {
        student_id: Counter(take["item"] for take in pupil["takes"]) for student_id, pupil in pupils.items()
    }
    assert {student_id for student_id, takes in sung.items() if not takes} == set(expected.absent)
    assert {student_id for student_id, takes in sung.items() if takes and set(takes) != set(ITEMS)} == {
        expected.broke_off
    }
    assert all(sung[student_id]["song1"] > 1 for student_id in expected.twice)
    assert account["put_aside"] == []


def _heard(account: Any) -> None:
    """Whoever sang was heard singing, in each song once at least."""
    takes = [(pupil["student_id"], take) for pupil in account["pupils"] for take in pupil["takes"]]
    sung = {(student_id, take["item"]) for student_id, take in takes}
    assert sung == {(student_id, take["item"]) for student_id, take in takes if take["verdict"]["ok"]}


def _sealed(home: Path, expected: Expected) -> None:
    config = ("--config", home / "station.toml")
    assert station("seal", "show", *config)[1].strip() == expected.code
    code, out, _ = station("seal", "verify", *config, "--code", expected.code)
    assert (code, out.strip()) == (0, "All is as it was recorded.")


def _delivered(account: Any, rows: Any, server: TusServer) -> None:
    """Each recording that the account has is in the queue, and once at the server, byte by byte."""
    takes = {take["take_id"]: take["sha256"] for pupil in account["pupils"] for take in pupil["takes"]}
    assert {row["take_id"]: row["sha256"] for row in rows} == takes
    assert [row for row in rows if row["verify_level"] not in PROVEN] == []
    uploads = [upload for upload in server.of_takes() if upload.complete]
    stored = [
        (upload.metadata["take_id"], hashlib.sha256(bytes(upload.data)).hexdigest()) for upload in uploads
    ]
    assert sorted(stored) == sorted(takes.items())
    whose = {pupil["student_id"]: {t["take_id"] for t in pupil["takes"]} for pupil in account["pupils"]}
    assert all(upload.metadata["take_id"] in whose[upload.metadata["student_id"]] for upload in uploads)
    deliveries = account["deliveries"]
    assert deliveries == {"total": len(takes), "delivered": len(takes), "sent": 0, "open": 0}


def _journal(home: Path, account: Any, expected: Expected) -> None:
    with closing(sqlite3.connect(home / "data" / "station.db")) as db:
        rows = db.execute("SELECT kind, who FROM journal ORDER BY seq").fetchall()
    kinds = Counter(kind for kind, _ in rows)
    assert rows[0][0] == "SessionOpened"
    assert {who for _, who in rows} <= set(expected.persons)
    once = (
        "SessionOpened",
        "CheckInEnded",
        "Restarted",
        "SessionReopened",
        "ClearingBegun",
        "SessionCleared",
    )
    assert {kind: kinds[kind] for kind in once} == dict.fromkeys(once, 1)
    assert (kinds["SessionClosed"], kinds["SessionSealed"]) == (2, 2)
    assert kinds["CheckedIn"] == expected.pupils - len(expected.absent)
    seen = {(incident["student_id"], incident["what"].partition(",")[0]) for incident in account["incidents"]}
    assert seen >= {
        (expected.unplugged, "The headset was lost in the middle of a recording; what was sung is kept."),
        (expected.cut, "The program was opened again"),
        (expected.cut, str(CUT_OFF)),
        (None, "The session was opened again: checked once more"),
    }
