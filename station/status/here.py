"""This station's own facts for its status, of a running session or from the disk."""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import datetime

from config import Settings
from config.base import StationError
from config.disk import DataDir, is_file
from config.kit import Kit
from config.roster import Roster, roster_mark
from config.status import Beside, Status
from station import __version__
from station.checks import lastpass
from station.release import installed
from station.session.journal import Journal
from station.session.view import View
from station.status.broadcast import Asked
from station.status.collector import Now, Who
from uploader.queue import Queue, Row


def who_of(settings: Settings, session_id: str, kit: Kit, roster: Roster | None = None) -> Who:
    """`roster`: None where no other station has the same pupils, as in a rehearsal."""
    pupils = roster.pupils if roster is not None else ()
    return Who(
        settings=settings,
        session_id=session_id,
        kit=f"{kit.id} {kit.version}",
        software=__version__,
        release=_release(),
        run=secrets.token_hex(4),
        roster=roster_mark(pupils) if pupils else "",
    )


def own_word(who: Who, at: datetime) -> Beside:
    """To compare the words of others with."""
    return Beside(
        station=Status.ident(who.settings.station.id),
        session=Status.ident(who.session_id),
        at=at.isoformat(timespec="seconds"),
        roster=who.roster,
        sung="",
    )


def _release() -> str:
    """Digest of the bundle that runs; empty where it is none, or one whose list is damaged."""
    try:
        found = installed()
    except (StationError, OSError):
        return ""
    return found.digest if found is not None else ""


def _head(data: DataDir, session_id: str) -> str:
    if not is_file(data.database):
        return ""
    with closing(Journal(data, session_id, readonly=True)) as journal:
        return journal.head()


def now_of(
    view: View,
    rows: list[Row],
    queue: Queue | None,
    data: DataDir,
    asked: Asked,
    session_id: str,
    finish: datetime | None = None,
) -> Now:
    """What there is to say about a session at this moment. Raises DiskError."""
    return Now(
        at=datetime.now().astimezone(),
        session=view.session,
        rows=rows,
        selftest=lastpass.load(data),
        bytes_left=queue.bytes_left() if queue is not None else 0,
        paused=queue is not None and queue.control.paused,
        delivered_at=finish,
        pupil_seconds=view.pupil_seconds,
        headset=view.device_ready,
        closed=asked.closed,
        clock=asked.clock,
        heard=asked.heard,
        head=_head(data, session_id),
    )
