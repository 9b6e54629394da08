"""What checks measure with: the settings, one open headset, and recordings that several checks judge.

The headset is opened once and a recording is made once, by the first check that needs it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audio import AudioError
from audio.capture import list_devices
from audio.protocol import messages as heard
from config import AudioSection, Settings, server_token
from config.disk import DataDir
from config.kit import Limits, check_kit
from station.checks.line import TIMING, Line, look
from station.sound.blocking import BlockingHeadset

log = logging.getLogger(__name__)
Ear = Literal["left", "right"]
Answer = Literal["left", "right", "both", "none"]
Step = Literal["sing", "cup"]
"""What a person can do for a check: sing loudly, or hold an ear cup to the microphone."""


@dataclass(frozen=True)
class Wishes:
    """How a run of the self-test differs; for scripts, demo and tests."""

    ask: Callable[[Ear], Answer | None] | None = None
    """Asks the person on which ear the tone was heard; None when nobody can answer, or did."""
    ready: Callable[[Step], bool] | None = None
    """Asks the person to do something and returns when it is being done; False where they won't."""
    assume_heard: bool = False
    cup_held: bool = False
    """An ear cup is held to the microphone from the beginning to the end."""
    speed: float = 1.0
    env: Mapping[str, str] | None = None
    on_level: Callable[[heard.Level], None] | None = None
    interactive: bool = False
    """A terminal is there to be checked."""


def devices_here(env: Mapping[str, str] | None = None) -> tuple[heard.DeviceInfo, ...]:
    """Empty where the sound system does not answer: that is a finding, and no reason to stop."""
    try:
        return list_devices(env)
    except AudioError:
        log.exception("the sound system does not list its devices")
        return ()


class Bench:
    """Made for one run; close() it. The headset and recordings are made under a lock of their own."""

    def __init__(self, settings: Settings, wishes: Wishes = Wishes()) -> None:
        self.settings = settings
        self.wishes = wishes
        self.data = DataDir(settings.data.dir)
        self.work = self.data.cache / "selftest"
        self._lock = threading.Lock()
        self._headset: BlockingHeadset | None = None
        self._devices: tuple[heard.DeviceInfo, ...] | None = None
        self._line: Line | None = None
        self._limits: Limits | None = None
        self._made: dict[str, heard.TakeSaved] = {}
        self._ready: dict[Step, bool] = {}
        self.both_heard = False
        """A person said that both sides of the headphones are heard."""

    def close(self) -> None:
        headset, self._headset = self._headset, None
        if headset is not None:
            headset.__exit__(None, None, None)

    @property
    def devices(self) -> tuple[heard.DeviceInfo, ...]:
        if self._devices is None:
            self._devices = devices_here(self.wishes.env)
        return self._devices

    def headset(self) -> BlockingHeadset:
        """The headset, opened on first use. Raises AudioError."""
        with self._lock:
            if self._headset is None:
                self._headset = self._new_headset(self.settings.audio).__enter__()
            return self._headset

    def one_side(self, side: Ear, seconds: float) -> heard.TakeSaved:
        """A recording of one side of the microphone. Raises AudioError."""
        # Many a headset can be open but once.
        self.close()
        with self._new_headset(self.settings.audio.model_copy(update={"side": side})) as headset:
            return headset.probe(self.work / f"{side}.wav", seconds)

    def _new_headset(self, audio: AudioSection) -> BlockingHeadset:
        self.work.mkdir(parents=True, exist_ok=True)
        wishes = self.wishes
        return BlockingHeadset(audio, self.data, speed=wishes.speed, env=wishes.env, on_level=wishes.on_level)

    def recording(self, name: str, seconds: float, sound: Path | None = None) -> heard.TakeSaved:
        """A recording made once per run; `sound` begins with it. Raises AudioError."""
        if name not in self._made:
            self._made[name] = self.headset().probe(self.work / f"{name}.wav", seconds, sound)
        return self._made[name]

    def ready(self, step: Step) -> bool:
        """Whether a person does this now; they are asked once per run."""
        if step == "cup" and self.wishes.cup_held:
            return True
        if step not in self._ready:
            self._ready[step] = self.wishes.ready is not None and self.wishes.ready(step)
        return self._ready[step]

    @property
    def limits(self) -> Limits:
        """Those of the kit, by which every pupil's check and take is judged; the usual ones where the kit
        can't be read, which is a finding of its own."""
        with self._lock:
            if self._limits is None:
                kit, _ = check_kit(self.settings.session.kit, self.data.cache / "kit")
                self._limits = kit.limits if kit is not None else Limits()
            return self._limits

    @property
    def line(self) -> Line:
        """The way to the server, looked at by the first check that asks."""
        with self._lock:
            if self._line is None:
                self._line = look(self.settings)
            return self._line

    @property
    def token(self) -> str | None:
        return server_token(self.settings)

    timing = TIMING
