"""Takes on the disk: how their files are called, and the facts beside each.

riff      the chunks of their audio files
names     of the files of a take
measured  what was measured: devices, loss, verdict
facts     all that is known of a take
sidecar   the facts read and written
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "PART",
    "Assignment",
    "DeviceName",
    "FinishedFacts",
    "Loss",
    "SidecarError",
    "Step",
    "TakeFacts",
    "Verdict",
    "as_json",
    "final_path",
    "part_path",
    "read_facts",
    "read_finished",
    "riff",
    "sidecar_path",
    "take_prefix",
    "write_facts",
]

if TYPE_CHECKING:
    from config.takes import riff
    from config.takes.facts import Assignment, FinishedFacts, TakeFacts
    from config.takes.measured import DeviceName, Loss, Step, Verdict
    from config.takes.names import PART, final_path, part_path, sidecar_path, take_prefix
    from config.takes.sidecar import (
        SidecarError,
        as_json,
        read_facts,
        read_finished,
        write_facts,
    )
else:
    __getattr__ = lazy(
        __name__,
        {
            "": ("riff",),
            "facts": ("Assignment", "FinishedFacts", "TakeFacts"),
            "measured": ("DeviceName", "Loss", "Step", "Verdict"),
            "names": ("PART", "final_path", "part_path", "sidecar_path", "take_prefix"),
            "sidecar": (
                "SidecarError",
                "as_json",
                "read_facts",
                "read_finished",
                "riff",
                "write_facts",
            ),
        },
    )
