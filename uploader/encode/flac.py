"""A take as FLAC for the way: every sample the same, about half the bytes.

Checked twice before it may be used: decoded again and compared sample by sample, and FLAC's own MD5 of the
samples (STREAMINFO) against the MD5 of the WAV's data. Raises FlacError for whatever is not exactly so.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from config.disk import put_in_place, remove
from uploader.encode.pcmdigest import streaminfo_md5

BLOCK_FRAMES = 65536
TAGS = ("title", "artist", "comment", "software", "date")
SUBTYPES = {"PCM_16": 2, "PCM_24": 3}
"""Bytes per sample in the WAV."""


class FlacError(ValueError):
    """This recording can't travel as FLAC; it travels as it is."""


def encode(wav: Path, flac: Path) -> str:
    """Write `flac` and prove it; returns the MD5 of its samples in hex."""
    temporary = flac.with_name(flac.name + ".tmp")
    try:
        digest = _encode(wav, temporary)
        _compare(wav, temporary)
        if streaminfo_md5(temporary) != digest:
            raise FlacError(f"{flac.name}: the digest of the samples differs")
        put_in_place(temporary, flac)
    except (OSError, soundfile.SoundFileError) as error:
        raise FlacError(f"{wav.name}: {error}") from error
    finally:
        remove(temporary, missing_ok=True)
    return digest


def _encode(wav: Path, flac: Path) -> str:
    """Encode with tags; returns the MD5 of the WAV's samples."""
    digest = hashlib.md5(usedforsecurity=False)
    with soundfile.SoundFile(wav) as source:
        width = SUBTYPES.get(source.subtype)
        if width is None:
            raise FlacError(f"{wav.name}: {source.subtype} is not for FLAC")
        shape: dict[str, Any] = {"samplerate": source.samplerate, "channels": source.channels}
        with soundfile.SoundFile(flac, "w", subtype=source.subtype, format="FLAC", **shape) as target:
            for tag in TAGS:
                # libsndfile calls an empty text a bad one.
                if text := getattr(source, tag):
                    setattr(target, tag, text)
            while len(samples := source.read(BLOCK_FRAMES, dtype="int32")):
                target.write(samples)
                packed = samples.astype("<i4").reshape(-1, 1).view(np.uint8)[:, 4 - width :]
                digest.update(np.ascontiguousarray(packed).tobytes())
    return digest.hexdigest()


def _compare(wav: Path, flac: Path) -> None:
    with soundfile.SoundFile(wav) as one, soundfile.SoundFile(flac) as other:
        while True:
            left = one.read(BLOCK_FRAMES, dtype="int32")
            right = other.read(BLOCK_FRAMES, dtype="int32")
            if not np.array_equal(left, right):
                raise FlacError(f"{flac.name}: other samples than {wav.name}")
            if not len(left):
                return
