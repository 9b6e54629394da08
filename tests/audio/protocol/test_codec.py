"""Every command and event survives the pipe; nothing else gets through."""

from __future__ import annotations

from typing import get_args

import pytest

from audio.protocol import messages as ev
from audio.protocol.codec import decode, encode
from config.takes import DeviceName, Loss
from tests.audio.capture import facts

EXAMPLES: dict[type, ev.Command | ev.Event] = {
    ev.OpenDevices: ev.OpenDevices("USB 耳机", "USB 耳机", 48000, 24),
    ev.Play: ev.Play("p1", "/kit/音阶.wav", "left"),
    ev.StopPlay: ev.StopPlay(),
    ev.StartTake: ev.StartTake("t1", "/takes/a.wav", 60.0, facts(), "/kit/a.wav"),
    ev.StopTake: ev.StopTake("t1"),
    ev.Feed: ev.Feed("/voices/a.wav"),
    ev.Fault: ev.Fault("stall"),
    ev.Ready: ev.Ready(42),
    ev.DeviceList: ev.DeviceList((ev.DeviceInfo("ALSA", "耳机", 1, 2, 44100.0),)),
    ev.Opened: ev.Opened(DeviceName("ALSA", "a"), DeviceName("ALSA", "b"), 48000),
    ev.Refused: ev.Refused("busy", "detail"),
    ev.Level: ev.Level(-12.0, clipped=True),
    ev.TakeStarted: ev.TakeStarted("t1", "2026-11-25T13:30:00.000+08:00"),
    ev.TakeProgress: ev.TakeProgress("t1", 1.5, 0.0),
    ev.TakeSaved: ev.TakeSaved("t1", "/a.wav", 5, 48000, "ab", "now", "stop", Loss(1.0, 2.0, 3.0, 4, 5), 7),
    ev.TakeFailed: ev.TakeFailed("t1", "disk_full"),
    ev.PlayStarted: ev.PlayStarted("p1"),
    ev.PlayEnded: ev.PlayEnded("p1", complete=False),
    ev.DeviceLost: ev.DeviceLost("stalled"),
    ev.DeviceBack: ev.DeviceBack(),
    ev.Died: ev.Died(-9),
}


@pytest.mark.parametrize("kind", [*get_args(ev.Command), *get_args(ev.Event)])
def test_round_trip(kind: type) -> None:
    message = EXAMPLES[kind]
    line = encode(message)
    assert line.isascii()
    assert "\n" not in line
    assert decode(line) == message


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "7",
        '{"v": 2, "kind": "StopPlay"}',
        '{"v": 1}',
        '{"v": 1, "kind": "Popen"}',
        '{"v": 1, "kind": "Play"}',
        '{"v": 1, "kind": ["Play"]}',
        '{"v": 1, "kind": "DeviceList", "devices": null}',
        '{"v": 1, "kind": "DeviceList", "devices": [7]}',
        '{"v": 1, "kind": "Opened", "input": {"name": "a"}, "output": {}, "samplerate": 1}',
    ],
)
def test_anything_else_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own error is one
        decode(line)


def test_a_newer_side_may_send_more() -> None:
    assert decode('{"v": 1, "kind": "StopTake", "take_id": "t", "added_later": 5}') == ev.StopTake("t")
    loss = encode(EXAMPLES[ev.TakeSaved]).replace('"short_ms"', '"added_later": 5, "short_ms"')
    assert decode(loss) == EXAMPLES[ev.TakeSaved]
