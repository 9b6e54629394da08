"""Where in a recording somebody sings: tones, well above the room.

Level alone passes a fan that starts after the headset check; tones alone pass a hum. Both together
pass a pupil who sings quietly, and nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.levels import DEAD_DBFS
from audio.measure.framelevels import FRAME_SECONDS, Levels, percentile
from audio.measure.spectrum import TONAL_HOP_SECONDS, TONAL_WINDOW_SECONDS
from config.kit import Limits

AUDIBLE_DBFS = -70.0
"""Nothing below this is a voice in a headset's microphone, however silent the room."""
PAUSE_PERCENTILE = 10
SHOWN_DB = 3.0
"""Pauses that show the room differ from it by no more; one room differed by 2 dB (docs/pace.md)."""
PAUSE_SECONDS = 1.0
PAUSE_DB = 20.0
PUMPING_DB = 6.0
PUMPING_PAUSES = 2


@dataclass(frozen=True)
class Voice:
    """All that was sung."""

    seconds: float
    begin: float
    """Seconds from the beginning of the recording to the first note; 0 without voice."""
    end: float
    """Likewise to the end of the last note."""


def floor_of(levels: Levels, floor_dbfs: float | None, limits: Limits) -> float:
    """The room: as the headset check measured it, else the pauses, at most `limits.floor_good`.

    Singing without a pause hides the room (the pauses of a real take were 20 dB above it). A check in which
    somebody spoke measured no room: more than `limits.floor_good` is believed where the pauses are as loud
    and the singing stands out of them, else no more than `limits.floor_bad`. One of a dead microphone
    measured nothing.
    """
    pauses = percentile(levels.frames[levels.frames > DEAD_DBFS], PAUSE_PERCENTILE)
    if floor_dbfs is None or floor_dbfs <= DEAD_DBFS:
        return min(pauses, limits.floor_good)
    if floor_dbfs <= limits.floor_good:
        return floor_dbfs
    room = min(pauses, floor_dbfs)
    shown = abs(pauses - floor_dbfs) <= SHOWN_DB and levels.loud - room >= limits.voice_margin
    return room if shown else min(room, limits.floor_bad)


def find_voice(tonal: NDArray[np.bool_], levels: Levels, floor_dbfs: float, margin: float) -> Voice:
    """`tonal`: a flag for each TONAL_HOP_SECONDS, shape (n,)."""
    threshold = max(floor_dbfs + margin, AUDIBLE_DBFS)
    span = round(TONAL_WINDOW_SECONDS / FRAME_SECONDS)
    begins = np.rint(np.arange(len(tonal)) * TONAL_HOP_SECONDS / FRAME_SECONDS).astype(int)
    loud = np.array([levels.frames[begin : begin + span].max(initial=-np.inf) for begin in begins])
    sung = np.flatnonzero(tonal & (loud >= threshold))
    if sung.size == 0:
        return Voice(0.0, 0.0, 0.0)
    begin, end = int(sung[0]) * TONAL_HOP_SECONDS, int(sung[-1]) * TONAL_HOP_SECONDS + TONAL_WINDOW_SECONDS
    return Voice(len(sung) * TONAL_HOP_SECONDS, begin, end)


def pumps(levels: Levels, voice: Voice) -> bool:
    """The room grows louder in pauses: an automatic gain that recovers from the singing.

    The first and the last 0.2 s of a pause belong to reverberation and to breathing in.
    """
    inside = levels.frames[round(voice.begin / FRAME_SECONDS) : round(voice.end / FRAME_SECONDS)]
    low = np.concatenate(([False], inside < levels.loud - PAUSE_DB, [False]))
    edges = np.flatnonzero(np.diff(low))
    edge, size = round(0.2 / FRAME_SECONDS), round(PAUSE_SECONDS / FRAME_SECONDS)
    rises = [
        float(
            np.median(inside[end - 2 * edge : end - edge])
            - np.median(inside[begin + edge : begin + 2 * edge])
        )
        for begin, end in zip(edges[0::2], edges[1::2], strict=True)
        if end - begin >= size
    ]
    return len(rises) >= PUMPING_PAUSES and float(np.median(rises)) > PUMPING_DB
