"""Streams against the clock, and the place of the accompaniment after something was lost."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from audio.device import portaudio
from audio.device.delay import Delay
from audio.device.portaudio import PortAudioSource
from audio.device.source import Block
from audio.protocol.messages import DeviceInfo, OpenDevices

RATE, SIZE = 48000, 480
EACH = SIZE / RATE
LATENCY = 0.2


def test_a_stream_in_time_is_not_behind() -> None:
    delay = Delay(RATE)
    for number in range(300):
        delay.note(5 + EACH * number, SIZE * number)
    assert delay.seconds == pytest.approx(0, abs=1e-9)


def test_what_is_missing_is_behind_and_what_is_late_is_not() -> None:
    delay = Delay(RATE)
    for number in range(100):
        delay.note(5 + EACH * number, SIZE * number)
    delay.note(5 + EACH * 120, SIZE * 100)
    assert delay.seconds == pytest.approx(0, abs=1e-9)
    assert delay.last_seconds == pytest.approx(EACH * 20)
    for number in range(121, 200):
        delay.note(5 + EACH * number, SIZE * number)
    assert delay.seconds == pytest.approx(0, abs=1e-9)
    for number in range(200, 300):
        delay.note(5 + EACH * (number + 7), SIZE * number)
    assert delay.seconds == pytest.approx(EACH * 7)


class Driver:
    """A source on streams that only this test calls back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(portaudio, "now", lambda: self.now)
        monkeypatch.setattr(portaudio, "list_devices", lambda: [DeviceInfo("ALSA", "a", 1, 2, 48000.0)])
        monkeypatch.setattr(portaudio, "_open", lambda *_, **__: SimpleNamespace(latency=LATENCY))
        self.blocks: list[Block] = []
        self.source = PortAudioSource(OpenDevices("a", "a", RATE, 16))
        self.source._on_block = self.blocks.append

    def run(self, seconds: float, *, hears: bool = True, plays: bool = True) -> None:
        """Time passes; what the driver threw away never comes."""
        quiet: Any = SimpleNamespace(input_overflow=False)
        for _ in range(round(seconds / EACH)):
            self.now += EACH
            if hears:
                self.source._heard(bytes(2 * SIZE), SIZE, None, quiet)
            if plays:
                self.source._wanted(bytearray(4 * SIZE), SIZE, None, quiet)


def test_the_place_does_not_move_while_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch)
    driver.run(0.1)
    assert driver.source.loop_frames == round((LATENCY + EACH) * RATE)
    driver.run(5)
    assert driver.source.loop_frames == round((LATENCY + EACH) * RATE)


def test_blocks_that_are_asked_for_at_once_wait_in_the_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    """PulseAudio asks for its whole buffer at the start, and delivers input seven blocks at a time."""
    driver = Driver(monkeypatch)
    quiet: Any = SimpleNamespace(input_overflow=False)
    for _ in range(round(LATENCY / EACH)):
        driver.source._wanted(bytearray(4 * SIZE), SIZE, None, quiet)
    for _ in range(10):
        driver.run(7 * EACH, hears=False)
        for _ in range(7):
            driver.source._heard(bytes(2 * SIZE), SIZE, None, quiet)
    assert abs(driver.source.loop_frames) <= SIZE


def test_lost_input_moves_what_follows_to_the_front(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch)
    driver.run(2)
    before = driver.source.loop_frames
    driver.run(0.3, hears=False)
    driver.run(2)
    assert driver.source.loop_frames - before == pytest.approx(-0.3 * RATE, abs=1)


def test_lost_output_moves_what_follows_to_the_back(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch)
    driver.run(2)
    before = driver.source.loop_frames
    driver.run(0.25, plays=False)
    driver.run(2)
    assert driver.source.loop_frames - before == pytest.approx(0.25 * RATE, abs=1)
