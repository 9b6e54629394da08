"""Marks that a healthy path never leaves: flat tops and cut-out pieces.

1. Clipping piles samples up at an extreme, at any level and on either side: a preamplifier that clips
   below full scale is missed by a test at full scale. What the path adds later blurs the pile, so a
   run of equal samples and the pile itself both count.
2. Exact zeros for longer than some milliseconds never come from a microphone. Before the first and
   after the last note they prove nothing (a virtual card is silent there); between them, sound that
   starts at once after zeros was cut. A gate waits until the sound has faded, and then lets nothing
   through that is as quiet; a drop-out comes at any moment and leaves all other quiet moments alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from audio.file.wavread import Samples, Sound
from audio.levels import DEAD_DBFS, NEAR_FULL_SCALE, dbfs
from audio.measure.framelevels import FRAME_SECONDS, Levels

EQUAL = 2**-12
"""Samples this near to the extreme, relative to it, are equal to it."""
BESIDE = 2**-8
PILE_BINS = 128
"""Of the amplitudes up to the extreme."""
TOPS = (2, 4, 8)
"""Bins of a pile: noise that is added after the clipping spreads it, the wider the lower it is."""
LOWEST_PILE = 0.75
RINGING = 0.2
"""A path that resamples what was clipped rings above the pile: so many samples of it at most."""
PILE_RATIO = 1.5
"""Samples in a top of the range over those in the next three tops: below 0.7 in singing, 1.0 in a pure
tone, 2 to 10 where 2 to 11 dB were clipped at -20 dBFS or more (measured, with noise of -62 dBFS on top)."""
PILE_SAMPLES = 100
FULL_SCALE_SAMPLES = 10
FLAT_RUNS = 2
"""One run alone is where a low note turns round."""
EDGE_SECONDS = 0.003
START_SECONDS = 0.01
FADED_DB = 13.0
"""Sound this far below the loud frames had faded (measured: drop-outs -2..-19, gates -15..-40)."""
HOLD_FRAMES = 10
"""Frames of 20 ms that a gate stays open after the sound has faded."""
STARTS_DB = 35.0
"""Sound at most this far below the loud frames starts at once."""


@dataclass(frozen=True)
class Tops:
    """What the extremes look like, on the worse side."""

    flat_runs: int
    full_scale: int
    """Samples at the converter's stop."""
    piled: bool

    @property
    def clipped(self) -> bool:
        return self.flat_runs >= FLAT_RUNS or self.full_scale >= FULL_SCALE_SAMPLES or self.piled


@dataclass(frozen=True)
class Zeros:
    """Runs of exact zeros."""

    share: float
    """Of all samples that are zero."""
    longest_ms: float
    cuts: int
    """Runs between the first and the last note after which sound starts at once."""
    kind: Literal["none", "gated", "dropouts"]


def measure_tops(sound: Sound, flat_run: int) -> Tops:
    """Look for clipping; `flat_run` equal samples make a run."""
    if sound.samples.size == 0:
        return Tops(0, 0, piled=False)
    stop = int(NEAR_FULL_SCALE * sound.full_scale)
    sides = [_side(sound.samples, sign, flat_run) for sign in (1, -1)]
    full = int(np.count_nonzero(sound.samples >= stop) + np.count_nonzero(sound.samples <= -stop))
    return Tops(max(runs for runs, _ in sides), full, piled=any(piled for _, piled in sides))


def _side(samples: Samples, sign: int, flat_run: int) -> tuple[int, bool]:
    """Flat runs at one extreme, and whether samples pile up there."""
    peak = sign * int(samples.max() if sign > 0 else samples.min())
    if peak <= 0:
        return 0, False

    def within(share: float) -> NDArray[np.bool_]:
        limit = int(np.ceil(peak * (1 - share)))
        return np.asarray(samples >= limit if sign > 0 else samples <= -limit)

    equal = np.flatnonzero(within(EQUAL))
    ends = np.flatnonzero(np.diff(equal, append=equal[-1] + 2) > 1)
    runs = int(np.count_nonzero(np.diff(ends, prepend=-1) >= flat_run))
    # A slow pure tone rests at its top too, but on its way there leaves more samples beside it.
    if len(equal) <= int(np.count_nonzero(within(BESIDE))) - len(equal):
        runs = 0
    return runs, _piled(samples, sign * peak)


def _piled(samples: Samples, extreme: int) -> bool:
    """Whether samples pile up at one side, or under the ringing that a resampler leaves above the pile."""
    bins = np.linspace(0, extreme, PILE_BINS + 1) if extreme > 0 else np.linspace(extreme, 0, PILE_BINS + 1)
    # The few that are looked at below: a histogram sorts all that it is given.
    looked_at = extreme * (round(LOWEST_PILE * PILE_BINS) - 4 * max(TOPS)) // PILE_BINS
    loud = samples[samples >= looked_at] if extreme > 0 else samples[samples <= looked_at + 1]
    counts = np.histogram(loud, bins)[0]
    rising = np.concatenate([[0], np.cumsum(counts if extreme > 0 else counts[::-1])])
    for width in TOPS:
        tops = np.arange(round(LOWEST_PILE * PILE_BINS), PILE_BINS + 1)
        top = rising[tops] - rising[tops - width]
        beside = rising[tops - width] - rising[tops - 4 * width]
        above = rising[-1] - rising[tops]
        if ((top >= PILE_SAMPLES) & (top > PILE_RATIO * beside) & (above < RINGING * top)).any():
            return True
    return False


def measure_zeros(sound: Sound, voice: tuple[int, int], levels: Levels, run_ms: float) -> Zeros:
    """Look for runs of zeros longer than `run_ms`.

    `voice`: frame indices of the beginning of the first and the end of the last note.
    """
    zero = sound.samples == 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], zero, [False]))))
    begins, ends = edges[0::2], edges[1::2]
    longest = int((ends - begins).max()) if len(begins) else 0
    long = (ends - begins) * 1000 > run_ms * sound.samplerate
    inside = long & (begins > voice[0]) & (ends < voice[1])
    cuts = [
        (int(begin), int(end))
        for begin, end in zip(begins[inside], ends[inside], strict=True)
        if _level(sound, end, end + _frames(sound, START_SECONDS)) >= levels.loud - STARTS_DB
    ]
    share = float(np.count_nonzero(zero)) / max(1, len(zero))
    return Zeros(share, 1000 * longest / sound.samplerate, len(cuts), _kind(sound, voice, levels, cuts))


def _kind(
    sound: Sound, voice: tuple[int, int], levels: Levels, cuts: list[tuple[int, int]]
) -> Literal["none", "gated", "dropouts"]:
    """What made the cuts, by what comes before them and by what is left."""
    if not cuts:
        return "none"
    before = [_level(sound, begin - _frames(sound, EDGE_SECONDS), begin) for begin, _ in cuts]
    if np.median(before) >= levels.loud - FADED_DB:
        return "dropouts"
    size = _frames(sound, FRAME_SECONDS)
    inside = levels.frames[voice[0] // size : voice[1] // size]
    quiet = int(np.count_nonzero((inside > DEAD_DBFS) & (inside < max(before))))
    removed = sum(end - begin for begin, end in cuts) / size
    return "gated" if quiet <= removed + HOLD_FRAMES * len(cuts) else "dropouts"


def _frames(sound: Sound, seconds: float) -> int:
    return round(seconds * sound.samplerate)


def _level(sound: Sound, begin: int, end: int) -> float:
    """RMS in dBFS of some frames."""
    part = sound.part(int(begin), int(end))
    return dbfs(float(np.sqrt(np.mean(part * part)))) if part.size else dbfs(0)
