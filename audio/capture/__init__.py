"""The capture process: from blocks to a proven file.

loss          counts what a take lost
reserve       room for the facts when the disk is full
running_take  one take while it runs
diskfault     the code of an error of the disk
recorder      from blocks and commands to takes and events
child         the process itself
process       the station's end of it
listing       the devices, asked of a process of its own
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = ["LATE_SECONDS", "CaptureProcess", "creation_flags", "fault_of", "list_devices"]

if TYPE_CHECKING:
    from audio.capture.diskfault import fault_of
    from audio.capture.listing import list_devices
    from audio.capture.loss import LATE_SECONDS
    from audio.capture.process import CaptureProcess, creation_flags
else:
    __getattr__ = lazy(
        __name__,
        {
            "loss": ("LATE_SECONDS",),
            "process": ("CaptureProcess", "creation_flags"),
            "listing": ("list_devices",),
            "diskfault": ("fault_of",),
        },
    )
