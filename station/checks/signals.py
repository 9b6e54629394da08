"""What the self-test plays, and what comes back: chirps for place and time, a tone for rate and level."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.alignment import Found, find
from audio.wavread import Sound

CHIRPS = 5
CHIRP_SECONDS = 0.2
CHIRP_HZ = (300.0, 8000.0)
CHIRP_EVERY = 0.6
PEAK_DBFS = -12.0
TONE_HZ = 440.0
TONE_AT = CHIRPS * CHIRP_EVERY + 0.2
TONE_SECONDS = 2.0
LEAD_SECONDS = 0.5
"""So much is recorded before and after the signals."""
REACH_SECONDS = 0.4
Signal = NDArray[np.float32]


def chirp(samplerate: int) -> Signal:
    """A linear sweep of 0.2 s from 300 to 8000 Hz with soft ends; its lag is found down to -60 dB."""
    time = np.arange(int(CHIRP_SECONDS * samplerate)) / samplerate
    low, high = CHIRP_HZ
    phase = 2 * np.pi * (low * time + (high - low) * time**2 / (2 * CHIRP_SECONDS))
    fade = np.minimum(1, np.minimum(time, CHIRP_SECONDS - time) / 0.005)
    return np.asarray(np.sin(phase) * fade * 10 ** (PEAK_DBFS / 20), dtype=np.float32)


def chirps_and_tone(samplerate: int) -> Signal:
    """Five chirps, then two seconds of 440 Hz."""
    whole = np.zeros(int((TONE_AT + TONE_SECONDS) * samplerate), dtype=np.float32)
    sweep = chirp(samplerate)
    for number in range(CHIRPS):
        begin = int(number * CHIRP_EVERY * samplerate)
        whole[begin : begin + len(sweep)] = sweep
    time = np.arange(int(TONE_SECONDS * samplerate)) / samplerate
    begin = int(TONE_AT * samplerate)
    whole[begin : begin + len(time)] = np.sin(2 * np.pi * TONE_HZ * time) * 10 ** (PEAK_DBFS / 20)
    return whole


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
class Heard:
    """What the microphone heard of the signals."""

    gain_db: float
    """Level of the chirps in the microphone relative to what was played; the median."""
    offset_frames: int
    """Where the first chirp was found, minus where the recorder says that it is."""
    jitter_frames: int
    """Largest difference between the five chirps' places."""


def look_for_chirps(sound: Sound, begins_at: int) -> Heard | None:
    """None where the chirps are not heard beyond doubt in at least four of five."""
    sweep, rate = chirp(sound.samplerate), sound.samplerate
    recording = sound.part(0, len(sound.samples))
    found: list[tuple[int, Found]] = []
    for number in range(CHIRPS):
        place = begins_at + int(number * CHIRP_EVERY * rate)
        hit = _find(sweep, recording, place, round(REACH_SECONDS / 2 * rate), rate)
        if hit is not None and hit.certain:
            found.append((hit.at - place, hit))
    if len(found) < CHIRPS - 1:
        return None
    places = [place for place, _ in found]
    return Heard(
        gain_db=float(np.median([hit.gain_db for _, hit in found])),
        offset_frames=int(np.median(places)),
        jitter_frames=max(places) - min(places),
    )


def _find(sweep: Signal, recording: Signal, place: int, reach: int, rate: int) -> Found | None:
    """Padded, so that a chirp near the beginning of the recording can be looked for."""
    padded = np.concatenate([np.zeros(reach, dtype=np.float32), recording, np.zeros(2 * reach, np.float32)])
    hit = find(sweep, padded, place + reach, reach, rate)
    if hit is None:
        return None
    return Found(hit.at - reach, hit.sharpness, hit.agreeing, hit.gain_db)


@dataclass(frozen=True)
class Tone:
    hz: float
    drift_db: float
    """Level of its last third minus that of its first."""

    @property
    def cents(self) -> float:
        return float(1200 * np.log2(self.hz / TONE_HZ))


def look_for_tone(sound: Sound, begins_at: int) -> Tone | None:
    """Frequency and steadiness of the tone; None where it is not the strongest thing there."""
    rate = sound.samplerate
    begin = begins_at + int((TONE_AT + 0.2) * rate)
    part = sound.part(begin, begin + int((TONE_SECONDS - 0.4) * rate)).astype(np.float64)
    if len(part) < rate:
        return None
    window = np.hanning(len(part))
    spectrum = np.abs(np.fft.rfft(part * window))
    peak = int(spectrum[1:-1].argmax()) + 1
    if spectrum[peak] < 30 * np.median(spectrum):
        return None
    # The vertex of a parabola through the logarithms around the peak (Gasior, Gonzalez 2004).
    left, middle, right = np.log(spectrum[peak - 1 : peak + 2])
    shift = 0.5 * (left - right) / (left - 2 * middle + right)
    third = len(part) // 3
    first, last = (float(np.sqrt(np.mean(p * p))) for p in (part[:third], part[-third:]))
    drift = 20 * np.log10(max(last, 1e-9) / max(first, 1e-9))
    return Tone(float((peak + shift) * rate / len(part)), float(drift))
