"""Prompts of a kit, decoded and brought to the device rate once, so that playing them costs nothing.

The only module that imports soundfile on the sound side. Cached by content and rate.
"""

from __future__ import annotations

import hashlib
import os
import re
import wave
from errno import ENOSPC
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from audio.audioerror import AudioError
from config.base import DiskError, say
from config.disk import is_file, replace

TOLERANCE_SECONDS = 0.1
"""MP3 files announce their padding, too."""
ENDLESS = 0xFFFFFF00
"""Programs that write into a pipe announce the largest number."""


def prepare(path: Path, samplerate: int, cache: Path) -> Path:
    """A 16-bit WAV of `path` at `samplerate`, one or two channels, in `cache`. Raises AudioError."""
    try:
        key = hashlib.sha256(path.read_bytes()).hexdigest()[:24]
        target = cache / f"{key}_{samplerate}.wav"
        if is_file(target):
            return target
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
        cache.mkdir(parents=True, exist_ok=True)
        _write(target, soxr.resample(sound[:, :2], rate, samplerate), samplerate)
    except (OSError, soundfile.SoundFileError) as error:
        if isinstance(error, OSError) and error.errno == ENOSPC:
            raise DiskError(
                say("The disk is full; the sounds of the test can't be prepared."),
                say("Free some space, or choose another drive under [data] dir in station.toml."),
            ) from error
        raise AudioError(
            say("The sound {file} of the kit can't be read: {detail}", file=path.name, detail=str(error)),
            say("Check the kit with “station kit check”, or copy it again."),
            code="bad_sound",
        ) from error
    return target


def cut_short(path: Path) -> bool:
    """Whether a sound that can be decoded has less in it than it announces, or nothing."""
    with soundfile.SoundFile(path) as file:
        decoded = 0
        while count := len(file.read(file.samplerate, dtype="float32")):
            decoded += count
        # libsndfile takes what is there for the length of a WAV file, and says so in its log only.
        stated = re.search(r"^data : (\d+) \(should be (\d+)\)", file.extra_info, re.MULTILINE)
        missing = int(stated[1]) > int(stated[2]) and int(stated[1]) < ENDLESS if stated else False
        return missing or decoded == 0 or file.frames - decoded > TOLERANCE_SECONDS * file.samplerate


def _write(target: Path, sound: NDArray[np.float32], samplerate: int) -> None:
    samples = np.clip(np.rint(sound * 32767), -32768, 32767).astype("<i2")
    temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as stream:
        with wave.open(stream, "wb") as file:
            file.setnchannels(sound.shape[1])
            file.setsampwidth(2)
            file.setframerate(samplerate)
            file.writeframes(samples.tobytes())
        stream.flush()
        # The name says what is in it for ever: after a power cut it must not hold half of it.
        os.fsync(stream.fileno())
    replace(temporary, target)
