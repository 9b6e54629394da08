"""Where somebody sings or speaks, told from machines, tones, instruments, drums and a distant murmur.

Each window of five seconds is judged by its traits (audio.measure.traits); what has a pitch in a window that
is a voice is voice. Distant murmuring has no pitch of its own, a machine's does not move.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from audio.measure.pitch import HOP_SECONDS, Pitch
from audio.measure.traits import Traits, runs_of, traits_of, vowels_of, windows_of

WINDOW_SECONDS = 5.0
WINDOW_HOP_SECONDS = 2.5
LEAST_SECONDS = 0.4
"""Of pitch in a window: less tells nothing."""
BRIDGE_SECONDS = 0.6
"""Consonants and breath between two notes belong to the singing."""
MOVING = (4.5, 45.0)
"""Hundredths of a semitone in 20 ms. Plucked, blown: below 3; singing 5.9 to 23, speech to 40."""
UNEVEN_DB = (4.3, 15.5)
"""Bowed strings: below 3, voices 5.5 to 13; a whistle, whose pitch is above all voices, 20."""
TYPICAL_UNEVEN_DB = 7.0
HIGH_HZ, UNEVEN_HIGH_DB = 400.0, 3.4
"""A high voice has few partials."""
ALIVE_DB = 1.2
"""So much less is asked of a pitch that trembles and wanders as no vibrato does..."""
ALIVE_CENTS = (25.0, 120.0)
"""...so far within a note; what wanders further is several notes on one breath."""
GLIDING, LEAST_DWELLING = 160.0, 0.4
"""A run that is wider than this and rests nowhere is a siren or a motor that starts."""
WIDEST = 22.0
NOISY = ((1.35, 1.01), (1.1, 0.93))
"""Noise makes a pitch tremble more than it moves, and blurs it: ratio, and clarity below which it counts."""
CLARITY = 0.85
STRUCK_AT, STRUCK_DB = 0.06, -10.0
HELD = (0.8, 0.93, 0.5, -15.0)
"""One held note, less wide than the first: at least so clear, so long, and not fading as a bell does."""
SMOOTH = 0.25
"""A pitch that moves without any trembling is a siren; vibrato trembles 0.6 of its movement, voices more."""
VOWELS_DB = 4.1
"""Instruments: up to 3.5, singing with words: 4 to 14 (measured)."""
RIGID_UNEVEN_DB, RIGID_PURE, RIGID_CLARITY, RIGID_SPREAD = 5.5, 0.85, 0.93, 2.0
SPOKEN_SPREAD = 0.5
SPOKEN_SHAKING, SPOKEN_BREATHING, SPOKEN_CLARITY = 0.9, 0.07, 0.82
SPOKEN = 1.6
PARTIAL_NEAR = 0.04
MOST_BREATHING = 0.8
"""A voice below all pitches that are looked for seems to be breath alone."""


@dataclass(frozen=True)
class Vocal:
    """Everything that is a voice in a recording."""

    pitched: NDArray[np.bool_]
    """For each HOP_SECONDS: a voice with a pitch, shape (n,)."""
    seconds: float
    """Sung or spoken, with the consonants between."""
    spoken: bool
    """It sounds like speech."""
    hertz: NDArray[np.float64]
    """Pitch of the frames of `pitched`, shape (n of them,)."""

    def partial_at(self, hertz: float) -> float:
        """Share of the voice's time in which one of its partials is there."""
        if not self.hertz.size:
            return 0.0
        number = np.maximum(1, np.rint(hertz / self.hertz))
        return float(np.mean(np.abs(number * self.hertz / hertz - 1) < PARTIAL_NEAR))


