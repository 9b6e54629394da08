"""Each threshold of the verdict, from both sides, on measures as they come; and the numbers that are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from audio.judge.evidence import Evidence, Leakage, numbers_of
from audio.judge.reasons import REASONS
from audio.judge.song import Likeness, SongHeard
from audio.judge.verdict import lost, reasons_for, remarks_for
from audio.measure.flaws import Tops, Zeros
from audio.measure.framelevels import Levels
from audio.measure.room import Edge
from audio.measure.singing import Voice
from audio.measure.spectrum import Colour, Hum
from audio.measure.stuck import Stuck
from audio.measure.vocal import Vocal
from config.kit import Limits
from config.takes import Loss, Step
from tests.audio.recordings import expecting

LIMITS = Limits()


def levels(loud: float = -20.0, dc: float = 0.0) -> Levels:
    return Levels(peak=-9.04, dc=dc, rms=-24.06, frames=np.full(100, loud))


def vocal(seconds: float = 20.0, *, spoken: bool = False, hertz: float = 300.0) -> Vocal:
    return Vocal(np.ones(10, dtype=np.bool_), seconds, spoken, np.full(10, hertz))


FINE = Evidence(
    samplerate=48000,
    seconds=30.0,
    complete=True,
    levels=levels(),
    floor=-62.0,
    voice=Voice(20.0, 1.0, 21.0),
    voices=vocal(),
    tops=Tops(0, 0, piled=False),
    zeros=Zeros(0.0, 0.0, 0, "none"),
    stuck=(),
    knocks=0,
    colour=Colour(Hum(0.0, -90.0), -30.0),
    edge=Edge(0.0, 20.0),
    room_hum=None,
    leak=None,
    pumping=False,
    song=None,
)
SONG = SongHeard(Likeness(0.8, 60.1, 0.5, 0.9, 58.0, 70.0), is_other=False, sounds_like=None)
DEAD = (Stuck(47040, 94560), Stuck(480000, 489600))


def said(*, expected: dict[str, Any] | None = None, **changed: Any) -> set[str]:
    return reasons_for(replace(FINE, **changed), expecting(**(expected or {})), LIMITS)


def hum(prominence: float, level: float, hertz: float = 50.0) -> Colour:
    return Colour(Hum(prominence, level, hertz), -30.0)


SIDES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "short": (
        {"seconds": 4.85, "expected": {"min_seconds": 5.0}, "voices": vocal(4.0)},
        {"seconds": 4.95, "expected": {"min_seconds": 5.0}, "voices": vocal(4.0)},
    ),
    "silent": ({"levels": levels(-80.1)}, {"levels": levels(-79.9), "voices": vocal(0.0)}),
    "hum": ({"colour": hum(25.1, -40.0)}, {"colour": hum(24.9, -40.0)}),
    "hum of a quiet room": ({"colour": hum(30.0, -59.9)}, {"colour": hum(30.0, -60.1)}),
    "hum below the singing": ({"colour": hum(30.0, -28.1)}, {"colour": hum(30.0, -27.9)}),
    "hum in the pauses": (
        {"room_hum": Hum(25.1, -59.9)},
        {"room_hum": Hum(24.9, -59.9), "colour": hum(24.0, -50.0)},
    ),
    "hum in short pauses": (
        {"room_hum": Hum(15.1, -59.9), "colour": hum(26.0, -50.0)},
        {"room_hum": Hum(14.9, -59.9), "colour": hum(26.0, -50.0)},
    ),
    "hum in a room": ({"room_hum": Hum(40.0, -59.9)}, {"room_hum": Hum(40.0, -60.1)}),
    "clipped": ({"tops": Tops(0, 0, piled=True)}, {}),
    "dc": ({"levels": levels(dc=-0.0101)}, {"levels": levels(dc=0.0099)}),
    "dropouts": ({"zeros": Zeros(0.1, 9.0, 3, "dropouts")}, {}),
    "gated": ({"zeros": Zeros(0.1, 9.0, 3, "gated"), "stuck": DEAD}, {}),
    "muted": ({"stuck": DEAD}, {}),
    "leakage": ({"leak": Leakage(-24.9, None)}, {"leak": Leakage(-25.0, None)}),
    "no_singing": ({"voices": vocal(1.59)}, {"voices": vocal(1.61)}),
    "no_singing in a long take": (
        {"seconds": 60.0, "voices": vocal(2.9)},
        {"seconds": 60.0, "voices": vocal(3.1)},
    ),
    "no_singing in one that broke off": (
        {"seconds": 4.0, "expected": {"min_seconds": 0.0}, "voices": vocal(1.19)},
        {"seconds": 4.0, "expected": {"min_seconds": 0.0}, "voices": vocal(1.21)},
    ),
    "quiet": ({"levels": levels(-40.1), "floor": -80.0}, {"levels": levels(-39.9), "floor": -80.0}),
    "noisy": ({"floor": -39.9}, {"floor": -40.1}),
    "band_limited": (
        {"edge": Edge(22.1, 20.0), "colour": Colour(Hum(0.0, -90.0), -60.1)},
        {"edge": Edge(22.1, 20.0), "colour": Colour(Hum(0.0, -90.0), -59.9)},
    ),
    "band_limited where nothing moves": ({"edge": Edge(22.1, 5.9)}, {"edge": Edge(22.1, 6.1)}),
    "band_limited at an edge": ({"edge": Edge(22.1, 5.0)}, {"edge": Edge(21.9, 5.0)}),
    "partial": ({"complete": False}, {}),
    "partial by the disk": ({"expected": {"ended_by": "disk"}}, {"expected": {"ended_by": "maximum"}}),
}


@pytest.mark.parametrize("name", SIDES)
def test_what_is_wrong_is_said_and_nothing_else(name: str) -> None:
    wrong, right = SIDES[name]
    code = name.split()[0]
    assert code in REASONS
    assert said(**wrong) == {code}
    assert code not in said(**right)
    assert said(**right) <= {"no_singing"}, "the better side is fine, or has another trouble"


FINE_AT: dict[str, dict[str, Any]] = {
    "short": {"seconds": 4.9, "expected": {"min_seconds": 5.0}, "voices": vocal(4.0)},
    "dc": {"levels": levels(dc=LIMITS.dc)},
    "leakage": {"leak": Leakage(LIMITS.leakage, None)},
    "no_singing": {"voices": vocal(1.6)},
    "quiet": {"levels": levels(LIMITS.quiet), "floor": -80.0},
    "noisy": {"floor": -20.0 - LIMITS.snr_bad},
    "hum": {"colour": hum(LIMITS.hum, -40.0)},
    "hum of a quiet room": {"colour": hum(30.0, LIMITS.floor_good)},
    "hum below the singing": {"colour": hum(30.0, -28.0)},
    "hum in a room": {"room_hum": Hum(40.0, LIMITS.floor_good)},
    "hum in the pauses": {"room_hum": Hum(LIMITS.hum, -59.9)},
    "hum in short pauses": {"room_hum": Hum(15.0, -59.9), "colour": hum(26.0, -50.0)},
    "band_limited": {"edge": Edge(22.1, 20.0), "colour": Colour(Hum(0.0, -90.0), LIMITS.hf)},
    "band_limited where nothing moves": {"edge": Edge(22.1, 6.0)},
    "band_limited at an edge": {"edge": Edge(22.0, 5.0)},
}


@pytest.mark.parametrize("name", FINE_AT)
def test_what_lies_on_the_limit_itself_is_fine(name: str) -> None:
    assert said(**FINE_AT[name]) == set()


def test_the_quietest_microphone_that_is_open_is_not_called_silent() -> None:
    assert said(levels=levels(-80.0), voices=vocal(0.0)) == {"no_singing"}


def test_a_held_note_is_no_hum() -> None:
    seen: dict[str, Any] = {"colour": hum(30.0, -40.0, 100.0)}
    assert said(**seen) == {"hum"}
    assert said(colour=hum(30.0, -28.1, 100.0)) == {"hum"}, "just below the singing"
    assert said(**seen, voices=vocal(hertz=100.0)) == set()
    half = np.array([100.0] * 5 + [70.0] * 5)
    assert said(**seen, voices=replace(vocal(), hertz=half)) == set()
    assert said(**seen, voices=replace(vocal(), hertz=half[1:])) == {"hum"}


def test_what_explains_the_rest_stands_alone() -> None:
    gone: dict[str, Any] = {"levels": levels(-90.0, dc=0.5), "tops": Tops(9, 9, piled=True), "stuck": DEAD}
    assert said(**gone) == {"silent"}
    nobody: dict[str, Any] = {"voices": vocal(0.0), "levels": levels(-60.0)}
    for kind in ("gated", "dropouts"):
        assert said(**nobody, zeros=Zeros(0.5, 99.0, 9, kind)) == {"no_singing"}
    assert said(tops=Tops(0, 0, piled=True), levels=levels(dc=0.5)) == {"clipped"}
    assert said(complete=False, seconds=1.0, expected={"min_seconds": 9.0}) == {"partial"}


def test_without_a_headset_check_nobody_says_that_the_room_was_loud() -> None:
    assert said(floor=-30.0, expected={"floor_dbfs": None}) == set()


def test_a_take_can_have_several_reasons() -> None:
    assert said(
        levels=levels(-45.0, dc=0.02), stuck=DEAD, expected={"ended_by": "device", "loss": Loss(short_ms=900)}
    ) == {"partial", "lost_samples", "dc", "muted", "quiet"}


REMARKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "bump": ({"knocks": 1}, {}),
    "spoken": ({"voices": vocal(spoken=True)}, {}),
    "other_song": ({"song": replace(SONG, is_other=True)}, {"song": SONG}),
    "sparse": ({"voices": vocal(8.9)}, {"voices": vocal(9.1)}),
    "sparse from twelve seconds on": (
        {"seconds": 12.0, "voices": vocal(3.0)},
        {"seconds": 11.9, "voices": vocal(3.0)},
    ),
    "agc": ({"pumping": True}, {}),
}


@pytest.mark.parametrize("name", REMARKS)
def test_what_only_may_spoil_it_is_remarked(name: str) -> None:
    seen, not_seen = REMARKS[name]
    assert remarks_for(replace(FINE, **seen), ()) == {name.split()[0]}
    assert remarks_for(replace(FINE, **not_seen), ()) == set()


def test_a_pupil_who_sings_for_three_tenths_of_the_time_does_not_sing_little() -> None:
    assert remarks_for(replace(FINE, voices=vocal(9.0)), ()) == set()


def test_of_a_take_without_a_voice_the_voice_is_not_remarked_on() -> None:
    strange = replace(
        FINE, knocks=2, pumping=True, voices=vocal(0.5, spoken=True), song=replace(SONG, is_other=True)
    )
    assert remarks_for(strange, ("silent",)) == remarks_for(strange, ("no_singing",)) == {"bump"}
    assert remarks_for(strange, ("quiet",)) == {"bump", "spoken", "other_song", "sparse"}


@pytest.mark.parametrize(
    ("loss", "seconds", "is_lost"),
    [
        (Loss(short_ms=65.1), 30, True),
        (Loss(short_ms=64.9), 30, False),
        (Loss(short_ms=25.1, overflows=1), 30, True),
        (Loss(short_ms=24.9, overflows=1), 30, False),
        (Loss(short_ms=25.1), 30, False),
        (Loss(short_ms=65.01), 30, True),
        (Loss(short_ms=65.0), 30, False),
        (Loss(short_ms=25.0, overflows=1), 30, False),
        (Loss(short_ms=80.0, drift_ppm=999.0), 30, False),
        (Loss(drift_ppm=3.0, steps=(Step(1.0, 12.3),)), 30, True),
        (Loss(drift_ppm=3.0, steps=(Step(1.0, 12.2),)), 30, False),
        (Loss(drift_ppm=3.0, steps=(Step(1.0, 6.0), Step(2.0, 6.3))), 30, True),
        (Loss(short_ms=80.1, drift_ppm=999.0), 30, True),
        (Loss(short_ms=79.9, drift_ppm=999.0), 30, False),
        (Loss(short_ms=79.9, drift_ppm=999.0, overflows=9), 30, False),
    ],
)
def test_only_what_no_clock_explains_is_lost(loss: Loss, seconds: float, is_lost: bool) -> None:
    assert lost(loss, seconds, LIMITS) == is_lost


# --- numbers


def numbers(*, expected: dict[str, Any] | None = None, **changed: Any) -> dict[str, float]:
    return numbers_of(replace(FINE, **changed), expecting(**(expected or {})))


def test_the_numbers_beside_a_take_are_as_exact_as_they_are_known() -> None:
    found = numbers(
        seconds=30.12345,
        levels=replace(levels(-20.26), dc=0.0012345),
        voices=vocal(20.26),
        floor=-61.93,
        tops=Tops(4, 5, piled=False),
        zeros=Zeros(0.123456, 12.3456, 2, "none"),
        colour=Colour(Hum(3.14, -70.0), -33.33),
        edge=Edge(5.55555, 1.0),
        expected={"loss": Loss(short_ms=2.345)},
    )
    assert found == {
        "seconds": 30.123, "voice_seconds": 20.3, "peak_dbfs": -9.0, "rms_dbfs": -24.1, "loud_dbfs": -20.3,
        "dc": 0.00123, "flat_runs": 4, "full_scale_samples": 5, "zero_share": 0.1235,
        "longest_zero_ms": 12.35, "cuts": 2, "hum_db": 3.1, "high_db": -33.3, "edge_db": 5.6, "lost_ms": 2.3,
        "floor_dbfs": -61.9, "snr_db": 41.7,
    }  # fmt: skip


def test_of_what_is_not_known_there_is_no_number() -> None:
    found = numbers(expected={"floor_dbfs": None, "loss": Loss(short_ms=-9.0)})
    assert not {"floor_dbfs", "snr_db", "muted_from", "leakage_db", "likeness"} & found.keys()
    assert found["lost_ms"] == 0.0
    assert numbers(expected={"loss": Loss(short_ms=50.0, drift_ppm=1.0)})["lost_ms"] == 0.0


def test_the_longest_dead_piece_is_named_and_all_are_counted() -> None:
    found = numbers(stuck=DEAD)
    assert (found["muted_from"], found["muted_to"], found["muted_seconds"]) == (1.0, 2.0, 1.2)


def test_music_in_the_recording_has_its_level_and_where_it_is_certain_its_place() -> None:
    found = numbers(leak=Leakage(-30.26, 4800))
    assert (found["leakage_db"], found["accompaniment_heard_at"]) == (-30.3, 4800)
    assert "accompaniment_heard_at" not in numbers(leak=Leakage(-30.26, None))


def test_the_song_is_kept_with_its_key_and_range() -> None:
    found = numbers(song=SONG)
    assert found.items() >= {
        "likeness": 0.8, "sung_share": 0.9, "key_midi": 60.1, "beat_seconds": 0.5,
        "lowest_midi": 58.0, "highest_midi": 70.0,
    }.items()  # fmt: skip
    assert "sounds_like_item" not in found
    assert numbers(song=replace(SONG, sounds_like=2))["sounds_like_item"] == 2
