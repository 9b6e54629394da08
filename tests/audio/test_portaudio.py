"""What PortAudio's callbacks bring, and what of it goes on; without a sound card."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audio import events as ev
from audio import portaudio
from audio.levels import LEVEL_SECONDS
from audio.source import Block

RATE, BRIEF = 48000, 480
QUIET, LOST = SimpleNamespace(input_overflow=False), SimpleNamespace(input_overflow=True)


@pytest.mark.parametrize("bits", [16, 24])
def test_brief_callbacks_are_handed_on_together(monkeypatch: pytest.MonkeyPatch, bits: int) -> None:
    """Windows calls every 10 ms."""
    headset = ev.DeviceInfo("api", "headset", 1, 2, RATE)
    monkeypatch.setattr(portaudio, "list_devices", lambda: [headset])
    monkeypatch.setattr(portaudio, "_open", lambda *_, **__: SimpleNamespace(start=lambda: None))
    source = portaudio.PortAudioSource(ev.OpenDevices("headset", "headset", RATE, bits))
    blocks: list[Block] = []
    source.start(blocks.append)
    samples: Any = np.arange(100 * BRIEF, dtype=np.int16 if bits == 16 else np.int32)
    for number, part in enumerate(np.split(samples, 100)):
        source._heard(part.tobytes(), BRIEF, None, LOST if number == 50 else QUIET)
    sizes = {len(block.samples) for block in blocks}
    assert min(sizes) >= LEVEL_SECONDS * RATE > max(sizes) - BRIEF
    assert [block.index for block in blocks] == [0, *np.cumsum([len(b.samples) for b in blocks])[:-1]]
    heard = np.concatenate([block.samples for block in blocks])
    assert np.array_equal(heard, samples[: len(heard)])
    assert len(samples) - len(heard) < LEVEL_SECONDS * RATE
    assert [block.index // BRIEF <= 50 < block.index // BRIEF + 7 for block in blocks] == [
        block.overflow for block in blocks
    ]
