"""Exit codes of every command: an outward contract."""

from __future__ import annotations

from enum import IntEnum

from audio import AudioError
from config.base import AlreadyRunningError, ConfigError, DiskError, StationError
from uploader import DeliveryError


class Exit(IntEnum):
    OK = 0
    """Done."""
    FAILED = 1
    """A check failed, or a take is not as it must be."""
    USAGE = 2
    """Usage or configuration."""
    DEVICE = 3
    """Audio device."""
    NETWORK = 4
    """Network or server."""
    DISK = 5
    """Disk."""
    RUNNING = 6
    """The station is already running on this data folder."""
    INTERNAL = 70
    """The program itself is at fault; the log says more."""
    HUNG_UP = 129
    """Its window was closed."""
    INTERRUPTED = 130
    """Stopped with Ctrl-C."""
    TERMINATED = 143
    """Stopped by the system (SIGTERM)."""


_BY_ERROR: tuple[tuple[type[StationError], Exit], ...] = (
    (AlreadyRunningError, Exit.RUNNING),
    (ConfigError, Exit.USAGE),
    (DiskError, Exit.DISK),
    (AudioError, Exit.DEVICE),
    (DeliveryError, Exit.NETWORK),
)

DISK_FAULTS = ("disk_full", "disk_error", "exists")
"""Faults of audio.soundfaults in which the headset is not to blame."""


def exit_code(error: StationError) -> Exit:
    """The code of the first branch of the error tree that fits."""
    if isinstance(error, AudioError) and error.code in DISK_FAULTS:
        return Exit.DISK
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), Exit.FAILED)
