"""The root of every error that a person may see; each package adds its own branch.

The command line maps a branch to its exit code in one table (`station.exitcodes`).
"""

from __future__ import annotations

from config.base.message import Message


class StationError(Exception):
    """Something a person must know: what happened, and what to do about it."""

    def __init__(self, what: Message, todo: Message | None = None) -> None:
        super().__init__(str(what))
        self.what = what
        """What happened and where, in one sentence."""
        self.todo = todo
        """The next step, in one sentence; None where `what` says it already."""


class ConfigError(StationError):
    """Settings, kit or roster can't be used (exit code 2)."""


class DiskError(StationError):
    """A file or folder can't be read, written or trusted (exit code 5)."""


class AlreadyRunningError(StationError):
    """Another station holds the lock of the data folder (exit code 6)."""
