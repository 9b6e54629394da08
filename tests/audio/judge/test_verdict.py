"""Verdicts on real singing, healthy and spoilt in every way that audio.judge.reasons knows."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from audio.file.wavread import UnreadableWavError
from audio.judge.reasons import REASONS
from audio.judge.verdict import judge
from config.kit.limits import Limits
from config.takes import Loss
from tests.audio.recordings import (
    DEGRADED,
    RATE,
    Signal,
    expecting,
    gain,
    good,
    noise,
    other_voice,
    voice,
    write_take,
)

LIMITS = Limits()
BITS = (16, 24)
FLOORS = (-62.0, None)


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("floor", FLOORS)
def test_real_singing_is_ok(tmp_path: Path, bits: int, floor: float | None) -> None:
    path = write_take(tmp_path / "take.wav", good(), bits)
    verdict = judge(path, expecting(floor_dbfs=floor), LIMITS)
    assert verdict.ok
    assert verdict.reasons == ()
    assert verdict.remarks == ()
    assert verdict.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert verdict.numbers["peak_dbfs"] == pytest.approx(-9, abs=0.3)
    assert verdict.numbers["voice_seconds"] > 6


@pytest.mark.sampled(6, fewest=1)
@pytest.mark.parametrize("speed", [0.5, 0.7, 1.5])
@pytest.mark.parametrize("floor", FLOORS)
def test_low_and_high_voices_are_ok(tmp_path: Path, floor: float | None, speed: float) -> None:
    path = write_take(tmp_path / "take.wav", other_voice(speed))
    assert judge(path, expecting(floor_dbfs=floor), LIMITS).reasons == ()


@pytest.mark.sampled(12, fewest=7)
@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("name", DEGRADED)
@pytest.mark.sampled(2)
def test_degraded_singing_has_exactly_its_reason(
    tmp_path: Path, name: str, floor: float | None, bits: int
) -> None:
    make, reason = DEGRADED[name]
    path = write_take(tmp_path / "take.wav", make(), bits)
    verdict = judge(path, expecting(floor_dbfs=floor), LIMITS)
    assert verdict.reasons == (reason,)
    assert not verdict.ok


def reasons(tmp_path: Path, signal: Signal, **expected: object) -> tuple[str, ...]:
    path = write_take(tmp_path / "take.wav", signal)
    return judge(path, expecting(**expected), LIMITS).reasons  # type: ignore[arg-type]


def test_truncated_is_short(tmp_path: Path) -> None:
    assert reasons(tmp_path, good()[: 4 * RATE], min_seconds=6) == ("short",)


def test_what_broke_off_is_partial_not_short(tmp_path: Path) -> None:
    assert reasons(tmp_path, good()[: 4 * RATE], min_seconds=6, ended_by="device") == ("partial",)
    assert reasons(tmp_path, good()[: 4 * RATE], min_seconds=6, ended_by="disk") == ("partial",)


def test_a_file_that_ends_before_its_header_says_is_partial(tmp_path: Path) -> None:
    path = write_take(tmp_path / "take.wav", good())
    path.write_bytes(path.read_bytes()[:-30001])
    assert judge(path, expecting(), LIMITS).reasons == ("partial",)


@pytest.mark.parametrize(
    ("loss", "is_lost"),
    [
        (Loss(short_ms=1258), True),
        (Loss(short_ms=70), True),
        (Loss(short_ms=42, overflows=5), True),
        (Loss(short_ms=9, overflows=2), False),
        (Loss(short_ms=20), False),
        (Loss(short_ms=-15, longest_gap_ms=480, queue_peak=40), False),
    ],
)
def test_counters_prove_lost_samples(tmp_path: Path, loss: Loss, is_lost: bool) -> None:
    assert reasons(tmp_path, good(), loss=loss) == (("lost_samples",) if is_lost else ())


def test_a_drifting_clock_is_no_loss_in_ten_minutes() -> None:
    from audio.judge.verdict import lost

    assert not lost(Loss(short_ms=100), 600, LIMITS)
    assert lost(Loss(short_ms=100), 60, LIMITS)


def test_a_silent_take_with_loss_says_both_the_gravest_first(tmp_path: Path) -> None:
    assert reasons(tmp_path, good() * 0, loss=Loss(short_ms=900)) == ("lost_samples", "silent")


def test_a_pupil_who_sings_quietly_or_little_is_not_failed(tmp_path: Path) -> None:
    quiet = voice() * gain(-12) + noise(len(voice()), -62)
    assert reasons(tmp_path, quiet) == ()
    once = np.concatenate([good(), noise(41 * RATE, -62, seed=1)])
    assert reasons(tmp_path, once) == ()


def test_a_few_words_are_no_singing(tmp_path: Path) -> None:
    words = np.concatenate(
        [noise(20 * RATE, -62), good()[2 * RATE : 3 * RATE], noise(20 * RATE, -62, seed=2)]
    )
    assert reasons(tmp_path, words) == ("no_singing",)


def test_one_word_in_a_short_take_is_no_singing(tmp_path: Path) -> None:
    word = np.concatenate(
        [noise(4 * RATE, -62), good()[2 * RATE :][: RATE // 2], noise(2 * RATE, -62, seed=2)]
    )
    assert reasons(tmp_path, word) == ("no_singing",)


def test_a_whisper_from_the_next_room_is_no_singing(tmp_path: Path) -> None:
    whisper = voice() * gain(-55) + noise(len(voice()), -95)
    assert reasons(tmp_path, whisper, floor_dbfs=-95) == ("no_singing",)


def test_who_is_hardly_louder_than_the_room_is_nobody_who_sings(tmp_path: Path) -> None:
    """A choir behind the wall; the one who sings here is ten times as strong as the room."""
    for louder, found in ((6, ("no_singing",)), (20, ("quiet",))):
        choir = voice() * gain(louder - 42) + noise(len(voice()), -62)
        assert reasons(tmp_path, choir, floor_dbfs=-62) == found


def test_zeros_around_the_singing_and_between_songs_prove_nothing(tmp_path: Path) -> None:
    """A virtual card is silent where nothing plays."""
    silence = np.zeros(RATE * 9 // 10, dtype=np.float32)
    assert reasons(tmp_path, np.concatenate([silence, voice(), silence]), floor_dbfs=None) == ()
    twice = np.concatenate([silence, voice(), silence[:9600], voice(), silence])
    assert reasons(tmp_path, twice, floor_dbfs=None) == ()


def test_a_stream_that_starts_in_the_middle_of_a_song_was_not_cut(tmp_path: Path) -> None:
    silence = np.zeros(RATE // 2, dtype=np.float32)
    late = np.concatenate([noise(RATE // 5, -62), silence, good()[2 * RATE :]])
    assert reasons(tmp_path, late) == ()


@pytest.mark.parametrize(("rise", "remarks"), [(12, ("agc",)), (0, ())])
def test_a_room_that_grows_louder_in_each_pause_is_remarked(
    tmp_path: Path, rise: float, remarks: tuple[str, ...]
) -> None:
    pause = noise(2 * RATE, -62) * np.logspace(0, rise / 20, 2 * RATE, dtype=np.float32)
    sung = good()[round(0.4 * RATE) :]
    song = np.concatenate([sung, pause, sung, pause, sung])
    verdict = judge(write_take(tmp_path / "take.wav", song), expecting(), LIMITS)
    assert (verdict.ok, verdict.remarks) == (True, remarks)


def test_a_room_as_loud_as_the_singing_is_noisy(tmp_path: Path) -> None:
    assert reasons(tmp_path, voice() * gain(-12) + noise(len(voice()), -48), floor_dbfs=-48) == ("noisy",)


def test_limits_of_the_kit_decide(tmp_path: Path) -> None:
    path = write_take(tmp_path / "take.wav", good() * gain(-26))
    assert judge(path, expecting(floor_dbfs=None), Limits(quiet=-50)).ok


def test_numbers_are_json_and_finite(tmp_path: Path) -> None:
    for name, signal in {
        "good": good(),
        "silent": good() * 0,
        "empty": good()[:0],
        "tiny": good()[:7],
    }.items():
        verdict = judge(write_take(tmp_path / f"{name}.wav", signal), expecting(floor_dbfs=None), LIMITS)
        json.loads(json.dumps(asdict(verdict), allow_nan=False))
        assert verdict.ok == (name == "good")


def test_what_is_no_recording_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(b"not a recording")
    with pytest.raises(UnreadableWavError):
        judge(path, expecting(), LIMITS)
    with pytest.raises(UnreadableWavError):
        judge(tmp_path / "missing.wav", expecting(), LIMITS)


def test_the_table_names_itself_and_the_fixed_codes() -> None:
    assert all(code == reason.code for code, reason in REASONS.items())
    assert {"silent", "clipped", "short", "lost_samples"} <= set(REASONS)
    assert {reason for _, reason in DEGRADED.values()} <= set(REASONS)
