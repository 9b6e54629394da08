"""Virtual pupils: each sings the items with a voice and in a key of its own.

The key tells the pupil: pupil number k sings k % KEYS semitones above the lowest key, so that a take
filed under another pupil is heard, and found by a test that measures the fundamental.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from config.kit import Item, Note, parse_notation
from station.demo.synth import SynthVoice, at_peak, frequency, sing
from station.demo.wavwrite import write_wav

KEYS = 12
LOWEST_TONIC = 220.0
"""Hz; with twelve keys children's voices lie between A3 and G#5."""
PEAK_DBFS = -9.0
LEAD_SECONDS = 0.4
"""A pupil does not begin in the first instant."""
PHRASE = "1 2 3 4 5 -"
PHRASE_BEAT = 0.45


def voice_of(pupil_index: int) -> SynthVoice:
    """The voice of a pupil: key by index, size and breath vary with it."""
    tonic = frequency(LOWEST_TONIC, pupil_index % KEYS)
    breath = -38.0 + pupil_index % 5
    return SynthVoice(
        tonic, size=1.0 + 0.02 * (pupil_index % 7), breath=breath, seed=pupil_index, lively=True
    )


def sing_item(item: Item, pupil_index: int, samplerate: int, seconds: float, path: Path) -> Path:
    """Write what this pupil sings for an item, repeated until it fills `seconds`."""
    notes = parse_notation(item.notation) or parse_notation(PHRASE)
    beats = sum(note.beats for note in notes)
    beat = min(0.6, max(0.3, (seconds - LEAD_SECONDS) / beats))
    return _write(
        voice_of(pupil_index), notes * int(1 + seconds / (beats * beat)), beat, samplerate, seconds, path
    )


def sing_phrase(pupil_index: int, samplerate: int, path: Path) -> Path:
    """Write the phrase of the headset check, as this pupil sings it."""
    notes = parse_notation(PHRASE)
    return _write(voice_of(pupil_index), notes * 2, PHRASE_BEAT, samplerate, 4.0, path)


def _write(
    voice: SynthVoice, notes: Sequence[Note], beat: float, samplerate: int, seconds: float, path: Path
) -> Path:
    song = sing(voice, notes, beat, samplerate)
    lead = np.zeros(round(LEAD_SECONDS * samplerate), dtype=np.float32)
    whole = np.concatenate([lead, song])[: round(seconds * samplerate)]
    return write_wav(path, at_peak(whole, PEAK_DBFS), samplerate)
