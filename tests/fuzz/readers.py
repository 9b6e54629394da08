"""Readers of what comes from outside. Each takes a file; what it may raise is a StationError, or nothing."""

from __future__ import annotations

import io
import json
import wave
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from audio.file import Tags, header, read_tags, read_wav, recover_folder
from audio.file.prompts import look_through
from config import load_settings
from config.base import StationError
from config.kit import check_kit
from config.roster import check_roster
from config.samples import write_samples
from config.takes import read_facts, read_finished, sidecar_path
from station.takes.from_tags import facts_of
from station.takes.settle import look_through as look_through_takes

BOOKS = Path(__file__).parents[1] / "config" / "roster" / "books"
BEGAN = datetime(2026, 11, 25, 14, 0)  # noqa: DTZ001 - as the tags have it
TAKE = "0107_song1_1.wav"


@dataclass(frozen=True)
class Reader:
    """`read` gets the file under `name` in a folder of its own."""

    name: str
    seeds: Callable[[], list[bytes]]
    read: Callable[[Path], object]
    expected: tuple[type[Exception], ...] = (StationError,)
    """What it is documented to raise; its callers answer that with a sentence."""


def _samples(*names: str) -> list[bytes]:
    with TemporaryDirectory() as folder:
        write_samples(Path(folder))
        return [(Path(folder) / name).read_bytes() for name in names]


def _kit_zip() -> list[bytes]:
    with TemporaryDirectory() as folder:
        write_samples(Path(folder))
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for file in sorted((Path(folder) / "kit").iterdir()):
                archive.write(file, file.name)
        return [target.getvalue()]


def _take() -> bytes:
    tags = Tags("song1", "0107", "take-1", "station", "room-1", BEGAN)
    head = bytearray(header(48000, 16, tags))
    head[-4:] = (9600).to_bytes(4, "little")
    return bytes(head) + bytes(range(256)) * 37 + bytes(128)


def _wave() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((1, 2, 44100, 0, "NONE", ""))
        file.writeframes(bytes(8820))
    return target.getvalue()


def _facts() -> bytes:
    facts = {
        "version": 1, "session": "s", "station": "a", "take_id": "take-1", "student_id": "0107",
        "item": "song1", "kind": "test", "attempt": 1, "started_at": "2026-11-25T14:00:00+08:00",
        "samplerate": 48000, "bits": 16, "frames": 4800, "sha256": "0" * 64, "ended_by": "stop",
        "device": {"input": {"hostapi": "x", "name": "y"}, "output": {"hostapi": "x", "name": "y"}},
        "loss": {"short_ms": 1.5, "queue_peak": 2, "steps": [{"at_seconds": 1.0, "ms": 20.0}]},
        "verdict": {"ok": True, "reasons": [], "numbers": {"peak_dbfs": -3.0}, "sha256": "0" * 64},
    }  # fmt: skip
    return json.dumps(facts).encode("utf-8")


def _read_take(path: Path) -> None:
    """All that is done with a file of the takes folder."""
    steps = (read_wav, read_tags, lambda take: facts_of(take, {}), lambda take: recover_folder(take.parent))
    for step in steps:
        try:
            step(path)
        except (OSError, ValueError, StationError):
            continue


def _read_sidecar(path: Path) -> None:
    path.with_name(TAKE).write_bytes(_take())
    sidecar_path(path.with_name(TAKE)).write_bytes(path.read_bytes())
    look_through_takes(path.parent, {})
    read_facts(path.with_name(TAKE))
    read_finished(path.with_name(TAKE))


def _read_sound(path: Path) -> None:
    look_through([path], 48000, path.parent / "cache")


READERS = {
    "roster_csv": Reader("roster.csv", lambda: _samples("roster.csv"), check_roster),
    "roster_xlsx": Reader(
        "roster.xlsx", lambda: [file.read_bytes() for file in sorted(BOOKS.glob("*.xlsx"))], check_roster
    ),
    "roster_xls": Reader(
        "roster.xls", lambda: [file.read_bytes() for file in sorted(BOOKS.glob("*.xls"))], check_roster
    ),
    "settings": Reader("station.toml", lambda: _samples("station.toml"), load_settings),
    "kit_toml": Reader("kit.toml", lambda: _samples("kit/kit.toml"), lambda path: check_kit(path.parent)),
    "kit_zip": Reader("kit.zip", _kit_zip, lambda path: check_kit(path, path.parent / "unpacked")),
    "sound": Reader("sound.wav", lambda: [_wave(), _take()], _read_sound),
    "take": Reader(TAKE, lambda: [_take(), _wave()], _read_take),
    "part": Reader("0107_song1_1.part.wav", lambda: [_take()], _read_take),
    "sidecar": Reader("facts.json", lambda: [_facts()], _read_sidecar, (StationError, OSError)),
}
