"""The page for the inspector: one sheet of A4 as HTML with everything in it, in the chosen language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from config import Settings
from station.checks.check import Outcome, Result
from station.checks.runner import worst
from station.reports.sheet import filled
from station.words.i18n import render, tr, tr_noop
from station.words.present import facts

OUTCOMES = {
    Outcome.OK: ("[ok]", tr_noop("in order")),
    Outcome.WARN: ("[!]", tr_noop("please look")),
    Outcome.FAIL: ("[X]", tr_noop("failed")),
    Outcome.SKIPPED: ("[-]", tr_noop("not tested")),
}
"""A mark that needs no colour, and its word."""
GROUPS = {
    "sound": tr_noop("Sound"),
    "computer": tr_noop("Computer"),
    "network": tr_noop("Network and server"),
    "material": tr_noop("Material"),
}
CURVES = {
    "noise_dbfs": tr_noop("Room, microphone alone"),
    "level_dbfs": tr_noop("Level while recording"),
    "voice_dbfs": tr_noop("Voice, or tone from the ear cup"),
}
FINGERPRINT = {
    "input": tr_noop("Microphone"),
    "output": tr_noop("Headphones"),
    "driver": tr_noop("Recording format"),
    "software": tr_noop("Software"),
    "system": tr_noop("System"),
    "kit": tr_noop("Kit"),
    "roster": tr_noop("Roster"),
    "server": tr_noop("Server"),
    "volume": tr_noop("Drive"),
}


def page(settings: Settings, results: Sequence[Result], fingerprint: Mapping[str, str], at: datetime) -> str:
    """The whole HTML document."""
    station = settings.station
    mark, word = OUTCOMES[worst(results)]
    return filled(
        "selftest.html",
        at,
        title=tr("Self-test of the singing-test station"),
        verdict=f"{mark} {tr(word)}",
        place="  ".join(part for part in (station.school, station.room, station.id) if part),
        heading=("", tr("Check"), tr("What was found, and what to do")),
        groups=[group for key in GROUPS if (group := _group(key, results))],
        curves=[_curve(name, values) for r in results for name, values in r.finding.series.items()],
        marks=facts({tr(text): fingerprint.get(key) for key, text in FINGERPRINT.items()}),
        signs=(tr("IT teacher"), tr("Inspector"), tr("Date")),
    )


def _group(group: str, results: Sequence[Result]) -> dict[str, Any]:
    rows = [_row(result) for result in results if result.check.group == group]
    return {"title": tr(GROUPS[group]), "rows": rows} if rows else {}


def _row(result: Result) -> dict[str, str]:
    finding = result.finding
    mark, word = OUTCOMES[finding.outcome]
    return {
        "outcome": finding.outcome.value,
        "mark": f"{mark} {tr(word)}",
        "title": tr(result.check.title),
        "what": render(finding.what),
        "todo": render(finding.todo) if finding.todo else "",
    }


def _curve(name: str, values: Sequence[float]) -> dict[str, str]:
    """A level in dBFS over time, -100 at the bottom and 0 at the top."""
    step = 400 / max(1, len(values) - 1)
    points = (f"{index * step:.1f},{min(100.0, max(0.0, -value)):.1f}" for index, value in enumerate(values))
    return {"title": tr(CURVES.get(name, name)), "points": " ".join(points)}
