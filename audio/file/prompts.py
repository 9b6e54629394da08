"""Prompts of a kit, decoded and brought to the device rate once, so that playing them costs nothing.

Cached by content and rate; `audio.file.decode` does the work in its own process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio.audioerror import AudioError
from config.base import DiskError, Message, say, shown
from config.disk import digest_of, is_file, put_in_place, remove

MAX_BYTES = 200_000_000
"""Ten minutes of stereo as a WAV of 48 kHz and 24 bits have 173 MB."""
MAX_TOTAL_BYTES = 500_000_000
TIMEOUT_SECONDS = 120
"""Python alone may need many seconds to start from a slow disk; the work itself is bounded by CPU time."""
READ_AGAIN = say("Check the kit with “station kit check”, or copy it again.")


@dataclass(frozen=True)
class Prepared:
    """A sound at the device rate, or why there is none."""

    file: Path
    short: bool = False
    """It has less in it than it announces, or nothing."""
    error: AudioError | None = None


def prepare(path: Path, samplerate: int, cache: Path) -> Path:
    """A WAV of `path` at `samplerate`, 16 bits, one or two channels. Raises AudioError, DiskError."""
    return prepare_all([path], samplerate, cache)[0]


def prepare_all(paths: Sequence[Path], samplerate: int, cache: Path) -> list[Path]:
    """The same for all sounds of a kit, in one process. Raises AudioError for the first that is unfit."""
    found = []
    for sound in look_through(paths, samplerate, cache, made_once=True):
        if sound.error is not None:
            raise sound.error
        found.append(sound.file)
    return found


def look_through(
    paths: Sequence[Path], samplerate: int, cache: Path, *, made_once: bool = False
) -> list[Prepared]:
    """Decode every sound; one that is in the cache already only where not `made_once`. Raises DiskError."""
    found: dict[Path, Prepared] = {}
    requests: list[tuple[Path, Path]] = []
    total = 0
    for path in dict.fromkeys(paths):
        try:
            total += size_of(path, total)
            target = cache / f"{_key(path)}_{samplerate}.wav"
            if made_once and is_file(target):
                # What is used is not old.
                os.utime(target)
                found[path] = Prepared(target)
            else:
                requests.append((path, target))
                cache.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            found[path] = Prepared(path, error=_unfit(path, _unreadable(path, str(error))))
        except AudioError as error:
            found[path] = Prepared(path, error=error)
    answers = _decode([(path, _temporary(target)) for path, target in requests], samplerate)
    for (path, target), answer in zip(requests, answers, strict=True):
        found[path] = _settled(path, target, answer)
    return [found[path] for path in paths]


def size_of(path: Path, before: int = 0) -> int:
    """Bytes of a sound that may be read, `before` it others of the kit. Raises AudioError, OSError."""
    size = path.stat().st_size
    if size > MAX_BYTES or before + size > MAX_TOTAL_BYTES:
        raise _unfit(path, say("The sounds of the kit are too large: {file}.", file=path.name))
    return size


def _key(path: Path) -> str:
    return digest_of(path)[:24]


def _temporary(target: Path) -> Path:
    return target.with_name(f"{target.name}.{os.getpid()}.tmp")


def _settled(path: Path, target: Path, answer: dict[str, Any]) -> Prepared:
    temporary = _temporary(target)
    if "refused" in answer:
        remove(temporary, missing_ok=True)
        if answer["refused"] == "full":
            raise DiskError(
                say("The disk is full; the sounds of the test can't be prepared."),
                say("Free some space, or choose another drive under [data] dir in station.toml."),
            )
        return Prepared(path, error=_unfit(path, _why(path, answer["refused"], answer["detail"])))
    # The name says what is in it for ever: after a power cut it must not hold half of it.
    put_in_place(temporary, target)
    return Prepared(target, short=bool(answer["short"]))


def _decode(requests: Sequence[tuple[Path, Path]], samplerate: int) -> list[dict[str, Any]]:
    """An answer for each; a sound at which the process ends is unreadable, and the next ones go on."""
    answers: list[dict[str, Any]] = []
    while len(answers) < len(requests):
        lines = [
            json.dumps({"source": str(source), "target": str(target), "rate": samplerate})
            for source, target in requests[len(answers) :]
        ]
        answers += _run("\n".join(lines) + "\n")
        if len(answers) < len(requests):
            answers.append({"refused": "unreadable", "detail": "the decoder gave up"})
    return answers


def _run(lines: str) -> list[dict[str, Any]]:
    try:
        done = subprocess.run(
            # -P: a file of the current folder must not be taken for one of ours.
            [sys.executable, "-P", "-m", "audio.file.decode"],
            input=lines.encode("ascii"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
            # A thread of this library more would cost more memory than all sounds.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    else:
        output = done.stdout
    whole = output[: output.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]


def _why(path: Path, reason: str, detail: object) -> Message:
    if reason == "long":
        return say("The sound {file} of the kit is longer than 10 minutes.", file=path.name)
    if reason == "rate":
        return say(
            "The sound {file} of the kit claims {rate} Hz; 4000 to 192000 Hz can be played.",
            file=path.name,
            rate=detail,
        )
    if reason == "channels":
        return say(
            "The sound {file} of the kit has {count} channels; at most 8 can be played.",
            file=path.name,
            count=detail,
        )
    return _unreadable(path, str(detail))


def _unreadable(path: Path, detail: str) -> Message:
    return say("The sound {file} of the kit can't be read: {detail}", file=path.name, detail=shown(detail))


def _unfit(path: Path, what: Message) -> AudioError:
    return AudioError(what, READ_AGAIN, code="bad_sound")
