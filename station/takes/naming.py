"""How a session is called: by its roster and its first day.

A clock that was set back in the middle of an afternoon must not open a second folder: a session of this
roster with a day that is still to come can only be the one that was begun before.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from config import Settings
from config.base import DiskError, Message, say
from config.disk import DataDir, fits_windows, is_folder, is_there
from station.session.journal import Journal

DAY = "%Y%m%d"


def session_of(settings: Settings) -> str:
    """The configured name of the session, else that of its first day: a restart is no new session."""
    if settings.session.id:
        return settings.session.id
    ahead = _begun_ahead(settings)
    return ahead[1] if ahead is not None else _name(settings, _today())


def clock_set_back(settings: Settings) -> Message | None:
    """One sentence where the session was begun on a day that is still to come."""
    ahead = None if settings.session.id else _begun_ahead(settings)
    if ahead is None:
        return None
    return say(
        "The clock of this computer was set back: the session of {day} goes on. Set the clock right. For"
        " another session name one in station.toml under [session] id.",
        day=ahead[0].isoformat(),
    )


def _today() -> date:
    return datetime.now().astimezone().date()


def _stem(settings: Settings) -> str:
    stem = "".join(
        char for char in settings.session.roster.stem if char.isascii() and (char.isalnum() or char in ".-")
    )
    return stem or "session"


def _name(settings: Settings, day: date) -> str:
    name = f"{_stem(settings)}-{day.strftime(DAY)}"
    return name if fits_windows(name) else f"session-{name}"


def _begun_ahead(settings: Settings) -> tuple[date, str] | None:
    """The last session of this roster on a day after today."""
    found = []
    for name in _known(DataDir(settings.data.dir)):
        digits = re.search(r"-([0-9]{8})$", name)
        try:
            day = datetime.strptime(digits[1], DAY).astimezone().date() if digits else None
        except (ValueError, OverflowError, OSError):
            continue
        if day is not None and day > _today() and name == _name(settings, day):
            found.append((day, name))
    return max(found, default=None)


def _known(data: DataDir) -> set[str]:
    """Sessions of the journal and of the takes; a database that can't be read is told elsewhere."""
    known = {folder.name for folder in data.takes.glob("*") if is_folder(folder)}
    if is_there(data.database):
        try:
            journal = Journal(data, "", readonly=True)
            try:
                known |= journal.sessions()
            finally:
                journal.close()
        except DiskError:
            return known
    return known
