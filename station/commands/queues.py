"""The queue as commands open and show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from config.datadir import DataDir
from config.message import say
from config.settings import Settings
from station.commands import talk
from station.i18n import tr
from uploader.queue import Queue
from uploader.row import Row
from uploader.states import State

NEEDS_HELP = (State.BLOCKED, State.MISSING, State.UNCONFIRMED)


@contextmanager
def reading(settings: Settings) -> Iterator[Queue | None]:
    """The queue for looking at; None where nothing was ever recorded."""
    database = DataDir(settings.data.dir).database
    found = Queue.open(database, readonly=True) if database.exists() else None
    try:
        yield found
    finally:
        if found is not None:
            found.close()


@contextmanager
def writing(settings: Settings) -> Iterator[Queue]:
    """The queue for an operator's word; the station may run meanwhile."""
    found = Queue.open(DataDir(settings.data.dir).database)
    try:
        yield found
    finally:
        found.close()


def show(rows: Sequence[Row], as_json: bool) -> None:
    """All rows as a table or JSON, and the sum."""
    if as_json:
        talk.document([row.as_json() for row in rows])
        return
    heading = (tr("Number"), tr("Item"), tr("Attempt"), tr("Size"), tr("Sent"), tr("State"), tr("Proof"))
    talk.table(heading, [_cells(row) for row in rows])
    done = sum(row.delivered for row in rows)
    troubled = sum(row.state in NEEDS_HELP for row in rows)
    talk.line(
        say(
            "{done} of {total} delivered, {troubled} need help.",
            done=done,
            total=len(rows),
            troubled=troubled,
        )
    )


def _cells(row: Row) -> tuple[str, ...]:
    # The words of the session come with it, which the JSON does not need.
    from station import present

    return (
        row.student_id,
        row.item,
        str(row.attempt),
        present.size(row.size),
        f"{row.progress:.0%}",
        present.delivery_state(row),
        present.proof(row),
    )
