"""What a recording is made of: tones or noise, mains hum, and how far up it reaches.

1. Voice is tonal: its strongest partial stands at least TONAL_DB above what lies between the
   partials. Noise of any colour stays below (white 18 dB, pink 21 dB in ten minutes), singing is
   above in nine of ten windows (measured on a real take; children's voices above all the more).
2. Hum is there all the time, a note is not: a mains line counts as strong as in its weakest quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.file.wavread import Sound
from audio.levels import SILENCE_DBFS

TONAL_DB = 21.0
TONAL_HOP_SECONDS = 0.1
TONAL_WINDOW_SECONDS = 0.085
TONAL_HZ = (90.0, 2000.0)
"""From a broken boy's voice up to the second partial of the highest child's."""
NEIGHBOURS_HZ = 300.0
MAINS_HZ = (50.0, 60.0)
STEADY_PERCENTILE = 25
MIDDLE_HZ = (1000.0, 4000.0)
HIGH_HZ = (8500.0, 11000.0)
"""Just above what a path of 16 kHz lets through, where singing still has sound: -34 dB in a quiet room,
-45 dB without any, -72 dB after such a path. (Further up a recording may end by its own nature.)"""
MAX_SECONDS = 30
TINY = 1e-20
Power = NDArray[np.float32]


@dataclass(frozen=True)
class Hum:
    """The strongest mains line."""

    prominence: float
    """dB above its neighbours in the spectrum."""
    level: float
    """dBFS, RMS of the line."""
    hertz: float = 0.0


def tonal_windows(sound: Sound) -> NDArray[np.bool_]:
    """One flag for each 0.1 s, shape (n,): tones, not noise."""
    hop = round(TONAL_HOP_SECONDS * sound.samplerate)
    size = round(TONAL_WINDOW_SECONDS * sound.samplerate)
    found = [
        _prominence(_spectra(sound.part(begin, begin + 50 * hop + size), size, hop), sound.samplerate, size)
        for begin in range(0, len(sound.samples) - size, 50 * hop)
    ]
    return np.concatenate(found) > TONAL_DB if found else np.zeros(0, dtype=np.bool_)


def _spectra(signal: NDArray[np.float32], size: int, hop: int) -> Power:
    """Power spectra of windows, shape (windows, bins)."""
    if len(signal) <= size:
        return np.zeros((0, size // 2 + 1), dtype=np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(signal, size)[: len(signal) - size : hop]
    spectra = np.fft.rfft(windows * np.hanning(size).astype(np.float32))
    return np.asarray(spectra.real**2 + spectra.imag**2, dtype=np.float32)


def _prominence(power: Power, samplerate: int, size: int) -> NDArray[np.float64]:
    """dB of the strongest partial over the valleys around it, shape (windows,)."""
    step = samplerate / size
    low, high = (round(hz / step) for hz in TONAL_HZ)
    around = round(NEIGHBOURS_HZ / step)
    # Times the square of the frequency: rumble of fans and streets falls like a voice's partials do.
    power = power[:, : high + around + 1] * (np.arange(high + around + 1, dtype=np.float32) ** 2)
    at = power[:, low:high].argmax(axis=1) + low
    columns = np.maximum(at, around + low)[:, None] + np.arange(-around, around + 1)
    valleys = np.percentile(np.take_along_axis(power, np.minimum(columns, high + around), 1), 25, axis=1)
    strongest = np.take_along_axis(power, at[:, None], 1)[:, 0]
    return np.asarray(10 * np.log10((strongest + TINY) / (valleys + TINY)))


@dataclass(frozen=True)
class Colour:
    """The long-term spectrum."""

    hum: Hum
    high: float
    """dB of the mean power in HIGH_HZ over that in MIDDLE_HZ; 0 where the rate does not reach so far."""


def measure_colour(sound: Sound) -> Colour:
    """Hum and bandwidth from up to MAX_SECONDS windows of one second, spread over the recording."""
    size = min(len(sound.samples), sound.samplerate)
    if size < sound.samplerate // 4:
        return Colour(Hum(0.0, SILENCE_DBFS), 0.0)
    count = min(MAX_SECONDS, len(sound.samples) // size)
    window = np.hanning(size).astype(np.float32)
    begins = np.linspace(0, len(sound.samples) - size, count).astype(int)
    spectra = np.array(
        [np.abs(np.fft.rfft(sound.part(begin, begin + size) * window)) ** 2 for begin in begins],
        dtype=np.float64,
    )
    hertz = np.asarray(np.fft.rfftfreq(size, 1 / sound.samplerate), dtype=np.float64)
    # A sine of RMS 1 gives (size / 4)^2 x 2 in its bin under a Hann window, a third of that on each side.
    scale = 2 / (size / 2) ** 2 / 1.5
    hums = [_line(spectra, hertz, base, scale) for base in MAINS_HZ]
    mean = spectra.mean(axis=0)
    low, high = (mean[(hertz >= band[0]) & (hertz < band[1])] for band in (MIDDLE_HZ, HIGH_HZ))
    reaches = sound.samplerate > 2 * HIGH_HZ[1]
    ratio = float(10 * np.log10((high.mean() + TINY) / (low.mean() + TINY))) if reaches else 0.0
    return Colour(max(hums, key=lambda hum: hum.prominence), ratio)


def _line(spectra: NDArray[np.float64], hertz: NDArray[np.float64], base: float, scale: float) -> Hum:
    """The strongest of the first three harmonics of a mains frequency."""
    found = []
    for line in (base, 2 * base, 3 * base):
        on_line = np.abs(hertz - line) <= 2
        beside = (np.abs(hertz - line) > 5) & (np.abs(hertz - line) < 20)
        floor = np.median(spectra[:, beside], axis=1)
        above = 10 * np.log10((spectra[:, on_line].max(axis=1) + TINY) / (floor + TINY))
        power = np.percentile(spectra[:, on_line].sum(axis=1), STEADY_PERCENTILE) * scale
        level = max(SILENCE_DBFS, float(10 * np.log10(power + TINY)))
        found.append(Hum(float(np.percentile(above, STEADY_PERCENTILE)), level, line))
    return max(found, key=lambda hum: hum.prominence)