def find_voices(
    signal: NDArray[np.float32], pitch: Pitch, least_dbfs: float, *, distorted: bool = False
) -> Vocal:
    """`signal` and its `pitch` as of audio.measure.pitch; what is below `least_dbfs` is the room.

    What was `distorted` by clipping has lost its formants: its partials are not looked at.
    """
    pitched = np.zeros(len(pitch.level), dtype=np.bool_)
    runs = runs_of(pitch, least_dbfs)
    vowels = vowels_of(signal, pitch, runs)
    speech, weight = 0.0, 0.0
    for window in windows_of(len(pitched), WINDOW_SECONDS, WINDOW_HOP_SECONDS):
        inside = [run for run in runs if window.start <= run[len(run) // 2] < window.stop]
        if sum(map(len, inside)) * HOP_SECONDS < LEAST_SECONDS:
            continue
        traits = traits_of(signal, pitch, inside, window)
        if is_voice(replace(traits, uneven=TYPICAL_UNEVEN_DB) if distorted else traits, vowels):
            pitched[np.concatenate(inside)] = True
            speech += speechlike(traits) * traits.seconds
            weight += traits.seconds
    return Vocal(pitched, _bridged(pitched), weight > 0 and speech / weight >= SPOKEN, pitch.hertz[pitched])


def is_voice(traits: Traits, vowels: float) -> bool:
    """Whether one window holds a voice; `vowels` of the whole recording (audio.measure.traits)."""
    if traits.moving > MOVING[1] or traits.uneven > UNEVEN_DB[1]:
        return False
    if traits.moving < MOVING[0]:
        return _is_rigid_voice(traits, vowels)
    if traits.trembling < SMOOTH * traits.moving:
        return False
    if traits.loudest_at < STRUCK_AT and traits.fading < STRUCK_DB:
        return False
    if traits.uneven >= UNEVEN_DB[0] and _articulates(traits):
        return True
    least = UNEVEN_DB[0] if traits.hertz < HIGH_HZ else UNEVEN_HIGH_DB
    least -= ALIVE_DB if traits.trembling >= 5 and ALIVE_CENTS[0] <= traits.within <= ALIVE_CENTS[1] else 0.0
    if traits.uneven < least or traits.clarity < CLARITY or traits.spread > WIDEST:
        return False
    if traits.within > GLIDING and traits.dwelling < LEAST_DWELLING:
        return False
    if any(traits.trembling > ratio * traits.moving and traits.clarity < clarity for ratio, clarity in NOISY):
        return False
    spread, clarity, lasting, fading = HELD
    held = traits.clarity >= clarity and traits.lasting >= lasting and traits.fading > fading
    return traits.spread >= spread or held


def _is_rigid_voice(traits: Traits, vowels: float) -> bool:
    """A pitch that keeps still and sings words."""
    return (
        vowels >= VOWELS_DB
        and traits.uneven >= RIGID_UNEVEN_DB
        and traits.pure < RIGID_PURE
        and traits.clarity >= RIGID_CLARITY
        and traits.spread >= RIGID_SPREAD
        and traits.fading > STRUCK_DB * 2
    )


def _articulates(traits: Traits) -> bool:
    """Syllables and consonants, as in speech of one pitch."""
    return (
        traits.spread >= SPOKEN_SPREAD
        and traits.shaking >= SPOKEN_SHAKING
        and traits.breathing >= SPOKEN_BREATHING
        and traits.clarity >= SPOKEN_CLARITY
    )


def speechlike(traits: Traits) -> float:
    """How much a window is like speech: singing up to 1.45, speech from 1.5 (measured)."""
    return traits.shaking + min(5 * traits.breathing, MOST_BREATHING) + (0.5 - min(traits.lasting, 1.0))


def _bridged(pitched: NDArray[np.bool_]) -> float:
    """Seconds with short gaps filled."""
    places = np.flatnonzero(pitched)
    if not places.size:
        return 0.0
    steps = np.diff(places)
    joined = np.where(steps * HOP_SECONDS <= BRIDGE_SECONDS, steps, 1)
    return float((1 + joined.sum()) * HOP_SECONDS)
