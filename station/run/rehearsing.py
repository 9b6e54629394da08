"""An afternoon that is not one: it can be sung, and nothing of it goes anywhere."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path

from config import Settings
from config.disk import remove, write_whole
from config.samples import write_samples
from station.session.view import View
from station.words.i18n import tr
from uploader.queue import Row

SESSION = "rehearsal"
PUPILS = 60
log = logging.getLogger(__name__)


class Wish(Enum):
    """What the person at the screens wants to see when they have closed."""

    REHEARSAL = "rehearsal"


class NoDelivery:
    """In place of station.run.delivering.QueueDelivery: takes in nothing, and sends nothing."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def add(self, take: Path, *, just_read: bool) -> None: ...
    def hold(self) -> None: ...
    def release(self) -> None: ...
    def retry(self, take_id: str | None) -> None: ...
    def pause(self, paused: bool) -> None: ...
    def changed(self, *_: object) -> None: ...

    def send_carried(self) -> int:
        return 0

    def finish_at(self) -> datetime | None:
        return None

    def rows(self) -> Sequence[Row]:
        return ()


def _class() -> str:
    """Nobody can take them for pupils of the real session; more than any class has."""
    rows = (f"{number:03d},{tr('Rehearsal')} {number},{tr('Rehearsal')}" for number in range(1, PUPILS + 1))
    return "\n".join(("student_id,name,class", *rows)) + "\n"


class Emptier:
    """Removes what a pupil has recorded as soon as the chair is empty: no class fills the disk."""

    def __init__(self, folder: Path) -> None:
        """`folder`: of the session's takes."""
        self._folder, self._last = folder, ""

    def see(self, view: View) -> None:
        """Observer of the session; a few files, of which none is needed any more."""
        gone, self._last = self._last, view.session.current
        if gone and gone != self._last:
            for path in self._folder.glob(f"{gone}_*"):
                try:
                    remove(path, missing_ok=True)
                except OSError as error:
                    log.warning("%s goes with the rehearsal only: %s", path.name, error)


def rehearsal_of(settings: Settings, home: Path) -> Settings:
    """The same headset, place and language with invented pupils and sample songs, all below `home`.

    Raises DiskError.
    """
    home.mkdir(parents=True, exist_ok=True)
    # Before the samples, which leave what is there: their pupils have names like anybody's.
    write_whole(home / "roster.csv", _class().encode("utf-8"))
    write_samples(home)
    session = settings.session.model_copy(
        update={
            "id": SESSION,
            "roster": home / "roster.csv",
            "kit": home / "kit",
            "starts": None,
            "ends": None,
        }
    )
    data = settings.data.model_copy(update={"dir": home / "data"})
    return settings.model_copy(update={"session": session, "data": data})
