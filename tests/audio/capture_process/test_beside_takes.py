"""What a recorder tells beside its takes: levels, sounds, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.protocol import messages as ev
from tests.audio.booth import RATE, Booth
from tests.audio.wavs import tone, write_wav


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    found = Booth(tmp_path)
    yield found
    found.recorder.end("stop")


# --- beside takes


def test_a_level_comes_fifteen_times_a_second_and_is_the_loudest_since_the_last(booth: Booth) -> None:
    booth.value = 3277
    booth.hear(1.3)
    levels = booth.told(ev.Level)
    assert len(levels) == pytest.approx(15, abs=1)
    assert {(level.peak_dbfs, level.clipped) for level in levels} == {(-20.0, False)}
    booth.value = 32767
    booth.hear(0.07)
    assert booth.told(ev.Level)[-1].clipped
    booth.value = 0
    booth.hear(0.2)
    assert booth.told(ev.Level)[-1].peak_dbfs < -80


def test_a_sound_is_told_when_it_begins_and_when_it_has_left_the_headphones(
    booth: Booth, tmp_path: Path
) -> None:
    sound = write_wav(tmp_path / "prompt.wav", tone(0.5, 440, -12))
    booth.source.output_seconds = 0.2
    booth.recorder.handle(ev.Play("p", str(sound)))
    assert booth.told(ev.PlayStarted) == []
    booth.hear(0.02)
    assert booth.told(ev.PlayStarted) == [ev.PlayStarted("p")]
    booth.hear(0.6)
    assert booth.told(ev.PlayEnded) == [], "its end is still in the driver's buffers"
    booth.hear(0.1)
    assert booth.told(ev.PlayEnded) == [ev.PlayEnded("p")]
    assert booth.told(ev.PlayStarted) == [ev.PlayStarted("p")]


def test_what_this_headset_can_not_do_is_refused_in_words(booth: Booth, tmp_path: Path) -> None:
    booth.recorder.handle(ev.OpenDevices("a", "b", RATE, 16))
    booth.recorder.handle(ev.Play("p", str(tmp_path / "none.wav")))
    booth.recorder.handle(ev.Fault("nonsense"))
    codes = [refused.code for refused in booth.told(ev.Refused)]
    assert codes[:2] == ["refused", "bad_sound"]
    assert len(codes) == 3
