"""Instruments that nobody sings into: bowed, blown, plucked, struck, and telephones that play a melody."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.audio.recordings import RATE, Signal
from tests.corpus.voices import TWINKLE, Melody

Fall = Callable[[int, np.ndarray], np.ndarray]
"""Amplitude of a partial: its number, its frequencies."""


def _played(
    tonic: float, melody: Melody, beat: float, fall: Fall, *,
    vibrato: float = 0.0, attack: float = 0.03, decay: float = 0.0, partials: int = 30,
) -> Signal:  # fmt: skip
    parts = []
    for number, (semitones, beats) in enumerate(melody):
        time = np.arange(round(beats * beat * RATE)) / RATE
        cents = vibrato * np.sin(2 * np.pi * 5.5 * time + number) * np.clip(time / 0.15, 0, 1)
        hertz = tonic * 2 ** ((semitones + cents / 100) / 12)
        phase = 2 * np.pi * np.cumsum(hertz) / RATE
        note = np.zeros(len(time))
        for partial in range(1, min(partials, int(16000 / tonic / 2 ** (semitones / 12))) + 1):
            fade = np.exp(-decay * time * (1 + 0.3 * partial))
            note += fall(partial, partial * hertz) * fade * np.sin(partial * phase)
        parts.append(note * np.clip(time / attack, 0, 1) * np.clip(time[::-1] / 0.02, 0, 1))
    sound = np.concatenate(parts)
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)


def _body(hertz: np.ndarray) -> np.ndarray:
    """The resonances of a violin."""
    peaks = ((280, 60), (460, 80), (700, 150), (1200, 250), (2500, 600))
    return np.asarray(1 + 2 * sum(np.exp(-(((hertz - centre) / width) ** 2)) for centre, width in peaks))


def violin(tonic: float = 440.0, vibrato: float = 20.0, melody: Melody = TWINKLE) -> Signal:
    return _played(tonic, melody, 0.5, lambda k, hz: _body(hz) / k, vibrato=vibrato, attack=0.06)


def erhu(tonic: float = 330.0) -> Signal:
    return _played(tonic, TWINKLE, 0.5, lambda k, hz: np.full_like(hz, k**-0.7), vibrato=35, attack=0.05)


def trumpet(tonic: float = 262.0, vibrato: float = 6.0) -> Signal:
    fall: Fall = lambda k, hz: np.exp(-(((hz - 1200) / 1300) ** 2))  # noqa: E731
    return _played(tonic, TWINKLE, 0.5, fall, vibrato=vibrato)


def flute(tonic: float = 523.0, vibrato: float = 15.0) -> Signal:
    return _played(tonic, TWINKLE, 0.5, lambda k, hz: np.full_like(hz, 3.0 ** (1 - k)), vibrato=vibrato,
                   partials=6)  # fmt: skip


def clarinet(tonic: float = 262.0) -> Signal:
    return _played(tonic, TWINKLE, 0.5, lambda k, hz: np.full_like(hz, (k % 2 + 0.05) / k), partials=16)


def recorder(tonic: float = 587.0) -> Signal:
    return _played(tonic, TWINKLE, 0.4, lambda k, hz: np.full_like(hz, 0.02 ** (k - 1)), partials=3)


def piano(tonic: float = 262.0) -> Signal:
    return _played(tonic, TWINKLE, 0.5, lambda k, hz: np.full_like(hz, k**-1.5), attack=0.003, decay=1.5)


def guitar(tonic: float = 147.0) -> Signal:
    return _played(tonic, TWINKLE, 0.5, lambda k, hz: np.full_like(hz, 1 / k), attack=0.002, decay=1.0)


def xylophone(tonic: float = 784.0) -> Signal:
    return _played(tonic, TWINKLE, 0.4, lambda k, hz: np.full_like(hz, float(k in (1, 4))), attack=0.001,
                   decay=9.0, partials=5)  # fmt: skip


def accordion(tonic: float = 262.0) -> Signal:
    return _played(tonic, TWINKLE, 0.5, lambda k, hz: np.full_like(hz, k**-0.5), partials=20)


def ringtone(tonic: float = 880.0) -> Signal:
    melody = tuple((semitones, 0.3) for semitones in (0, 4, 7, 12, 7, 4, 5, 9) * 5)
    return _played(tonic, melody, 0.5, lambda k, hz: np.full_like(hz, (k % 2) / k), partials=9)


def drums(seconds: float = 12.0, seed: int = 0) -> Signal:
    """Kick, snare and cymbal, four in a bar."""
    random = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * RATE))
    for number in range(int(seconds / 0.25)):
        begin = round(number * 0.25 * RATE)
        time = np.arange(min(RATE // 4, len(sound) - begin)) / RATE
        hit = np.diff(random.standard_normal(len(time) + 1)) * np.exp(-time / 0.03) * 0.3
        if number % 4 == 0:
            hit += np.sin(2 * np.pi * (50 * time + 4 * (1 - np.exp(-time / 0.03)))) * np.exp(-time / 0.12)
        if number % 4 == 2:
            hit += (random.standard_normal(len(time)) * 0.5 + np.sin(2 * np.pi * 190 * time)) * np.exp(
                -time / 0.07
            )
        sound[begin : begin + len(hit)] += hit
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)


def chords(seconds: float = 12.0) -> Signal:
    """An accompaniment: piano chords with a bass."""
    sound = np.zeros(round(seconds * RATE))
    for number, root in enumerate((0, 5, 7, 0) * 10):
        begin = round(number * 1.0 * RATE)
        if begin >= len(sound):
            break
        for semitones in (root - 12, root, root + 4, root + 7):
            note = _played(262.0 * 2 ** (semitones / 12), ((0, 2),), 0.5,
                           lambda k, hz: np.full_like(hz, k**-1.5), attack=0.003, decay=1.2)  # fmt: skip
            sound[begin : begin + len(note)] += note[: len(sound) - begin]
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)
