"""What else sounds in a school: tones, motors, water, bells, alarms, noise."""

from __future__ import annotations

import numpy as np

from tests.audio.recordings import RATE, Signal

SECONDS = 12.0
TIME = np.arange(round(SECONDS * RATE)) / RATE


def _noise(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(len(TIME))


def _band(signal: np.ndarray, low: float, high: float) -> np.ndarray:
    spectrum, hertz = np.fft.rfft(signal), np.fft.rfftfreq(len(signal), 1 / RATE)
    return np.fft.irfft(spectrum * ((hertz >= low) & (hertz < high)), len(signal))


def _buzz(hertz: np.ndarray, partials: int) -> np.ndarray:
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    return np.asarray(sum(np.sin(number * phase) / number for number in range(1, partials + 1)))


def _done(sound: np.ndarray) -> Signal:
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)


def tone(hertz: float) -> Signal:
    return _done(np.sin(2 * np.pi * hertz * TIME))


def two_tones() -> Signal:
    return _done((np.sin(2 * np.pi * 440 * TIME) + np.sin(2 * np.pi * 480 * TIME)) * (TIME % 3 < 1.5))


def buzzer(hertz: float = 300.0) -> Signal:
    return _done(np.sign(np.sin(2 * np.pi * hertz * TIME)))


def motor(hertz: float = 47.0) -> Signal:
    return _done(_buzz(hertz * (1 + 0.01 * np.sin(2 * np.pi * 0.7 * TIME)), 25) + 0.3 * _noise())


def washing_machine() -> Signal:
    drum = 1 + 0.7 * np.sin(2 * np.pi * 0.8 * TIME)
    return _done(_band(_noise(1), 60, 900) * drum + 0.4 * _buzz(np.full_like(TIME, 97.0), 10) * drum)


def spin_dryer() -> Signal:
    return _done(_buzz(120 + 60 * np.sin(2 * np.pi * 0.12 * TIME), 20) + 0.4 * _noise(2))


def vacuum_cleaner() -> Signal:
    return _done(_band(_noise(3), 100, 8000) + 0.6 * _buzz(340 + 6 * np.sin(2 * np.pi * 0.3 * TIME), 9))


def kettle() -> Signal:
    whistle = np.sin(2 * np.pi * np.cumsum(1500 + 900 * np.clip(TIME / 6, 0, 1)) / RATE)
    return _done(whistle * np.clip(TIME / 6, 0, 1) + 0.2 * _band(_noise(4), 500, 9000))


def water() -> Signal:
    random, sound = np.random.default_rng(5), 0.3 * _band(_noise(5), 300, 9000)
    for begin in random.integers(0, len(TIME) - 3000, 800):
        time = np.arange(3000) / RATE
        drop = np.sin(2 * np.pi * random.uniform(400, 3000) * (1 + 3 * time) * time)
        sound[begin : begin + 3000] += drop * np.exp(-time * random.uniform(60, 300))
    return _done(sound)


def bell() -> Signal:
    time = TIME % 2.4
    parts = ((523, 1.5), (1100, 2.0), (1680, 3.0), (2600, 4.0))
    return _done(
        np.sum([np.sin(2 * np.pi * hertz * time) * np.exp(-time * fade) for hertz, fade in parts], axis=0)
    )


def alarm() -> Signal:
    hertz = np.where((TIME * 12).astype(int) % 2, 1300.0, 1000.0)
    return _done(np.sin(2 * np.pi * np.cumsum(hertz) / RATE) * (TIME % 3 < 1.5))


def siren() -> Signal:
    hertz = 800 + 400 * np.sin(2 * np.pi * 0.3 * TIME)
    return _done(_buzz(hertz, 3))


def whistle() -> Signal:
    notes = np.repeat((0, 2, 4, 5, 7, 5, 4, 2, 0, 4, 2, 0), RATE)[: len(TIME)]
    wander = np.interp(TIME * 20, np.arange(260), np.random.default_rng(6).standard_normal(260))
    hertz = 1050 * 2 ** (notes / 12) * 2 ** (12 * wander / 1200)
    return _done(np.sin(2 * np.pi * np.cumsum(hertz) / RATE))


def white() -> Signal:
    return _done(_noise(7))


def fan() -> Signal:
    spectrum, hertz = np.fft.rfft(_noise(8)), np.fft.rfftfreq(len(TIME), 1 / RATE)
    return _done(np.fft.irfft(spectrum / np.maximum(hertz, 30), len(TIME)) + 0.0)


def typing() -> Signal:
    random, sound = np.random.default_rng(9), np.zeros(len(TIME))
    for begin in np.sort(random.integers(0, len(TIME) - 2000, 80)):
        sound[begin : begin + 2000] += random.standard_normal(2000) * np.exp(-np.arange(2000) / 200)
    return _done(sound)
