"""Every sound of the corpus at several levels and in several rooms, with the verdict that is right for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

import numpy as np

from tests.audio.recordings import RATE, Signal, gain, noise, other_voice, voice
from tests.corpus import instruments, machines
from tests.corpus.voices import JOY, TWINKLE, Singer, murmur, sing, speak

Right = Literal["sung", "spoken", "nobody"]


@dataclass(frozen=True)
class Case:
    """One take: a sound with its peak in dBFS, in a room of white noise of an RMS in dBFS."""

    name: str
    right: Right
    sound: str
    peak: float
    room: float

    def signal(self) -> Signal:
        made = _made(self.sound)
        return made * gain(self.peak) + noise(len(made), self.room, seed=len(self.name))


def _chorus() -> Signal:
    voices = [sing(Singer(300, size, seed=seed)) for size, seed in ((0.72, 10), (0.74, 11), (0.7, 12))]
    return np.asarray(sum(voices) / 3, dtype=np.float32)


def _over(song: Callable[[], Signal], backing: Callable[[], Signal], decibels: float) -> Signal:
    sung, music = song(), backing()
    size = min(len(sung), len(music))
    return np.asarray((sung[:size] + music[:size] * gain(decibels)) / 1.5, dtype=np.float32)


def _real(speed: float) -> Signal:
    return other_voice(speed) if speed != 1 else voice()


SUNG: Mapping[str, Callable[[], Signal]] = {
    **{f"a real voice at {speed} times its speed": partial(_real, speed)
       for speed in (0.5, 0.6, 0.7, 0.85, 1, 1.2, 1.35, 1.5, 1.65, 1.8)},
    **{f"a child, tonic {hertz} Hz": partial(sing, Singer(hertz, seed=hertz))
       for hertz in (220, 250, 280, 300, 330, 370, 400, 450, 500)},
    **{f"a child sings joy, tonic {hertz} Hz": partial(sing, Singer(hertz, seed=hertz + 1), JOY)
       for hertz in (260, 320)},
    "a man": partial(sing, Singer(110, 1.0, seed=5)),
    "a boy whose voice breaks": partial(sing, Singer(165, 0.85, seed=6)),
    "a woman": partial(sing, Singer(220, 0.85)),
    "on la": partial(sing, Singer(350, vowels="a", seed=8)),
    "hummed": partial(sing, Singer(300, vowels="m", consonants=False, seed=7)),
    "hummed low": partial(sing, Singer(120, 1.0, vowels="m", consonants=False, seed=7)),
    "breathy": partial(sing, Singer(300, breath_db=-14)),
    "without vibrato": partial(sing, Singer(300, vibrato_cents=0)),
    "with wide vibrato": partial(sing, Singer(260, vibrato_cents=60)),
    "gliding": partial(sing, Singer(300, glide_seconds=0.2)),
    "fast": partial(sing, Singer(300), TWINKLE * 2, 0.2),
    "slow": partial(sing, Singer(300), TWINKLE, 1.1),
    "a low note held": partial(sing, Singer(100, 1.0, vowels="a"), ((0, 16),)),
    "a note held": partial(sing, Singer(150, 0.9, vowels="a"), ((0, 16),)),
    "in chorus": _chorus,
    "over chords": partial(_over, partial(sing, Singer(300, seed=13)), instruments.chords, -20.0),
    "over a violin": partial(_over, partial(sing, Singer(300, seed=13)), instruments.violin, -20.0),
}  # fmt: skip
SPOKEN: Mapping[str, Callable[[], Signal]] = {
    "a woman reads": partial(speak, 220.0, 12.0),
    "a man reads": partial(speak, 120.0, 12.0, 1.0, 3),
    "a child reads": partial(speak, 330.0, 12.0, 0.7, 5),
    "two people talk": lambda: np.concatenate([speak(220.0, 6.0), speak(120.0, 6.0, 1.0, 3)]),
}
NOBODY: Mapping[str, Callable[[], Signal]] = {
    **{f"a tone of {hertz} Hz": partial(machines.tone, hertz) for hertz in (100, 150, 440, 1000, 2000)},
    **{make.__name__.replace("_", " "): make
       for make in (machines.two_tones, machines.buzzer, machines.motor, machines.washing_machine,
                    machines.spin_dryer, machines.vacuum_cleaner, machines.kettle, machines.water,
                    machines.bell, machines.alarm, machines.siren, machines.whistle, machines.white,
                    machines.fan, machines.typing, instruments.violin, instruments.erhu,
                    instruments.trumpet, instruments.flute, instruments.clarinet, instruments.recorder,
                    instruments.piano, instruments.guitar, instruments.xylophone, instruments.accordion,
                    instruments.ringtone, instruments.drums, instruments.chords)},
    "a low violin": partial(instruments.violin, 220.0),
    "a violin plays joy": partial(instruments.violin, 330.0, 30.0, JOY),
    "a low flute": partial(instruments.flute, 392.0, 25.0),
    "a class murmurs": partial(murmur, 12.0),
    "another class murmurs": partial(murmur, 12.0, 20, 4),
}  # fmt: skip
_SOUNDS = {**SUNG, **SPOKEN, **NOBODY}


@cache
def _made(name: str) -> Signal:
    sound = _SOUNDS[name]()
    assert len(sound) > 2 * RATE
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)


def cases() -> Iterator[Case]:
    """All of them, always in the same order."""
    for name in SUNG:
        for peak, room in ((-9.0, -62.0), (-20.0, -62.0), (-9.0, -78.0)):
            yield Case(f"{name}, {peak:.0f} in {room:.0f} dBFS", "sung", name, peak, room)
    for name in SPOKEN:
        for peak, room in ((-9.0, -62.0), (-18.0, -70.0)):
            yield Case(f"{name}, {peak:.0f} in {room:.0f} dBFS", "spoken", name, peak, room)
    for name in NOBODY:
        for peak, room in ((-12.0, -62.0), (-26.0, -62.0), (-9.0, -78.0)):
            yield Case(f"{name}, {peak:.0f} in {room:.0f} dBFS", "nobody", name, peak, room)
