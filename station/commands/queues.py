"""The queue as commands open and show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from config import Settings
from config.access import close_to_others
from config.base import ConfigError, say, shown
from config.disk import DataDir, is_there
from station.words import talk
from station.words.i18n import tr
from uploader.queue import Queue, Row, State

NEEDS_HELP = (State.BLOCKED, State.MISSING, State.UNCONFIRMED)


@contextmanager
def reading(settings: Settings) -> Iterator[Queue | None]:
    """The queue for looking at; None where nothing was ever recorded."""
    database = DataDir(settings.data.dir).database
    found = Queue.open(database, readonly=True) if is_there(database) else None
    try:
        if found is not None and not found.made:
            talk.tell(
                say(
                    "{file} has no queue: nothing was recorded here yet, or it is not a file of the station.",
                    file=database.name,
                )
            )
            yield None
        else:
            yield found
    finally:
        if found is not None:
            found.close()


@contextmanager
def writing(settings: Settings) -> Iterator[Queue]:
    """The queue for an operator's word; the station may run meanwhile."""
    close_to_others()
    found = Queue.open(DataDir(settings.data.dir).database)
    try:
        yield found
    finally:
        found.close()


def named(queue: Queue, take_ids: Sequence[str]) -> Sequence[str]:
    """The ids as they were given. Raises ConfigError for one that the queue does not know."""
    known = {row.take_id for row in queue.rows()} if take_ids else set()
    for take_id in take_ids:
        if take_id not in known:
            raise ConfigError(
                say("There is no recording {id} in the queue.", id=shown(take_id)),
                say("“station queue list --json” shows the ids."),
            )
    return take_ids


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
            "{done} of {total} delivered, {troubled} {troubled|needs|need} help.",
            done=done,
            total=len(rows),
            troubled=troubled,
        )
    )


def _cells(row: Row) -> tuple[str, ...]:
    # The words of the session come with it, which the JSON does not need.
    from station.words import present

    return (
        row.student_id,
        row.item,
        str(row.attempt),
        present.size(row.size),
        f"{row.progress:.0%}",
        present.delivery_state(row),
        present.proof(row),
    )
