"""Known music in a recording: how loud it comes through the air, and what is left without it.

1. Through the air, music comes back as through a filter: the direct sound and the echoes of the room. One
   factor for all frequencies misses the echoes: 10 to 17 dB too little at a reverberation of 0.4 s.
2. The filter is estimated by least squares for each frequency, over windows that are longer than the echoes,
   once from the even and once from the odd windows: what both have in common is the music, what differs is
   the singing and the room, and falls out of the product of the two.
3. The same windows of the recording against others of the music tell what chance gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.measure.pitch import HOP_SECONDS, RATE, WINDOW_SECONDS

SPAN_SECONDS = 2.0
STEP_SECONDS = 1.0
LEAST_WINDOWS = 4
MOST_WINDOWS = 40
NEAR_SECONDS = 0.1
"""Music that comes later than predicted by less is within the windows all the same."""
BEFORE_SECONDS, AFTER_SECONDS = 0.02, 0.4
"""Of the filter, around its strongest moment: echoes down to -40 dB at a reverberation of 0.6 s."""
AUDIBLE = 1e-5
"""Windows with less than this part of the loudest one's power say nothing."""
CHANCE = 4.0
"""So many times more than by chance is certain."""
GATHERED = 0.5
"""Part of the filter's energy around its strongest moment after a real way through the air (measured: 0.75 to
0.95, and 0.2 to 0.45 where voices sang the notes of music that was not there: they are coherent with
it by chance, all over SPAN_SECONDS)."""
SMOOTH_BINS = 15
LEFT_DB = 10.0
"""What is left of the music after it was taken out is at least so much below it (measured: 12 to 30)."""
TINY = 1e-20
Low = NDArray[np.float32]


@dataclass(frozen=True)
class Leak:
    """Known music in a recording at audio.measure.pitch.RATE."""

    gain_db: float
    """RMS of the music in the recording relative to what was played."""
    certain: bool
    at: int
    """Frame of the recording at which the first frame of the music comes."""
    response: Low
    """The filter, from BEFORE_SECONDS before `at`, shape (taps,)."""

    def heard(self, known: Low, frames: int) -> Low:
        """The music as the microphone hears it, shape (frames,)."""
        begin = self.at - round(BEFORE_SECONDS * RATE)
        whole = _convolved(known, self.response)
        out = np.zeros(frames, dtype=np.float32)
        first, last = max(0, begin), min(frames, begin + len(whole))
        if first < last:
            out[first:last] = whole[first - begin : last - begin]
        return out


def find_leak(known: Low, recording: Low, about: int) -> Leak | None:
    """`known` and `recording` at RATE, the music predicted at frame `about`; None of too little music."""
    spectra = _estimate(known, recording, about)
    later = _peak(spectra[0]) if spectra is not None else 0
    if abs(later) > NEAR_SECONDS * RATE:
        about, later = about + later, 0
        spectra = _estimate(known, recording, about)
    if spectra is None:
        return None
    filtered, gain, chance = spectra
    before, after = round(BEFORE_SECONDS * RATE), round(AFTER_SECONDS * RATE)
    taps = np.roll(np.fft.irfft(filtered, round(SPAN_SECONDS * RATE)), before - later)
    gathered = float((taps[: before + after] ** 2).sum() / ((taps**2).sum() + TINY))
    return Leak(
        gain_db=float(10 * np.log10(max(gain, 1e-12))),
        certain=gain > CHANCE * chance and gathered > GATHERED,
        at=about + later,
        response=taps[: before + after].astype(np.float32),
    )


def _estimate(known: Low, recording: Low, at: int) -> tuple[NDArray[np.complex128], float, float] | None:
    """The filter, the power that comes through it, and what chance would give."""
    size, step = round(SPAN_SECONDS * RATE), round(STEP_SECONDS * RATE)
    begins = [
        begin
        for begin in range(0, len(known) - size + 1, step)
        if at + begin >= 0 and at + begin + size <= len(recording)
    ]
    power = np.array([float(np.dot(part := known[begin : begin + size], part)) for begin in begins])
    begins = [begin for begin, one in zip(begins, power, strict=True) if one > AUDIBLE * power.max()]
    if len(begins) < LEAST_WINDOWS:
        return None
    begins = [begins[place] for place in np.unique(np.linspace(0, len(begins) - 1, MOST_WINDOWS).astype(int))]
    window = np.hanning(size).astype(np.float32)
    played = np.array([np.fft.rfft(known[begin : begin + size] * window) for begin in begins])
    heard = np.array([np.fft.rfft(recording[at + begin : at + begin + size] * window) for begin in begins])
    there = np.abs(heard) ** 2
    kernel = np.ones(SMOOTH_BINS) / SMOOTH_BINS
    weight = 1 / (np.array([np.convolve(row, kernel, "same") for row in there]) + TINY)
    total = (np.abs(played) ** 2).sum(axis=0)

    def filtered(rows: slice, shift: int = 0) -> NDArray[np.complex128]:
        source, factor = np.roll(played, shift, axis=0)[rows], weight[rows]
        cross = (factor * heard[rows] * np.conj(source)).sum(axis=0)
        return np.asarray(cross / ((factor * np.abs(source) ** 2).sum(axis=0) + TINY))

    def through(shift: int) -> float:
        even, odd = filtered(slice(0, None, 2), shift), filtered(slice(1, None, 2), shift)
        return float((np.real(even * np.conj(odd)) * total).sum() / total.sum())

    shifts = range(2, len(begins) - 1, max(1, len(begins) // 4))
    # Music that repeats itself is like itself after some of the shifts.
    chance = float(np.percentile([abs(through(shift)) for shift in shifts], 25))
    return filtered(slice(None)), through(0), chance


def _peak(spectrum: NDArray[np.complex128]) -> int:
    """Frames by which the filter's strongest moment comes later than predicted."""
    size = round(SPAN_SECONDS * RATE)
    taps = np.abs(np.fft.irfft(spectrum, size))
    reach = size // 3
    taps[reach:-reach] = 0
    at = int(taps.argmax())
    return at if at < size // 2 else at - size


def _convolved(signal: Low, taps: Low) -> Low:
    """Linear convolution, by pieces."""
    piece = 1 << 17
    size = 1 << (piece + len(taps)).bit_length()
    spectrum = np.fft.rfft(taps, size)
    out = np.zeros(len(signal) + len(taps), dtype=np.float32)
    for begin in range(0, len(signal), piece):
        part = signal[begin : begin + piece]
        made = np.fft.irfft(np.fft.rfft(part, size) * spectrum, size)[: len(part) + len(taps)]
        out[begin : begin + len(made)] += made.astype(np.float32)[: len(out) - begin]
    return out


def levels_of(signal: Low) -> NDArray[np.float64]:
    """dBFS of each frame as audio.measure.pitch has them, shape (n,)."""
    hop, size = round(HOP_SECONDS * RATE), round(WINDOW_SECONDS * RATE)
    if len(signal) < size:
        return np.zeros(0)
    sums = np.concatenate([[0.0], np.cumsum(signal.astype(np.float64) ** 2)])
    begins = np.arange(0, len(signal) - size + 1, hop)
    return np.asarray(10 * np.log10((sums[begins + size] - sums[begins]) / size + 1e-15))
