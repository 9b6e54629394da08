"""The room behind the singing: its spectrum, a hum in it, and where a narrow path cuts it off.

1. What is there all the time is the room. For every frequency the quietest tenth of the short windows tells
   it: partials move, and leave each frequency free some of the time (minimum statistics, Martin 2001).
2. A path of 8 or 16 kHz sampling rate cuts the room off, too: a steep edge in its spectrum, with nothing
   above it. A dark voice or a whistle leaves the room's own sound above it.
3. Hum is there before and after the singing, too; a note that is held at 100 Hz is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.file.wavread import Sound
from audio.levels import SILENCE_DBFS
from audio.measure.framelevels import FRAME_SECONDS, Levels
from audio.measure.spectrum import Hum

WINDOW_SECONDS = 0.04
MAX_WINDOWS = 600
QUIETEST_PERCENT = 10
LOUDEST_PERCENT = 99
EDGES_HZ = (3400.0, 4000.0, 5500.0, 8000.0)
"""Where paths of 8, 11 and 16 kHz end."""
BELOW, ABOVE = (0.8, 0.93), (1.08, 1.3)
"""Bands on both sides of an edge, relative to it."""
CLEAR_OF_EDGE_HZ = 1000.0
TOP_HZ = 10500.0
EDGE_DB = 22.0
"""Rooms of all colours fall by 14 dB at most at an edge, behind a path of 16 kHz by 28 or more (measured)."""
STILL_DB = 6.0
"""The rounding of 16 bits moves by 2 to 3 dB, a voice by 7 or more (measured)."""
MAINS_HZ = (50.0, 60.0)
HARMONICS = 3
HUM_SECONDS = 0.2
BESIDE_HZ = (15.0, 40.0)
QUIET_DB = 12.0
"""Windows this far below the loud ones hold no loud note..."""
QUIET_SHARE = 20
"""...and the quietest of them, in percent, none at all."""
MIN_QUIET = 4
TINY = 1e-20
Spectrum = NDArray[np.float64]


@dataclass(frozen=True)
class Edge:
    """Where the room's spectrum falls off the most; recordings below 22 kHz have none."""

    fall: float
    """dB from just below the edge to the loudest of what is above it; 0 without one."""
    moves: float
    """dB from the quietest to the loudest moments above it: nothing passes there where this is small."""


NO_EDGE = Edge(0.0, 0.0)


def find_edge(sound: Sound) -> Edge:
    """The steepest edge of EDGES_HZ."""
    size = round(WINDOW_SECONDS * sound.samplerate)
    if len(sound.samples) < 10 * size or sound.samplerate < 2 * TOP_HZ:
        return NO_EDGE
    begins = np.linspace(0, len(sound.samples) - size, min(MAX_WINDOWS, len(sound.samples) // size)).astype(
        int
    )
    window = np.hanning(size).astype(np.float32)
    power = np.array(
        [np.abs(np.fft.rfft(sound.part(begin, begin + size) * window)) ** 2 for begin in begins],
        dtype=np.float32,
    )
    alive = power[power.sum(axis=1) > 0]
    if len(alive) < MIN_QUIET:
        return NO_EDGE
    room = np.percentile(alive, QUIETEST_PERCENT, axis=0).astype(np.float64)
    hertz = np.arange(len(room)) * sound.samplerate / size
    fall, edge = max((_fall(room, hertz, edge), edge) for edge in EDGES_HZ)
    above = alive[:, (hertz >= edge + CLEAR_OF_EDGE_HZ) & (hertz < TOP_HZ)].sum(axis=1)
    quiet, loud = np.percentile(above, [QUIETEST_PERCENT, LOUDEST_PERCENT])
    return Edge(max(0.0, fall), float(10 * np.log10((loud + TINY) / (quiet + TINY))))


def _fall(room: Spectrum, hertz: Spectrum, edge: float) -> float:
    """dB from just below the edge to the loudest of what is above it."""
    below = _mean(room, hertz, BELOW[0] * edge, BELOW[1] * edge)
    bounds = np.geomspace(ABOVE[0] * edge, TOP_HZ, max(2, round(np.log(TOP_HZ / edge) / 0.2) + 1))
    above = max(_mean(room, hertz, low, high) for low, high in pairwise(bounds))
    return float(10 * np.log10((below + TINY) / (above + TINY)))


def _mean(room: Spectrum, hertz: Spectrum, low: float, high: float) -> float:
    return float(np.median(room[(hertz >= low) & (hertz < high)]))


def find_hum(sound: Sound, levels: Levels) -> Hum | None:
    """The strongest of the first harmonics of 50 and 60 Hz while nobody sings; None without such moments."""
    size = round(HUM_SECONDS * sound.samplerate)
    frames = round(HUM_SECONDS / FRAME_SECONDS)
    count = len(sound.samples) // size
    loud = levels.frames[: count * frames].reshape(count, frames).max(axis=1)
    quiet = np.flatnonzero(loud < levels.loud - QUIET_DB)
    if len(quiet) < MIN_QUIET:
        return None
    chosen = quiet[np.argsort(loud[quiet])][: max(MIN_QUIET, len(quiet) * QUIET_SHARE // 100)]
    window = np.hanning(size)
    hertz = np.arange(size // 2 + 1) * sound.samplerate / size
    spectra = [np.abs(np.fft.rfft(sound.part(begin, begin + size) * window)) ** 2 for begin in chosen * size]
    power = np.median(spectra, axis=0)
    scale = 2 / (size / 2) ** 2 / 1.5
    found = [
        _line(power, hertz, base * number, scale) for base in MAINS_HZ for number in range(1, HARMONICS + 1)
    ]
    return max(found, key=lambda hum: hum.prominence)


def _line(power: Spectrum, hertz: Spectrum, line: float, scale: float) -> Hum:
    off = np.abs(hertz - line)
    floor = float(np.median(power[(off > BESIDE_HZ[0]) & (off < BESIDE_HZ[1])]))
    top = float(power[off <= 0.5 / HUM_SECONDS].max())
    level = max(SILENCE_DBFS, float(10 * np.log10(power[off <= 1.5 / HUM_SECONDS].sum() * scale + TINY)))
    # A window of one second would show the line higher above the noise, by the ratio of the lengths.
    return Hum(float(10 * np.log10((top + TINY) / (floor + TINY) / HUM_SECONDS)), level)
