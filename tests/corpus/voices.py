"""Vocal from partials under formants that move from vowel to vowel, with vibrato, glides and consonants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.audio.recordings import RATE, Signal

VOWELS = {
    "a": (800, 1250, 2700, 3500), "e": (480, 1900, 2600, 3600), "i": (300, 2250, 3000, 3700),
    "o": (460, 850, 2600, 3300), "u": (330, 750, 2400, 3300), "m": (250, 1100, 2200, 3000),
}  # fmt: skip
"""Formants in Hz of a grown voice (after Peterson and Barney 1952)."""
WIDTHS = (90.0, 110.0, 170.0, 250.0)
TWINKLE = ((0, 1), (0, 1), (7, 1), (7, 1), (9, 1), (9, 1), (7, 2), (5, 1), (5, 1), (4, 1), (4, 1), (2, 1),
           (2, 1), (0, 2))  # fmt: skip
JOY = ((4, 1), (4, 1), (5, 1), (7, 1), (7, 1), (5, 1), (4, 1), (2, 1), (0, 1), (0, 1), (2, 1), (4, 1),
       (4, 1.5), (2, 0.5), (2, 2))  # fmt: skip
Melody = Sequence[tuple[float, float]]
"""Semitones above the tonic, and beats."""


@dataclass(frozen=True)
class Singer:
    """`tonic` in Hz; `size` of the head: 1 a man, 0.85 a woman, 0.72 a child."""

    tonic: float
    size: float = 0.72
    vowels: str = "aiaueo"
    vibrato_cents: float = 20.0
    jitter_cents: float = 12.0
    glide_seconds: float = 0.06
    breath_db: float = -34.0
    consonants: bool = True
    seed: int = 0


def sing(who: Singer, melody: Melody = TWINKLE, beat: float = 0.5) -> Signal:
    """The melody, shape (frames,), its peak at full scale."""
    random = np.random.default_rng(who.seed)
    count = round(sum(beats for _, beats in melody) * beat * RATE)
    time = np.arange(count) / RATE
    pitch, vowel, loud = np.zeros(count), np.zeros((count, 4)), np.zeros(count)
    at = 0
    for number, (semitones, beats) in enumerate(melody):
        end = min(count, at + round(beats * beat * RATE))
        since = np.arange(end - at) / RATE
        pitch[at:end] = semitones + random.uniform(-0.15, 0.15)
        vowel[at:end] = np.array(VOWELS[who.vowels[number % len(who.vowels)]]) / who.size
        left = since[::-1]
        loud[at:end] = np.clip(since / 0.05, 0, 1) * np.clip(left / 0.05, 0, 1) * random.uniform(0.6, 1)
        at = end
    pitch, vowel = _smooth(pitch, who.glide_seconds), np.stack([_smooth(row, 0.08) for row in vowel.T])
    sway = np.sin(2 * np.pi * np.cumsum(5.5 + 0.4 * _wander(random, count)) / RATE) * who.vibrato_cents
    cents = sway * np.clip(_smooth(loud, 0.2) * 1.5 - 0.3, 0, 1) + who.jitter_cents * _wander(random, count)
    hertz = who.tonic * 2 ** ((pitch + cents / 100) / 12)
    sound = _voiced(hertz, vowel) * loud
    sound += np.abs(sound).max() * 10 ** (who.breath_db / 20) * random.standard_normal(count) * loud
    if who.consonants:
        sound += _consonants(random, melody, beat, count) * np.abs(sound).max() * 0.15
    assert len(time) == len(sound)
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)


def _voiced(hertz: np.ndarray, formants: np.ndarray) -> np.ndarray:
    """Partials under formants; their levels are computed every 5 ms and go straight from one to the next."""
    step = RATE // 200
    turn = np.exp(2j * np.pi * np.cumsum(hertz) / RATE).astype(np.complex64)
    coarse, shapes = hertz[::step], formants[:, ::step]
    between = np.arange(step, dtype=np.float32) / np.float32(step)
    sound, partial = np.zeros(len(hertz), dtype=np.float32), np.ones(len(hertz), dtype=np.complex64)
    for number in range(1, int(9000 / hertz.min()) + 1):
        partial *= turn
        at = number * coarse
        gain = 0.02 + sum(
            weight / (1 + ((at - shape) / width) ** 2)
            for shape, width, weight in zip(shapes, WIDTHS, (1.0, 0.6, 0.3, 0.2), strict=True)
        )
        gain = (np.where(at < 10000, gain, 0) * number**-0.6).astype(np.float32)
        rise = np.diff(gain, append=gain[-1:])
        sound += (gain[:, None] + rise[:, None] * between).ravel()[: len(hertz)] * partial.imag
    return sound.astype(np.float64)


def _smooth(values: np.ndarray, seconds: float) -> np.ndarray:
    size = max(1, round(seconds * RATE))
    sums = np.cumsum(np.pad(values, (size // 2 + 1, size - size // 2 - 1), mode="edge"))
    return np.asarray((sums[size:] - sums[:-size])[: len(values)] / size) if size > 1 else values


def _wander(random: np.random.Generator, count: int) -> np.ndarray:
    """Slow and quick movement of a pitch, RMS 1."""
    points = count * 60 // RATE + 3
    walk = np.convolve(random.standard_normal(points + 4), [0.5, 1, 1, 0.7, 0.4], "valid")
    walk /= walk.std()
    return np.asarray(np.interp(np.arange(count) / RATE * 60, np.arange(len(walk)), walk))


def _consonants(random: np.random.Generator, melody: Melody, beat: float, count: int) -> np.ndarray:
    noise, at = np.zeros(count), 0.0
    for _, beats in melody:
        begin, size = round(at * RATE), round(random.uniform(0.03, 0.08) * RATE)
        burst = np.diff(random.standard_normal(size + 1)) * np.hanning(size)
        noise[begin : begin + size] += burst[: max(0, count - begin)]
        at += beats * beat
    return noise


def speak(hertz: float, seconds: float, size: float = 0.8, seed: int = 0) -> Signal:
    """Syllables of a quarter of a second whose pitch falls and rises, with consonants and pauses."""
    random = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    while sum(len(part) for part in parts) < seconds * RATE:
        count = round(random.uniform(0.1, 0.26) * RATE)
        rise, mood = random.uniform(-5, 4), random.uniform(-3, 3)
        pitch = hertz * 2 ** ((mood + np.linspace(0, rise, count) + 0.2 * _wander(random, count)) / 12)
        first, last = (np.array(VOWELS[str(random.choice(list("aeiou")))]) / size for _ in range(2))
        shape = first[:, None] + (last - first)[:, None] * np.linspace(0, 1, count)
        syllable = _voiced(pitch, shape) * np.hanning(count) ** 0.7 * random.uniform(0.3, 1)
        hiss = np.diff(random.standard_normal(round(random.uniform(0.04, 0.1) * RATE) + 1))
        parts += [syllable, hiss * np.hanning(len(hiss)) * 0.12 * np.abs(syllable).max()]
        if random.uniform() < 0.2:
            parts.append(np.zeros(round(random.uniform(0.1, 0.4) * RATE)))
    sound = np.concatenate(parts)[: round(seconds * RATE)]
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)


def murmur(seconds: float, people: int = 12, seed: int = 0) -> Signal:
    """A class that talks at the other end of the room: many voices, the high frequencies gone."""
    random = np.random.default_rng(seed)
    whole = np.zeros(round(seconds * RATE))
    for person in range(people):
        whole += np.roll(
            speak(random.uniform(110, 330), seconds, random.uniform(0.7, 1), seed * 100 + person),
            int(random.uniform(0, seconds) * RATE),
        ) * random.uniform(0.4, 1)
    spectrum = np.fft.rfft(whole)
    hertz = np.fft.rfftfreq(len(whole), 1 / RATE)
    whole = np.fft.irfft(spectrum / (1 + (hertz / 1200) ** 2), len(whole))
    return np.asarray(whole / np.abs(whole).max(), dtype=np.float32)
