"""Takes on the disk, and the sounds of a kit.

sidecar   the facts beside a take
syncing   fsync beside the writing
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
    "PART",
    "Recovered",
    "Sound",
    "Tags",
    "add_facts",
    "digest",
    "final_path",
    "header",
    "look_through",
    "loss_of",
    "prepare_all",
    "read_facts",
    "read_tags",
    "read_wav",
    "recover_folder",
    "sidecar_path",
    "write_facts",
    "write_whole",
]

if TYPE_CHECKING:
    from audio.file.prompts import look_through, prepare_all
    from audio.file.recover import Recovered, recover_folder
    from audio.file.sidecar import add_facts, loss_of, read_facts, sidecar_path, write_facts, write_whole
    from audio.file.tags import read_tags
    from audio.file.takefile import PART, Tags, digest, final_path, header
    from audio.file.wavread import Sound, read_wav
else:
    __getattr__ = lazy(
        __name__,
        {
            "prompts": ("look_through", "prepare_all"),
            "recover": ("Recovered", "recover_folder"),
            "sidecar": ("add_facts", "loss_of", "read_facts", "sidecar_path", "write_facts", "write_whole"),
            "tags": ("read_tags",),
            "takefile": ("PART", "Tags", "digest", "final_path", "header"),
            "wavread": ("Sound", "read_wav"),
        },
    )
