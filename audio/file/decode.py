"""Brings a kit's sounds to the device rate in a process of its own: `python -m audio.file.decode <REQUESTS`.

1. Kits come from anywhere and the decoder is native code: it must not be able to end the station, nor to take
   its memory. What the header claims is looked at before anything is read.
2. One request a line, one answer a line: {"short": bool}, or {"refused": reason, "detail": text}.
"""

from __future__ import annotations

import errno
import json
import re
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from config.access import close_to_others, limit_this_process

MEMORY_BYTES = 260_000_000
CPU_SECONDS = 40
"""For all sounds of a kit: half an hour of stereo takes some ten on a slow computer."""
LONGEST_SECONDS = 600
"""As long as a recording may be."""
RATES = (4000, 192_000)
MOST_CHANNELS = 8
TOLERANCE_SECONDS = 0.1
"""MP3 files announce their padding, too."""
ENDLESS = 0xFFFFFF00
"""Programs that write into a pipe announce the largest number."""


class UnfitSoundError(Exception):
    """The name of a reason, and what belongs to it."""


def main() -> None:
    limit_this_process(MEMORY_BYTES, CPU_SECONDS)
    close_to_others()
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(json.dumps(_answer(request)) + "\n")
        sys.stdout.flush()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        target = Path(request["target"]) if request["target"] else None
        return {"short": decode(Path(request["source"]), target, request["rate"])}
    except UnfitSoundError as error:
        return {"refused": error.args[0], "detail": error.args[1]}
    except OSError as error:
        full = error.errno == errno.ENOSPC
        return {"refused": "full" if full else "unreadable", "detail": error.strerror or str(error)}
    except (soundfile.SoundFileError, ValueError) as error:
        return {"refused": "unreadable", "detail": getattr(error, "error_string", str(error))}
    except MemoryError:
        return {"refused": "unreadable", "detail": "it needs too much memory"}


def decode(source: Path, target: Path | None, samplerate: int) -> bool:
    """Write `source` as a 16-bit WAV of one or two channels; whether it is shorter than it claims.

    Raises UnfitSoundError, OSError, soundfile.SoundFileError.
    """
    with soundfile.SoundFile(source) as file:
        _check_header(file)
        if target is None:
            decoded = sum(len(block) for block in _blocks(file))
        else:
            decoded = _write(file, target, samplerate)
        # libsndfile takes what is there for the length of a WAV file, and says so in its log only.
        stated = re.search(r"^data : (\d+) \(should be (\d+)\)", file.extra_info, re.MULTILINE)
        missing = int(stated[1]) > int(stated[2]) and int(stated[1]) < ENDLESS if stated else False
        return missing or decoded == 0 or file.frames - decoded > TOLERANCE_SECONDS * file.samplerate


def _check_header(file: soundfile.SoundFile) -> None:
    if not RATES[0] <= file.samplerate <= RATES[1]:
        raise UnfitSoundError("rate", file.samplerate)
    if not 1 <= file.channels <= MOST_CHANNELS:
        raise UnfitSoundError("channels", file.channels)
    if file.frames > LONGEST_SECONDS * file.samplerate:
        raise UnfitSoundError("long", round(file.frames / file.samplerate / 60))


def _blocks(file: soundfile.SoundFile) -> Iterator[NDArray[np.float32]]:
    """A second at a time: the sound may have more than its header claims."""
    decoded = 0
    while len(block := file.read(file.samplerate, dtype="float32", always_2d=True)):
        decoded += len(block)
        if decoded > LONGEST_SECONDS * file.samplerate:
            raise UnfitSoundError("long", LONGEST_SECONDS // 60)
        yield block[:, :2]


def _write(file: soundfile.SoundFile, target: Path, samplerate: int) -> int:
    """Frames that were decoded."""
    channels, decoded = min(2, file.channels), 0
    stream = soxr.ResampleStream(file.samplerate, samplerate, channels, dtype="float32")
    with target.open("wb") as raw, wave.open(raw, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(samplerate)
        for block in _blocks(file):
            decoded += len(block)
            out.writeframesraw(_to_bytes(stream.resample_chunk(np.ascontiguousarray(block))))
        if decoded:
            none = np.zeros((0, channels), dtype=np.float32)
            out.writeframesraw(_to_bytes(stream.resample_chunk(none, last=True)))
    return decoded


def _to_bytes(sound: NDArray[np.float32]) -> bytes:
    clipped: NDArray[np.float32] = np.clip(np.rint(np.nan_to_num(sound) * 32767), -32768, 32767)
    return clipped.astype("<i2").tobytes()


if __name__ == "__main__":
    main()
