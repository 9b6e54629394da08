"""Errors of the sound side; exit code 3."""

from __future__ import annotations

from config.base import Message, StationError


class AudioError(StationError):
    """The headset or the capture process can't do what was asked."""

    def __init__(self, what: Message, todo: Message | None = None, *, code: str = "device_error") -> None:
        super().__init__(what, todo)
        self.code = code
        """Key of audio.soundfaults.FAULTS."""
