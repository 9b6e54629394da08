"""The headset of a session is lent to the self-test and comes back without a false alarm."""

from __future__ import annotations

import threading
from collections.abc import Callable
from errno import ENOSPC
from typing import cast

import pytest

from audio.capture.process import CaptureProcess
from audio.protocol import messages as heard
from config.settings import AudioSection
from station.sound.supervisor import HeadsetSupervisor, devices_of

DEVICES = heard.OpenDevices("builtin", "builtin", 48000, 16)


class FakeCapture:
    """A capture process that says when it ends, as the real one does."""

    def __init__(self, on_event: Callable[[heard.Event], None]) -> None:
        self._on_event = on_event

    def send(self, command: heard.Command) -> None:
        pass

    def close(self) -> None:
        self._on_event(heard.Died(0))

    def leave(self, timeout: float) -> None:
        pass


@pytest.mark.parametrize("lent", [True, False])
def test_an_end_on_purpose_is_no_fault(lent: bool) -> None:
    events: list[heard.Event] = []
    started: list[Callable[[heard.Event], None]] = []
    spawned = threading.Event()

    def spawn(on_event: Callable[[heard.Event], None]) -> CaptureProcess:
        started.append(on_event)
        spawned.set()
        return cast("CaptureProcess", FakeCapture(on_event))

    headset = HeadsetSupervisor(spawn, DEVICES, lambda: True, events.append)
    headset.start()
    try:
        assert spawned.wait(5)
        if lent:
            assert headset.rest()
            assert events == []
        else:
            started[0](heard.Died(1))
            assert events[0] == heard.Died(1)
    finally:
        headset.stop()


def test_all_that_the_settings_say_of_the_headset_is_asked_for() -> None:
    audio = AudioSection(input="in", output="out", samplerate=44100, bits=24, side="right")
    assert devices_of(audio) == heard.OpenDevices("in", "out", 44100, 24, "right")


def test_it_ends_when_it_is_stopped_while_it_starts() -> None:
    settling, stopped = threading.Event(), threading.Event()

    def settle() -> bool:
        settling.set()
        return stopped.wait(5)

    def spawn(on_event: Callable[[heard.Event], None]) -> CaptureProcess:
        return cast("CaptureProcess", FakeCapture(on_event))

    headset = HeadsetSupervisor(spawn, DEVICES, settle, lambda event: None)
    headset.start()
    assert settling.wait(5)
    stopping = threading.Thread(target=headset.stop, daemon=True)
    stopping.start()
    stopping.join(0.2)
    stopped.set()
    stopping.join(2)
    assert not stopping.is_alive()


def test_without_a_process_a_take_fails_and_a_sound_is_refused() -> None:
    events: list[heard.Event] = []
    headset = HeadsetSupervisor(
        lambda on_event: pytest.fail("not started"), DEVICES, lambda: True, events.append
    )
    headset.send(heard.StartTake("take-1", "x.wav", 5))
    headset.send(heard.Play("play-1", "x.wav"))
    assert events == [heard.TakeFailed("take-1", "no_device"), heard.Refused("no_device")]


def test_a_recorder_that_can_not_be_started_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.sound.supervisor.RETRY_SECONDS", 0.01)
    events: list[heard.Event] = []
    tried, started = iter((True, False)), threading.Event()

    def spawn(on_event: Callable[[heard.Event], None]) -> CaptureProcess:
        if next(tried):
            raise OSError(ENOSPC, "no space left")
        started.set()
        return cast("CaptureProcess", FakeCapture(on_event))

    headset = HeadsetSupervisor(spawn, DEVICES, lambda: True, events.append)
    headset.start()
    try:
        assert started.wait(5)
        assert [event.code for event in events if isinstance(event, heard.Refused)] == ["disk_full"]
    finally:
        headset.stop()
