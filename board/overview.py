"""The whole district as text: `station board report`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from board.judge.duties import duty
from board.judge.listline import sums_of
from board.judge.seen import BoardRow
from config.base import Message, say

Text = Callable[[Message], str]


def heading(text: Text) -> list[str]:
    words = (
        say("Station"),
        say("School"),
        say("State"),
        say("Pupils"),
        say("Recordings"),
        say("What is wrong"),
    )
    return [text(word) for word in words]


def cells(row: BoardRow, text: Text) -> list[str]:
    """One station, in the order of heading()."""
    status = row.seen.status
    pupils = f"{status.pupils.done + status.pupils.absent}/{status.pupils.expected}" if status else "-"
    takes = f"{status.takes.delivered}/{status.takes.recorded}" if status else "-"
    wrong = text(Message.listed(finding.short for finding in row.standing.findings)) or "-"
    return [row.seen.station, row.seen.school, text(row.standing.state), pupils, takes, wrong]


def missing_lines(rows: Iterable[BoardRow], text: Text) -> list[list[str]]:
    """What has not arrived: station, number, item, attempt, why, who must act, next step."""
    return [
        [
            row.seen.station,
            take.student,
            take.item,
            str(take.attempt),
            text(duty(code).why),
            text(duty(code).who),
            text(duty(code).todo),
        ]
        for row in rows
        for take, code in row.missing
    ]


def as_json(rows: Sequence[BoardRow]) -> dict[str, Any]:
    """Codes and numbers, never translated."""
    return {
        "sums": sums_of(rows)._asdict(),
        "stations": [
            {
                "station": row.seen.station,
                "district": row.seen.district,
                "school": row.seen.school,
                "grade": row.standing.grade.name.lower(),
                "findings": row.standing.codes,
                "received_at": row.seen.received_at or None,
                "status": row.seen.status.plain() if row.seen.status else None,
                "centre": _centre(row),
            }
            for row in rows
        ],
    }


def _centre(row: BoardRow) -> dict[str, Any] | None:
    has = row.seen.centre
    if has is None:
        return None
    lost = [{"student": take.student, "item": take.item, "attempt": take.attempt} for take in has.lost]
    return {"takes": has.takes, "proven": has.proven, "doubles": has.doubles, "lost": lost}
