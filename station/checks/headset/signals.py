"""What the self-test plays, and what comes back: sweeps for place and level, then a tone for the rate."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio import amplitude
from audio.file import Sound
from audio.measure import Signal, sweeps

TONE_HZ = 440.0
TONE_DBFS = -12.0
TONE_SECONDS = 2.0
EDGE_SECONDS = 0.2
"""So much of the tone is left out at both ends."""
CLEAR = 30.0
"""The tone's line in the spectrum is at least so many times its median."""
LEAST_SECONDS = 1.0


def sweeps_and_tone(samplerate: int) -> Signal:
    """The sweeps of audio.measure.calibration, then two seconds of 440 Hz; shape (frames,), full scale =
    1."""
    time = np.arange(int(TONE_SECONDS * samplerate)) / samplerate
    tone = np.sin(2 * np.pi * TONE_HZ * time) * amplitude(TONE_DBFS)
    return np.concatenate([sweeps(samplerate), tone.astype(np.float32)])


def write(path: Path, signal: Signal, samplerate: int) -> Path:
    """16 bit mono, as the capture process plays it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(samplerate)
        file.writeframes(np.rint(signal * 32767).astype("<i2").tobytes())
    return path


@dataclass(frozen=True)
class Tone:
    hz: float
    drift_db: float
    """Level of its last third minus that of its first."""

    @property
    def cents(self) -> float:
        return float(1200 * np.log2(self.hz / TONE_HZ))


def look_for_tone(sound: Sound, begins_at: int) -> Tone | None:
    """Frequency and steadiness of the tone in a recording in which the sweeps begin at `begins_at`.

    None where it is not the strongest thing there.
    """
    rate = sound.samplerate
    begin = begins_at + len(sweeps(rate)) + int(EDGE_SECONDS * rate)
    part = sound.part(begin, begin + int((TONE_SECONDS - 2 * EDGE_SECONDS) * rate)).astype(np.float64)
    if len(part) < LEAST_SECONDS * rate:
        return None
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    peak = int(spectrum[1:-1].argmax()) + 1
    if spectrum[peak] < CLEAR * np.median(spectrum):
        return None
    # The vertex of a parabola through the logarithms around the peak (Gasior, Gonzalez 2004).
    left, middle, right = np.log(spectrum[peak - 1 : peak + 2])
    shift = 0.5 * (left - right) / (left - 2 * middle + right)
    third = len(part) // 3
    first, last = (float(np.sqrt(np.mean(p * p))) for p in (part[:third], part[-third:]))
    drift = 20 * np.log10(max(last, 1e-9) / max(first, 1e-9))
    return Tone(float((peak + shift) * rate / len(part)), float(drift))
