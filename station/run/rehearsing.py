"""An afternoon that is not one: it can be sung, and nothing of it goes anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path

from config import Settings
from config.samples import write_samples
from uploader.queue import Row

SESSION = "rehearsal"


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


def rehearsal_of(settings: Settings, home: Path) -> Settings:
    """The same headset, place and language with sample pupils and songs; all is written below `home`.

    Raises DiskError.
    """
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
