"""The end of the day on the disk: what is sealed is written down, and what is proven elsewhere is removed.

Both read every recording: call them on a thread that may wait.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

from config import Settings
from config.base import StationError, reason_of, say
from config.disk import DataDir, digest_of, is_file, remove, write_whole
from config.kit import Kit
from config.roster import Roster
from config.status import as_text
from config.takes import PART, SidecarError, read_facts, sidecar_path
from station.seal.manifest import manifest_of, seal_file
from station.seal.sealcode import seal_code
from station.session.chair import RefusedError
from station.session.day import PRACTICE, ClearingBegun, LocalTake, SessionCleared, SessionSealed
from station.session.events import Event, SungElsewhere
from station.session.machine import step
from station.session.view import View
from station.status.beside import from_line
from station.status.broadcast import Asked
from station.status.collector import Who, status_of
from station.status.here import now_of, own_word, who_of
from uploader.carry import purge
from uploader.queue import ProofLevel, Queue, Row

log = logging.getLogger(__name__)
Recheck = Callable[[Row], ProofLevel]
ENTERED_SECONDS = 10.0
"""An act is in the journal after this, or never."""
POLL_SECONDS = 0.02


def sealed(
    data: DataDir, session_id: str, station_id: str, number: int, by: tuple[str, ...]
) -> SessionSealed:
    """Write down what seal `number` stands for, and the act that makes it count. Raises StationError."""
    try:
        manifest = manifest_of(data, session_id, station_id, number)
    except OSError as error:
        raise StationError(
            say("A recording can't be read: {detail}", detail=reason_of(error)),
            say("Close programs that have it open, then seal again."),
        ) from error
    content = manifest.content()
    file = seal_file(data, session_id, number)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, content)
    return SessionSealed(now(), by, number, seal_code(content), manifest.head, len(manifest.takes))


def now() -> str:
    """ISO 8601 with the distance from UTC."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def inventory(data: DataDir, session_id: str, rows: Sequence[Row]) -> tuple[LocalTake, ...]:
    """Every recording of the session on this computer, with its proof; "" where there is none."""
    known = {row.take_id: row for row in rows}
    return tuple(_local(path, known) for path in _recordings(data, session_id))


def _recordings(data: DataDir, session_id: str) -> list[Path]:
    """Also what is not whole: it has a voice in it, too."""
    return sorted(data.session(session_id).glob("*.wav"))


def _local(path: Path, rows: dict[str, Row]) -> LocalTake:
    try:
        facts = read_facts(path)
        digest = digest_of(path)
    except (OSError, SidecarError) as error:
        log.warning("%s has no proof: %s", path.name, error)
        return LocalTake(path.name, "", "", "")
    row = rows.get(facts.take_id)
    if facts.practice:
        level = PRACTICE
    elif row is None or not row.delivered or row.verify_level is None or row.sha256 != digest:
        level = ""
    else:
        level = row.verify_level.name
    return LocalTake(path.name, facts.take_id, digest, "" if path.name.endswith(PART) else level)


def removed(
    data: DataDir, session_id: str, queue: Queue, recheck: Recheck, takes: Sequence[LocalTake]
) -> SessionCleared:
    """Remove these, as far as the server proves them again; what is left stands in the act."""
    purge(queue, recheck, [take.take_id for take in takes if take.level != PRACTICE])
    folder = data.session(session_id)
    for path in _practice(folder, takes):
        try:
            remove(path, missing_ok=True)
            remove(sidecar_path(path), missing_ok=True)
        except OSError as error:
            log.warning("%s can't be removed: %s", path.name, error)
    return SessionCleared(now(), tuple(take.file for take in takes if is_file(folder / take.file)))


def _practice(folder: Path, takes: Sequence[LocalTake]) -> Iterator[Path]:
    for take in takes:
        path = folder / take.file
        # What is removed must be what was looked at.
        if take.level == PRACTICE and is_file(path) and digest_of(path) == take.sha256:
            yield path


class Sealable(Protocol):
    """What is needed of a running station."""

    settings: Settings
    session_id: str
    queue: Queue
    kit: Kit
    roster: Roster

    @property
    def rehearsal(self) -> bool: ...
    @property
    def view(self) -> View: ...
    def post(self, event: Event) -> None: ...
    def recheck(self, row: Row) -> ProofLevel: ...


class DayEnd:
    """Seals and clears the session of a running station; implements station.tui.port.DayEndPort."""

    def __init__(self, station: Sealable) -> None:
        self._station = station
        self._data = DataDir(station.settings.data.dir)

    def progress_line(self) -> str:
        """What a board understands, for a chat: `station status --text`. Raises DiskError."""
        station, asked = self._station, Asked(seq=1, closed=False, clock=None, heard=0)
        rows = list(station.queue.rows())
        now = now_of(station.view, rows, station.queue, self._data, asked, station.session_id)
        return as_text(status_of(self._who(), now, asked.seq))

    def heard_line(self, text: str) -> SungElsewhere:
        """What another station's line says to this one. Raises StatusError where it is of no use, and why."""
        own = own_word(self._who(), datetime.now().astimezone())
        return from_line(text, own, self._station.view.session)

    def _who(self) -> Who:
        station = self._station
        roster = None if station.rehearsal else station.roster
        return who_of(station.settings, station.session_id, station.kit, roster)

    def seal(self, by: tuple[str, ...]) -> None:
        """Returns when the act is posted. Raises StationError."""
        station = self._station
        number = len(station.view.session.day.seals) + 1
        station.post(sealed(self._data, station.session_id, station.settings.station.id, number, by))

    def clear(self, by: tuple[str, ...]) -> None:
        """Returns when all is removed. Raises StationError where something is kept, and why."""
        station = self._station
        rows = station.queue.rows()
        begun = ClearingBegun(now(), by, inventory(self._data, station.session_id, rows))
        try:
            wanted = step(station.view.session, begun)[0].day
        except RefusedError as refusal:
            raise StationError(refusal.why) from refusal
        station.post(begun)
        deadline = monotonic() + ENTERED_SECONDS
        while station.view.session.day != wanted:
            if monotonic() > deadline:
                raise StationError(say("This is not possible now."))
            sleep(POLL_SECONDS)
        recheck, takes = station.recheck, wanted.inventory
        done = removed(self._data, station.session_id, station.queue, recheck, takes)
        if done.left:
            raise StationError(
                say(
                    "{count} {count|recording is|recordings are} kept, {file} first: the server did "
                    "not prove them again.",
                    count=len(done.left),
                    file=done.left[0],
                ),
                say("See the uploads (F7), then clear once more."),
            )
        station.post(done)
