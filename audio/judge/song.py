"""Was it this song? The sung melody against the item's numbered notation, in whatever key and tempo.

1. Pitch comes as semitones every 20 ms while a voice sings. The notation gives as many steps as it has beats;
   both are laid over each other by dynamic time warping (Sakoe and Chiba 1978), so that a slow pupil, or one
   who hurries, sings the same song.
2. The key is free: every transposition is tried, octaves don't count, and a pitch that drifts is followed
   since the distance of one step is bounded.
3. A likeness, never a grade: it says which of two songs was sung, not how well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audio.measure.pitch import HOP_SECONDS

STEPS_PER_BEAT = 2
BEATS_SECONDS = (0.25, 0.32, 0.4, 0.5, 0.63, 0.8, 1.0)
"""Tempi that are tried; the warping does the rest."""
MOVES = (0.5, 0.0, 0.5)
"""What it costs, in semitones, to wait for a step or to leave one out."""
SURELY = 0.65
"""The same song, sung in whatever way: 0.7 to 0.9, other songs below 0.46 (measured)."""
OTHER_ALIKE, APART = 0.6, 0.2
NOT_ALIKE, OTHER_SECONDS, MONOTONE = 0.3, 6.0, 3.0
"""Without another item that fits, only who sings long, and more than one note, sings another song."""
LEAST_FRAMES, LEAST_STEPS = 100, 12
MOST_STEPS = 120
"""Of the singing: more says nothing new."""
BOUND = 3.0
"""Semitones: what is further off is a wrong note, and no more wrong than another one."""
CHANCE = 1.35
"""Mean distance of other notes after the best warp (measured: 0.8 to 1.5); the same song has 0.1 to 0.4."""
Floats = NDArray[np.float64]
Melody = Sequence[tuple[int | None, float]]
"""Semitones above the tonic (None: a rest) and beats."""


@dataclass(frozen=True)
class Songs:
    """What is written for this item, and for the others of the kit."""

    wanted: Melody
    others: Mapping[int, Melody] = field(default_factory=dict)
    """By their place in the kit, the first is 1."""


@dataclass(frozen=True)
class Likeness:
    """What was sung, held against what is written."""

    likeness: float
    """1: each note as written; 0: no more alike than another song."""
    key: float
    """Note of MIDI that was sung for the tonic, in some octave."""
    beat: float
    """Seconds, as far as the warping leaves it open."""
    share: float
    """Of the song that was sung, 0 to 1; more than once through counts as 1."""
    lowest: float
    highest: float
    """Range that was sung, in notes of MIDI: the 5th and the 95th percentile."""


def compare(sung: Floats, notes: Melody) -> Likeness | None:
    """`sung`: notes of MIDI every 20 ms while somebody sings, shape (n,); `notes`: semitones and beats.

    None where either has too little to compare.
    """
    written = _steps(notes)
    if len(sung) < LEAST_FRAMES or len(written) < LEAST_STEPS:
        return None
    cost, shift, share, beat = min(_in_tempi(sung, written))
    middle = float(np.median(sung)) - float(np.median(written))
    return Likeness(
        likeness=round(float(np.clip(1 - cost / CHANCE, 0, 1)), 2),
        key=round(shift + 12 * round((middle - shift) / 12), 1),
        beat=beat,
        share=round(share, 2),
        lowest=round(float(np.percentile(sung, 5)), 1),
        highest=round(float(np.percentile(sung, 95)), 1),
    )


def _in_tempi(sung: Floats, written: Floats) -> list[tuple[float, float, float, float]]:
    """Mean distance, key, share of the song and the beat in seconds, in each tempo with its best key."""
    found, distances, keys = [], [], []
    # The quickest first: a slower one has fewer steps.
    for beat in BEATS_SECONDS:
        melody = _melody(sung, beat / STEPS_PER_BEAT / HOP_SECONDS)
        if len(melody) < LEAST_STEPS // 2:
            break
        # How far the voice is off the piano is the same for all its notes.
        off = float(np.angle(np.mean(np.exp(2j * np.pi * melody)))) / (2 * np.pi)
        shifts = np.arange(12) + off
        distance = np.abs((melody[:, None, None] - written - shifts[:, None] + 6) % 12 - 6)
        distances.append(np.minimum(distance, BOUND))
        keys.append((beat, shifts))
    for (beat, shifts), (costs, shares) in zip(keys, _warped(distances), strict=True):
        best = int(costs.argmin())
        found.append((float(costs[best]), float(shifts[best]), float(shares[best]), beat))
    return found


def _melody(sung: Floats, step: float) -> Floats:
    """The median of every `step` frames, MOST_STEPS at most."""
    edges = np.arange(0, len(sung), step).astype(int)[: MOST_STEPS + 1]
    begins, sizes = edges[:-1], np.diff(edges)
    melody = np.zeros(len(begins))
    # Steps differ by one frame at most: two medians of many rows instead of many medians.
    for size in np.unique(sizes):
        alike = sizes == size
        melody[alike] = np.median(sung[begins[alike][:, None] + np.arange(size)], axis=1)
    return melody


def _steps(notes: Melody) -> Floats:
    """One value for each step of the song; rests are left out, as they are of the singing."""
    parts = [
        np.full(max(1, round(beats * STEPS_PER_BEAT)), pitch) for pitch, beats in notes if pitch is not None
    ]
    return np.concatenate(parts).astype(np.float64) if parts else np.zeros(0)


def _warped(distances: Sequence[Floats]) -> list[tuple[Floats, Floats]]:
    """Mean distance along the best path through the song, and the share of the song on it, for each key.

    `distances`: one array for each tempo, the longest first, shape (sung steps, keys, written steps); all of
    them go on together. One sung step goes on by 0, 1 or 2 written ones; the end of the song leads to its
    beginning, since some sing it twice.
    """
    counts = np.array([len(distance) for distance in distances])
    size = distances[0].shape[2]
    total = np.stack([distance[0] for distance in distances])
    reached = np.zeros_like(total)
    for row in range(1, int(counts[0])):
        going = int(np.count_nonzero(counts > row))
        best, share = total[:going] + MOVES[0], reached[:going]
        for by, cost in enumerate(MOVES[1:], start=1):
            option = _moved(total[:going], by) + cost
            share = np.where(option < best, _moved(reached[:going], by) + by, share)
            best = np.minimum(best, option)
        total[:going] = best + np.stack([distance[row] for distance in distances[:going]])
        reached[:going] = share
    ends = total.argmin(axis=2)[:, :, None]
    means = np.take_along_axis(total, ends, axis=2)[:, :, 0] / counts[:, None]
    shares = np.minimum(1.0, (np.take_along_axis(reached, ends, axis=2)[:, :, 0] + 1) / size)
    return list(zip(means, shares, strict=True))


def _moved(values: Floats, by: int) -> Floats:
    """By so many steps of the song, round its end. np.roll along one axis, in a third of its time."""
    return np.concatenate([values[:, :, -by:], values[:, :, :-by]], axis=2)


@dataclass(frozen=True)
class SongHeard:
    """Which song it was."""

    wanted: Likeness
    is_other: bool
    """It is beyond doubt not the wanted song."""
    sounds_like: int | None
    """Place in the kit of the item whose song it is instead."""


def recognise(sung: Floats, songs: Songs) -> SongHeard | None:
    """Which song was sung; None where there is too little to say."""
    wanted = compare(sung, songs.wanted)
    if wanted is None:
        return None
    if wanted.likeness >= SURELY:
        return SongHeard(wanted, is_other=False, sounds_like=None)
    others = {place: compare(sung, notes) for place, notes in songs.others.items()}
    alike = {place: one.likeness for place, one in others.items() if one is not None}
    nearest = max(alike, key=alike.__getitem__, default=None)
    swapped = nearest is not None and alike[nearest] >= max(OTHER_ALIKE, wanted.likeness + APART)
    varied = wanted.highest - wanted.lowest > MONOTONE and len(sung) * HOP_SECONDS >= OTHER_SECONDS
    return SongHeard(
        wanted,
        is_other=swapped or (varied and wanted.likeness < NOT_ALIKE),
        sounds_like=nearest if swapped else None,
    )
