"""How much later a sound comes back than the streams' clocks say: the round trip of a headset.

1. Three short sweeps are played while a take runs; the recorder says where they should be in the take
   (`accompaniment_at`), the recording says where they are. The difference is the correction.
2. Enough leaks from the headphones into the microphone: one sweep was found in the right place down to
   -60 dB. Three of them at uneven distances can't be mistaken for one another, and when they disagree,
   samples were lost between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audio.file.wavread import Sound
from audio.levels import amplitude
from audio.measure.alignment import SHARP, Signal, find

SWEEP_SECONDS = 0.2
SWEEP_HZ = (300.0, 8000.0)
"""What every headset and every path, Bluetooth included, lets through."""
LEVEL_DBFS = -12.0
FADE_SECONDS = 0.01
STARTS_SECONDS = (0.1, 0.43, 0.89)
TAIL_SECONDS = 0.3
REACH_SECONDS = 0.75
"""The largest error of stream times that was measured is 0.72 s."""
STEP_SECONDS = 0.02
SPREAD_FRAMES = 1
ECHO_SECONDS = 0.4
"""A room of a reverberation of 0.6 s has faded by 40 dB."""
ROOM_SECONDS = 0.005
"""What comes so long before the sweep is the room alone."""
WEAK = 1e-3


@dataclass(frozen=True)
class Calibration:
    """What a recording of the sweeps says."""

    offset: int
    """Frames that the sound comes later than the recorder predicted."""
    spread: int
    """Frames by which the sweeps disagree."""
    sharpness: float
    gain_db: float
    """Level in the microphone relative to what was played: leakage, in dB."""

    @property
    def certain(self) -> bool:
        return self.sharpness >= SHARP and self.spread <= SPREAD_FRAMES


def sweep(samplerate: int) -> Signal:
    """One sweep, shape (frames,), full scale = 1."""
    frames = round(SWEEP_SECONDS * samplerate)
    time = np.arange(frames) / samplerate
    low, high = SWEEP_HZ[0], min(SWEEP_HZ[1], 0.45 * samplerate)
    phase = 2 * np.pi * (low * time + (high - low) * time**2 / (2 * SWEEP_SECONDS))
    fade = round(FADE_SECONDS * samplerate)
    shape = np.minimum(1, np.minimum(np.arange(frames), np.arange(frames)[::-1]) / fade)
    return np.asarray(np.sin(phase) * shape * amplitude(LEVEL_DBFS), dtype=np.float32)


def sweeps(samplerate: int) -> Signal:
    """What is played, shape (frames,), full scale = 1."""
    one = sweep(samplerate)
    sound = np.zeros(
        round((STARTS_SECONDS[-1] + SWEEP_SECONDS + TAIL_SECONDS) * samplerate), dtype=np.float32
    )
    for begin in _starts(samplerate):
        sound[begin : begin + len(one)] = one
    return sound


def _starts(samplerate: int) -> list[int]:
    return [round(seconds * samplerate) for seconds in STARTS_SECONDS]


def calibrate(recording: Sound, predicted_at: int) -> Calibration | None:
    """Find the sweeps in a take in which they were predicted at frame `predicted_at`.

    None where the take is too short or silent; an answer that is not `certain` must not be used.
    """
    rate = recording.samplerate
    whole = recording.part(0, len(recording.samples))
    found = find(sweeps(rate), whole, predicted_at, round(REACH_SECONDS * rate), rate)
    if found is None:
        return None
    alone = [
        find(sweep(rate), whole, found.at + begin, round(STEP_SECONDS * rate), rate)
        for begin in _starts(rate)
    ]
    places = [one.at - begin for one, begin in zip(alone, _starts(rate), strict=True) if one is not None]
    if len(places) < len(alone):
        return None
    return Calibration(
        offset=sorted(places)[1] - predicted_at,
        spread=max(places) - min(places),
        sharpness=found.sharpness,
        gain_db=_gain_through(sweeps(rate), whole, sorted(places)[1], rate),
    )


def _gain_through(played: Signal, heard: Signal, at: int, rate: int) -> float:
    """Level in dB of all that comes back, echoes included: by the impulse response, less the room's noise."""
    before, after = round(ROOM_SECONDS * rate), round(ECHO_SECONDS * rate)
    begin = max(0, at - before - after)
    part = heard[begin : at + len(played) + after]
    size = 1 << (len(part) + len(played)).bit_length()
    source = np.fft.rfft(played, size)
    power = np.abs(source) ** 2
    taps = np.fft.irfft(np.fft.rfft(part, size) * np.conj(source) / (power + WEAK * power.max()), size)

    def through(first: int) -> float:
        return float((np.abs(np.fft.rfft(taps[max(0, first) : first + after], size)) ** 2 * power).sum())

    direct = at - begin - before
    room = through(direct - after) if direct >= after else 0.0
    gained = max(through(direct) - room, 1e-14 * float(power.sum())) / float(power.sum())
    return float(10 * np.log10(gained))
