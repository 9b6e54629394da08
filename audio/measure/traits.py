"""What tells a voice from everything else that has a pitch, measured in short windows.

1. A voice never keeps still: its pitch moves by some hundredths of a semitone from one 20 ms to the next,
   by nature and by vibrato. Machines, bells, keyboards, wind and plucked instruments keep still.
2. A voice has formants: its partials don't fall evenly. A bowed string with vibrato moves like a voice, but
   its partials fall nearly as those of a saw.
3. A voice begins and ends; it dwells on notes. A siren does neither, a drum is loudest at once and fades.

All thresholds were chosen on the corpus of tests/corpus, between the voices and the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.measure.pitch import HOP_SECONDS, RATE, Floats, Pitch

CLEAR = 0.68
"""A period this like the next is a pitch; breath and consonants stay below, two tones at once as well."""
RANGE_DB = 30.0
"""Below the loud frames: what is softer is reverberation."""
JUMP = 1.2
"""Semitones in 20 ms: a new note, or an error."""
LEAST_FRAMES = 4
SIZE = 512
PADDED = 2048
PARTIALS = 24
PARTIAL_HZ = 3100.0
DEPTH_DB = 45.0
EVERY = 3
"""Spectra of every third frame are enough."""
TINY = 1e-12


@dataclass(frozen=True)
class Traits:
    """Medians over the pitched frames of one window."""

    seconds: float
    """Of pitched frames."""
    spread: float
    """Semitones between the 7th and the 93rd percentile."""
    moving: float
    """Hundredths of a semitone from one frame to the next."""
    trembling: float
    """Likewise, of the change of this movement."""
    within: float
    """Hundredths of a semitone: spread within one note, standard deviation."""
    clarity: float
    uneven: float
    """dB, standard deviation of the partials around an even fall; 0 where there are too few."""
    hertz: float
    lasting: float
    """Seconds of one run of pitch."""
    fading: float
    """dB a second from the loudest moment of a run to its end."""
    loudest_at: float
    """Where in a run its loudest moment is, 0 to 1."""
    shaking: float
    """dB, change of level from one frame to the next."""
    pure: float
    """Share of the power in one spectral line."""
    breathing: float
    """Share of frames that are loud and have no pitch."""
    dwelling: float
    """Share of frames whose pitch stays where it is for a third of a second."""


def runs_of(pitch: Pitch, least_dbfs: float) -> list[NDArray[np.int64]]:
    """Frames of unbroken pitch that are loud enough, one array of indices for each run."""
    if not pitch.level.size:
        return []
    loud = float(np.percentile(pitch.level, 95))
    pitched = (pitch.clarity >= CLEAR) & (pitch.level >= max(least_dbfs, loud - RANGE_DB))
    jumps = np.abs(np.diff(pitch.semitones, prepend=pitch.semitones[:1])) > JUMP
    starts = np.flatnonzero(pitched & (jumps | ~np.concatenate([[False], pitched[:-1]])))
    ends = np.flatnonzero(pitched & np.concatenate([~pitched[1:] | jumps[1:], [True]])) + 1
    return [
        np.arange(begin, end) for begin, end in zip(starts, ends, strict=True) if end - begin >= LEAST_FRAMES
    ]


def traits_of(
    signal: NDArray[np.float32], pitch: Pitch, runs: list[NDArray[np.int64]], all_frames: slice
) -> Traits:
    """Of the runs of one window; `all_frames` are those between its edges, `signal` is the whole at RATE."""
    notes = pitch.semitones
    frames = np.concatenate(runs)
    first = np.concatenate([np.diff(notes[run]) for run in runs])
    second = np.concatenate([np.diff(notes[run], 2) for run in runs])
    level = pitch.level
    tops = np.array([int(level[run].argmax()) for run in runs])
    sizes = np.array([len(run) for run in runs])
    fading = [
        (float(level[run[-3:]].mean()) - float(level[run[top]])) / ((len(run) - top) * HOP_SECONDS)
        for run, top in zip(runs, tops, strict=True)
        if len(run) - top >= LEAST_FRAMES
    ]
    uneven, pure = _partials(signal, frames[::EVERY], pitch.hertz)
    here = level[all_frames]
    loud = here >= np.percentile(here, 95) - RANGE_DB
    weights = sizes / sizes.sum()
    return Traits(
        seconds=len(frames) * HOP_SECONDS,
        spread=float(np.percentile(notes[frames], 93) - np.percentile(notes[frames], 7)),
        moving=100 * float(np.median(np.abs(first))),
        trembling=100 * float(np.median(np.abs(second))),
        within=100 * float(np.median([notes[run].std() for run in runs])),
        clarity=float(np.median(pitch.clarity[frames])),
        uneven=uneven,
        hertz=float(np.median(pitch.hertz[frames])),
        lasting=float((sizes * weights).sum() * HOP_SECONDS),
        fading=float(np.median(fading)) if fading else 0.0,
        loudest_at=float(np.median(tops / sizes)),
        shaking=float(np.median(np.concatenate([np.abs(np.diff(level[run])) for run in runs]))),
        pure=pure,
        breathing=float(np.mean(loud & (pitch.clarity[all_frames] < 0.6))),
        dwelling=_dwelling(notes, runs),
    )


def _dwelling(notes: Floats, runs: list[NDArray[np.int64]]) -> float:
    size = round(0.3 / HOP_SECONDS)
    staying = total = 0
    for run in runs:
        if len(run) < size:
            continue
        windows = np.lib.stride_tricks.sliding_window_view(notes[run], size)
        staying += int(np.count_nonzero(np.ptp(windows, axis=1) < 1.3))
        total += len(windows)
    return staying / total if total else 1.0


def _partials(signal: NDArray[np.float32], frames: NDArray[np.int64], hertz: Floats) -> tuple[float, float]:
    """How unevenly the partials fall (dB), and how much one line holds; medians over the frames."""
    hop = round(HOP_SECONDS * RATE)
    begins = frames * hop
    kept = begins + SIZE <= len(signal)
    begins, base = begins[kept], hertz[frames[kept]]
    if not len(begins):
        return 0.0, 0.0
    windows = signal[begins[:, None] + np.arange(SIZE)] * np.hanning(SIZE).astype(np.float32)
    spectra = np.fft.rfft(windows, PADDED)
    power = spectra.real**2 + spectra.imag**2
    numbers = np.arange(1, PARTIALS + 1)
    wanted = base[:, None] * numbers
    places = np.rint(wanted * PADDED / RATE).astype(np.int64)
    there = (wanted < PARTIAL_HZ) & (places + 3 < power.shape[1])
    near = np.clip(places[:, :, None] + np.arange(-3, 4), 0, power.shape[1] - 1)
    heights = 10 * np.log10(np.take_along_axis(power[:, None, :], near, axis=2).max(axis=2) + TINY)
    heights = np.maximum(heights, np.where(there, heights, -np.inf).max(axis=1, keepdims=True) - DEPTH_DB)
    enough = there.sum(axis=1) >= 4
    uneven = float(np.median(_rest(heights, np.log2(numbers), there)[enough])) if enough.any() else 0.0
    peak = power.argmax(axis=1)
    width = 2 * PADDED // SIZE
    line = np.take_along_axis(
        power, np.clip(peak[:, None] + np.arange(-width, width + 1), 0, power.shape[1] - 1), axis=1
    ).sum(axis=1)
    return uneven, float(np.median(line / (power.sum(axis=1) + TINY)))


def _rest(heights: Floats, octaves: Floats, there: NDArray[np.bool_]) -> Floats:
    """Standard deviation of each row around its own straight line, where `there`."""
    weight = there.astype(np.float64)
    count = np.maximum(weight.sum(axis=1, keepdims=True), 1)
    across = (octaves - (octaves * weight).sum(axis=1, keepdims=True) / count) * weight
    up = (heights - (heights * weight).sum(axis=1, keepdims=True) / count) * weight
    slope = (across * up).sum(axis=1, keepdims=True) / np.maximum(
        (across**2).sum(axis=1, keepdims=True), TINY
    )
    return np.asarray(np.sqrt(((up - slope * across) ** 2).sum(axis=1) / count[:, 0]))


BANDS_HZ = (150, 350, 550, 750, 1000, 1300, 1650, 2050, 2550, 3200)
BAND_DEPTH_DB = 35.0
ALIKE_SEMITONES = 0.6
MOST_FRAMES = 400


def vowels_of(signal: NDArray[np.float32], pitch: Pitch, runs: list[NDArray[np.int64]]) -> float:
    """dB by which the colour differs between notes of the same pitch, over a whole recording.

    An instrument's colour follows from its pitch, so that this is small; a voice that sings words has vowels.
    0 where no pitch comes twice.
    """
    chosen = [(number, int(run[len(run) // 3])) for number, run in enumerate(runs)]
    step = max(1, len(chosen) // MOST_FRAMES)
    begins = np.array([frame for _, frame in chosen[::step]]) * round(HOP_SECONDS * RATE)
    notes = pitch.semitones[[frame for _, frame in chosen[::step]]]
    kept = begins + SIZE <= len(signal)
    begins, notes = begins[kept], notes[kept]
    if len(begins) < 2:
        return 0.0
    windows = signal[begins[:, None] + np.arange(SIZE)] * np.hanning(SIZE).astype(np.float32)
    spectra = np.fft.rfft(windows)
    power = spectra.real**2 + spectra.imag**2
    hertz = np.arange(power.shape[1]) * RATE / SIZE
    bands = np.stack(
        [power[:, (hertz >= low) & (hertz < high)].sum(axis=1) for low, high in pairwise(BANDS_HZ)], axis=1
    )
    colour = 10 * np.log10(bands + TINY)
    colour = np.maximum(colour, colour.max(axis=1, keepdims=True) - BAND_DEPTH_DB)
    colour -= colour.mean(axis=1, keepdims=True)
    first, second = np.triu_indices(len(notes), 1)
    same = np.abs(notes[first] - notes[second]) < ALIKE_SEMITONES
    if not same.any():
        return 0.0
    return float(np.median(np.abs(colour[first[same]] - colour[second[same]]).mean(axis=1)))


def windows_of(count: int, seconds: float, hop_seconds: float) -> Iterator[slice]:
    """Windows over `count` frames; the last one is whole, too."""
    size, hop = round(seconds / HOP_SECONDS), round(hop_seconds / HOP_SECONDS)
    edges = range(0, max(1, count - size + hop), hop)
    for begin in edges:
        begin = max(0, min(begin, count - size))
        yield slice(begin, min(count, begin + size))
