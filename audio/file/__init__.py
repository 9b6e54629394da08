"""Takes on the disk, and the sounds of a kit.

sidecar   the facts beside a take
takefile  RIFF/WAVE, written so that a crash leaves it readable
tags      what a take says of itself
wavread   a take read back
recover   what a crash left
prompts   a kit's sounds at the device's rate
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "PART",
    "Recovered",
    "Sound",
    "Tags",
    "add_facts",
    "cut_short",
    "digest",
    "final_path",
    "header",
    "loss_of",
    "prepare",
    "read_facts",
    "read_tags",
    "read_wav",
    "recover_folder",
    "sidecar_path",
    "write_facts",
    "write_whole",
]

if TYPE_CHECKING:
    from audio.file.prompts import cut_short, prepare
    from audio.file.recover import Recovered, recover_folder
    from audio.file.sidecar import add_facts, loss_of, read_facts, sidecar_path, write_facts, write_whole
    from audio.file.tags import read_tags
    from audio.file.takefile import PART, Tags, digest, final_path, header
    from audio.file.wavread import Sound, read_wav
else:
    __getattr__ = lazy(
        __name__,
        {
            "prompts": ("cut_short", "prepare"),
            "recover": ("Recovered", "recover_folder"),
            "sidecar": ("add_facts", "loss_of", "read_facts", "sidecar_path", "write_facts", "write_whole"),
            "tags": ("read_tags",),
            "takefile": ("PART", "Tags", "digest", "final_path", "header"),
            "wavread": ("Sound", "read_wav"),
        },
    )
