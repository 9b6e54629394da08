"""Everything that touches sound. Imports only config; only device.portaudio imports sounddevice.

audioerror   the error of the sound side
soundfaults  every way in which sound can fail, in words; FAULTS.md is its table
levels       dBFS of a block
protocol     what station and capture process say to each other
device       the seam to the hardware, real and virtual
file         takes on the disk: written, read back, repaired
measure      measurements on files
judge        what they mean, and what to do
capture      the capture process: from blocks to a proven file
__main__     `python -m audio`, the capture process
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = ["DEAD_DBFS", "FAULTS", "AudioError", "amplitude", "dbfs"]

if TYPE_CHECKING:
    from audio.audioerror import AudioError
    from audio.levels import DEAD_DBFS, amplitude, dbfs
    from audio.soundfaults import FAULTS
else:
    __getattr__ = lazy(
        __name__,
        {
            "audioerror": ("AudioError",),
            "levels": ("DEAD_DBFS", "amplitude", "dbfs"),
            "soundfaults": ("FAULTS",),
        },
    )
