"""The start tone (起音): what a pupil hears before singing where the kit asks for a tone and has no sound.

Made of the same notation that the pupil reads: the first note, the tonic, or the chord on it.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from config.kit import Item, parse_key, parse_notation

RATE = 48000
SECONDS = 2.0
FADE_SECONDS = 0.03
PEAK = 0.25
"""-12 dBFS: as loud as a sung prompt, and no louder."""
HARMONICS = (1.0, 0.35, 0.15, 0.06)
"""Relative strengths: a soft, flute-like tone is matched more easily than a pure one."""
A4_HZ, A4_MIDI = 440.0, 69
CHORD = (0, 4, 7)
"""Semitones of the major triad."""


def pitches_of(item: Item) -> tuple[int, ...]:
    """MIDI numbers of what is heard; none where the item asks for no tone. Raises ValueError."""
    tonic = parse_key(item.key or "C").midi
    if item.start_tone == "chord":
        return tuple(tonic + step for step in CHORD)
    if item.start_tone == "tonic":
        return (tonic,)
    if item.start_tone == "first":
        first = next(note.pitch for note in parse_notation(item.notation) if note.pitch is not None)
        return (tonic + first,)
    return ()


def hz(pitch: int) -> float:
    """Equal temperament at A4 = 440 Hz."""
    return float(A4_HZ * 2 ** ((pitch - A4_MIDI) / 12))


def write_tone(item: Item, folder: Path) -> Path:
    """The tone of an item as a WAV below `folder`. Raises OSError, ValueError."""
    pitches = pitches_of(item)
    path = folder / f"start-{'-'.join(map(str, pitches))}.wav"
    at = np.arange(int(RATE * SECONDS)) / RATE
    parts = [
        strength * np.sin(2 * np.pi * hz(pitch) * (order + 1) * at)
        for pitch in pitches
        for order, strength in enumerate(HARMONICS)
    ]
    tone = np.sum(parts, axis=0)
    fade = np.minimum(1.0, np.minimum(at, at[::-1]) / FADE_SECONDS)
    samples = np.round(tone * fade / np.max(np.abs(tone)) * PEAK * 32767).astype("<i2")
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path
