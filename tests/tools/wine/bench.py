"""What steps share: the started Wine, a folder of their own, the command `station`, settings, a voice."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from station.exitcodes import Exit
from tests.audio.wavs import RATE, write_wav
from tests.tools.environment import ROOT
from tests.tools.wine.session import Session, windows_path
from tests.tools.wine.steps import BusyError, StepError

VOICE = ROOT / "tests" / "data" / "vocadito_10.wav"
COMMAND_SECONDS = 240.0
"""Seen with twenty programs beside it: 75 s for a recording of six."""
SETTINGS = """
[station]
id = "test-station"
language = "en"
[audio]
input = "{input}"
output = "{output}"
[session]
roster = "roster.csv"
kit = "kit"
id = "test"
[server]
url = "{url}"
"""
KIT = """
id = "test-kit"
version = "1"
[[items]]
id = "song"
title = "Song"
min_seconds = 2
max_seconds = {seconds}
attempts = 9
"""
NOWHERE = "http://127.0.0.1:9/files/"


@dataclass(frozen=True)
class Headset:
    """As station.toml names it."""

    microphone: str
    headphones: str


BUILTIN = Headset("builtin", "builtin")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def document(self) -> Any:
        """The JSON on stdout. Raises StepError."""
        try:
            return json.loads(self.out)
        except ValueError as error:
            raise StepError(f"exit {self.code}, no JSON: {self.last}") from error

    @property
    def last(self) -> str:
        """The last line that it told."""
        lines = [line for line in (self.err or self.out).splitlines() if line.strip()]
        return lines[-1] if lines else "nothing was printed"


@dataclass(frozen=True)
class Bench:
    """One start of Wine, and where steps may write."""

    session: Session
    folder: Path

    def station(
        self, *arguments: str | Path, seconds: float = COMMAND_SECONDS, env: Mapping[str, str] | None = None
    ) -> Done:
        """`station` with these arguments under Wine; paths are handed over as Windows names them."""
        done = self.session.python("-m", "station", *map(argument, arguments), seconds=seconds, env=env)
        return Done(done.returncode, done.stdout, _without_alsa(done.stderr))

    def start_station(
        self, *arguments: str | Path, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        return self.session.start("-m", "station", *map(argument, arguments), env=env)

    def home(self, name: str, headset: Headset = BUILTIN, url: str = NOWHERE, item: float = 20) -> Path:
        """The settings of a station in a folder of its own, with one item of at most `item` seconds."""
        home = self.folder / name
        (home / "kit").mkdir(parents=True)
        (home / "kit" / "kit.toml").write_text(KIT.format(seconds=item), encoding="utf-8")
        (home / "roster.csv").write_text("student_id,name\n0107,A\n0108,B\n", encoding="utf-8")
        text = SETTINGS.format(input=headset.microphone, output=headset.headphones, url=url)
        (home / "station.toml").write_text(text, encoding="utf-8")
        return home / "station.toml"


def stopped(done: Done) -> None:
    """Raises BusyError where the headset stopped, as the station said."""
    if done.code == Exit.DEVICE and not done.out:
        raise BusyError(done.last)


def argument(value: str | Path) -> str:
    return windows_path(value) if isinstance(value, Path) else value


def _without_alsa(text: str) -> str:
    """Wine asks ALSA for cards that are not there, and ALSA complains on the program's stderr."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(("ALSA lib", "wine: Read")))


def write_voice(path: Path, seconds: float) -> Path:
    """A real voice (see tests/data), as long as it is needed."""
    voice, rate = soundfile.read(VOICE, dtype="float32")
    voice = soxr.resample(voice, rate, RATE)
    voice *= 10 ** (-9 / 20) / np.abs(voice).max()
    times = 1 + int(seconds * RATE / len(voice))
    write_wav(path, np.asarray(np.tile(voice, times) * 32767, dtype=np.int16))
    return path
