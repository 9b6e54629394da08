"""The headset check: each finding with its advice, the gravest first."""

import json
from pathlib import Path

import numpy as np
import pytest

from audio.file.wavread import UnreadableWavError
from audio.judge import headset_check
from audio.judge.headset_check import StepReport, judge_silence, judge_singing
from config.base.message import Message
from config.kit.limits import Limits
from tests.audio.recordings import (
    RATE,
    Signal,
    gain,
    gated,
    good,
    narrow,
    noise,
    voice,
    with_gaps,
    write_take,
)

LIMITS = Limits()
QUIET = noise(2 * RATE, -62)
TIME = np.arange(2 * RATE) / RATE


def hum(dbfs: float) -> Signal:
    return QUIET + (np.sin(2 * np.pi * 50 * TIME) * gain(dbfs)).astype(np.float32)


def silence(tmp_path: Path, signal: Signal, bits: int = 16) -> StepReport:
    return judge_silence(write_take(tmp_path / "silence.wav", signal, bits), LIMITS)


def singing(tmp_path: Path, signal: Signal, floor: float | None = -62.0) -> StepReport:
    """Four seconds out of the middle of a song."""
    return judge_singing(write_take(tmp_path / "singing.wav", signal[3 * RATE : 7 * RATE]), floor, LIMITS)


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize(
    ("signal", "outcome", "advice"),
    [
        (QUIET, "ok", None),
        (noise(2 * RATE, -52), "warn", headset_check.LIVELY_ROOM),
        (noise(2 * RATE, -40), "fail", headset_check.LOUD_ROOM),
        (QUIET * 0, "fail", headset_check.DEAD),
        (hum(-50), "warn", headset_check.HUM),
        (hum(-40), "fail", headset_check.LOUD_ROOM),
        (QUIET + np.float32(0.007), "warn", headset_check.OFFSET),
        (QUIET + np.float32(0.03), "fail", headset_check.OFFSET),
        (QUIET * (TIME % 0.5 < 0.15), "warn", headset_check.GATE),
        (QUIET[:20], "fail", headset_check.NOTHING),
    ],
)
def test_silence(tmp_path: Path, signal: Signal, outcome: str, advice: Message | None, bits: int) -> None:
    report = silence(tmp_path, signal, bits)
    assert (report.outcome, report.advice) == (outcome, advice)
    assert "floor_dbfs" in report.numbers
    json.dumps(report.numbers, allow_nan=False)


def test_a_cough_does_not_make_the_room_loud(tmp_path: Path) -> None:
    cough = QUIET.copy()
    cough[RATE // 2 : RATE] += noise(RATE // 2, -20, seed=3)
    assert silence(tmp_path, cough).outcome == "ok"


def test_the_floor_is_the_rms_of_the_room(tmp_path: Path) -> None:
    assert silence(tmp_path, QUIET).numbers["floor_dbfs"] == pytest.approx(-62, abs=0.2)


@pytest.mark.parametrize(
    ("signal", "outcome", "advice"),
    [
        (good(), "ok", None),
        (good() * gain(7.5), "warn", headset_check.RATHER_LOUD),
        (good() * gain(20), "fail", headset_check.TOO_LOUD),
        (np.clip(good() * gain(11), -0.5, 0.5), "fail", headset_check.TOO_LOUD),
        (good() * gain(-10), "warn", headset_check.RATHER_QUIET),
        (voice() * gain(-24) + noise(len(voice()), -62), "fail", headset_check.TOO_QUIET),
        (noise(len(voice()), -62), "fail", headset_check.NO_VOICE),
        (good() * 0, "fail", headset_check.DEAD),
        (narrow(), "warn", headset_check.DULL),
        (gated(-35), "warn", headset_check.GATE),
        (with_gaps(0.02, 4.0, 5.2, 6.5), "fail", headset_check.GAPS),
    ],
)
def test_singing(tmp_path: Path, signal: Signal, outcome: str, advice: Message | None) -> None:
    report = singing(tmp_path, signal)
    assert (report.outcome, report.advice) == (outcome, advice)
    assert "peak_dbfs" in report.numbers
    json.dumps(report.numbers, allow_nan=False)


def test_singing_barely_above_a_lively_room_is_too_quiet(tmp_path: Path) -> None:
    signal = voice() * gain(-14) + noise(len(voice()), -48)
    assert singing(tmp_path, signal, floor=-48.0).advice == headset_check.TOO_QUIET


def test_without_a_floor_the_singing_alone_is_judged(tmp_path: Path) -> None:
    assert singing(tmp_path, good(), floor=None).outcome == "ok"


def test_a_file_that_is_none_raises(tmp_path: Path) -> None:
    with pytest.raises(UnreadableWavError):
        judge_silence(tmp_path / "missing.wav", LIMITS)
    with pytest.raises(UnreadableWavError):
        judge_singing(tmp_path / "missing.wav", None, LIMITS)
