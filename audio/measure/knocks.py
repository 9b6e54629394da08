"""Knocks on the microphone: a moment that is louder than all around it, and no voice.

A knock may reach full scale without any harm to the singing; whatever judges how loud somebody sings leaves
it out. It is told from a loud note by its length and by what is right and left of it: a note is loud for
longer, and the sound beside its loudest moment is nearly as loud.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from audio.file.wavread import Sound
from audio.measure.stuck import Stuck, without

CELL_SECONDS = 0.01
LONGEST_SECONDS = 0.12
"""A knuckle or a plug on the capsule: some milliseconds, and the ringing of the housing."""
BESIDE_SECONDS = (0.06, 0.3)
"""Where the sound beside it is looked at: past its ringing."""
STANDS_OUT_DB = 5.0
"""Above the peaks beside it: the loudest period of a sung note stands out by 2 dB at most (measured)."""
NEAR_TOP_DB = 3.0
HEARD_DBFS = -12.0
"""What is quieter clips nothing."""
MOST = 20
"""Knocks of one take that are looked for."""


def without_knocks(sound: Sound) -> tuple[Sound, int]:
    """The recording without its knocks, and how many there were."""
    size = max(1, round(CELL_SECONDS * sound.samplerate))
    peaks = _peaks(sound, size)
    knocks: list[Stuck] = []
    while len(knocks) < MOST and peaks.size:
        top = int(peaks.argmax())
        if peaks[top] < HEARD_DBFS:
            break
        begin, end = _around(peaks, top)
        if (end - begin) * CELL_SECONDS > LONGEST_SECONDS or not _stands_out(peaks, begin, end, peaks[top]):
            break
        edge = round(BESIDE_SECONDS[0] / CELL_SECONDS)
        first, last = max(0, begin - 1), min(len(peaks), end + edge)
        peaks[first:last] = -np.inf
        knocks.append(Stuck(first * size, last * size))
    if not knocks:
        return sound, 0
    return without(sound, _merged(knocks)), len(knocks)


def _peaks(sound: Sound, size: int) -> NDArray[np.float64]:
    """Peak of each cell in dBFS, shape (cells,)."""
    cells = sound.samples[: len(sound.samples) // size * size].reshape(-1, size)
    if not len(cells):
        return np.zeros(0)
    high = np.maximum(cells.max(axis=1).astype(np.float64), -cells.min(axis=1).astype(np.float64))
    return np.asarray(20 * np.log10(np.maximum(high, 1) / sound.full_scale))


def _around(peaks: NDArray[np.float64], top: int) -> tuple[int, int]:
    """The run of cells beside the loudest one that are nearly as loud; gaps of one period don't end it."""
    gap = 2
    loud = peaks >= peaks[top] - NEAR_TOP_DB
    begin = end = top
    while begin > 0 and loud[max(0, begin - gap) : begin].any():
        begin -= 1
    while end + 1 < len(peaks) and loud[end + 1 : end + 1 + gap].any():
        end += 1
    return begin, end + 1


def _stands_out(peaks: NDArray[np.float64], begin: int, end: int, top: float) -> bool:
    near, far = (round(seconds / CELL_SECONDS) for seconds in BESIDE_SECONDS)
    beside = peaks[max(0, begin - far) : max(0, begin - near + 3)], peaks[end + near : end + far]
    known = [side[np.isfinite(side)] for side in beside]
    return all(side.size == 0 or float(np.percentile(side, 90)) <= top - STANDS_OUT_DB for side in known)


def _merged(pieces: list[Stuck]) -> list[Stuck]:
    merged: list[Stuck] = []
    for piece in sorted(pieces, key=lambda piece: piece.begin):
        if merged and piece.begin <= merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, piece.end))
        else:
            merged.append(piece)
    return merged
