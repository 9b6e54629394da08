"""Takes on the disk, and the sounds of a kit.

syncing   fsync beside the writing
waveheader  what stands before the samples
partfile  a take that was not finished
takefile  RIFF/WAVE, written so that a crash leaves it readable
tags      what a take says of itself
wavread   a take read back
recover   what a crash left
prompts   a kit's sounds at the device's rate
decode    the process that reads them
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "Recovered",
    "Sound",
    "Tags",
    "header",
    "look_through",
    "prepare_all",
    "read_tags",
    "read_wav",
    "recover_folder",
]

if TYPE_CHECKING:
    from audio.file.prompts import look_through, prepare_all
    from audio.file.recover import Recovered, recover_folder
    from audio.file.tags import read_tags
    from audio.file.waveheader import Tags, header
    from audio.file.wavread import Sound, read_wav
else:
    __getattr__ = lazy(
        __name__,
        {
            "prompts": ("look_through", "prepare_all"),
            "recover": ("Recovered", "recover_folder"),
            "tags": ("read_tags",),
            "waveheader": ("Tags", "header"),
            "wavread": ("Sound", "read_wav"),
        },
    )
