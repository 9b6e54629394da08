"""A singing voice from harmonics: enough to be heard, measured and told apart, and made by us.

A glottal-like spectrum (-12 dB per octave) is shaped by three formants of an open vowel; vibrato,
a soft attack and a little breath make it pass for a voice with every check of audio.judge.verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.kit import Note

FORMANTS = ((850.0, 120.0), (1400.0, 160.0), (3100.0, 250.0))
"""Centre and bandwidth in Hz of a child's open vowel."""
VIBRATO_HZ = 5.5
VIBRATO_CENTS = 25.0
TUNING_CENTS = 8.0
FADE_SECONDS = 0.03
TOP_HZ = 12000.0
Signal = NDArray[np.float32]


@dataclass(frozen=True)
class SynthVoice:
    """A singer: `tonic` in Hz, `size` scales the formants, `breath` is noise below the voice in dB."""

    tonic: float
    size: float = 1.0
    breath: float = -38.0
    seed: int = 0
    lively: bool = False
    """No two notes alike, as with people: tuning, vibrato and the phases of the partials vary."""


def frequency(tonic: float, pitch: float) -> float:
    """Hz of `pitch` equal-tempered semitones above `tonic`."""
    return float(tonic * 2 ** (pitch / 12))


def tone(voice: SynthVoice, pitch: float, seconds: float, samplerate: int, index: int = 0) -> Signal:
    """One sung note, shape (frames,), RMS 1 before its fades; `index` counts the notes of a song."""
    frames = round(seconds * samplerate)
    time = np.arange(frames) / samplerate
    mood = np.random.default_rng((voice.seed, index))
    sway = float(voice.lively)
    f0 = frequency(voice.tonic, pitch + sway * TUNING_CENTS / 100 * mood.uniform(-1, 1))
    depth = 2 ** (VIBRATO_CENTS / 1200) - 1
    rate = VIBRATO_HZ + sway * mood.uniform(-0.5, 0.5)
    wobble = np.sin(2 * np.pi * rate * time) * depth * np.clip(time / 0.3, 0, 1)
    phase = 2 * np.pi * np.cumsum(f0 * (1 + wobble)) / samplerate
    sound = np.zeros(frames)
    for harmonic in range(1, int(min(TOP_HZ, 0.45 * samplerate) / f0) + 1):
        offset = sway * mood.uniform(0, 2 * np.pi)
        sound += _gain(harmonic * f0, harmonic, voice.size) * np.sin(harmonic * phase + offset)
    sound /= max(1e-9, float(np.sqrt(np.mean(sound**2))))
    noise = np.random.default_rng(voice.seed).standard_normal(frames) * 10 ** (voice.breath / 20)
    return np.asarray((sound + noise) * _fades(frames, samplerate), dtype=np.float32)


def _gain(hz: float, harmonic: int, size: float) -> float:
    vowel = sum(1 / (1 + ((hz - centre * size) / width) ** 2) for centre, width in FORMANTS)
    return (0.05 + vowel) / harmonic


def _fades(frames: int, samplerate: int) -> NDArray[np.float64]:
    fade = max(1, min(frames // 2, round(FADE_SECONDS * samplerate)))
    shape = np.ones(frames)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(fade) / fade)
    shape[:fade] *= ramp
    shape[frames - fade :] *= ramp[::-1]
    return shape


def sing(voice: SynthVoice, notes: Sequence[Note], beat_seconds: float, samplerate: int) -> Signal:
    """All notes one after another, shape (frames,)."""
    parts = [
        np.zeros(round(note.beats * beat_seconds * samplerate), dtype=np.float32)
        if note.pitch is None
        else tone(voice, note.pitch, note.beats * beat_seconds, samplerate, index)
        for index, note in enumerate(notes)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def at_peak(signal: Signal, peak_dbfs: float) -> Signal:
    """The signal scaled to a peak in dBFS."""
    peak = float(np.abs(signal).max()) if len(signal) else 0.0
    return signal if peak == 0 else np.asarray(signal / peak * 10 ** (peak_dbfs / 20), dtype=np.float32)
