"""What a person reads while a recorder from before a crash is waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from config.base import say
from config.disk import DataDir
from station.takes.settle import orphan_seconds
from station.words import talk


def orphan_told(data: DataDir) -> Callable[[bool], None]:
    """Says that a recorder from before is waited for, and for how long at most."""

    def waiting(busy: bool) -> None:
        if not busy:
            return
        left = orphan_seconds(data, datetime.now().astimezone())
        talk.tell(
            say("A recording from before still goes on. Please wait until it ends by itself.")
            if left is None
            else say(
                "A recording from before still goes on; it ends by itself in at most {seconds} s. "
                "Ctrl-C ends the waiting.",
                seconds=round(left) + 1,
            )
        )

    return waiting
