"""Everything that can be measured about one take, in one place."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.audioerror import AudioError
from audio.device.player import load_sound
from audio.file.wavread import Sound
from audio.judge.song import SongHeard, Songs, recognise
from audio.measure.alignment import find
from audio.measure.flaws import Tops, Zeros, measure_tops, measure_zeros
from audio.measure.framelevels import Levels, measure_levels
from audio.measure.knocks import without_knocks
from audio.measure.leakage import LEFT_DB, Leak, find_leak, levels_of
from audio.measure.pitch import RATE, Pitch, lowered, lowered_signal, track_signal
from audio.measure.room import Edge, find_edge, find_hum
from audio.measure.singing import AUDIBLE_DBFS, Voice, find_voice, floor_of, pumps
from audio.measure.spectrum import Colour, Hum, measure_colour, tonal_windows
from audio.measure.stuck import Stuck, find_stuck, without
from audio.measure.vocal import Vocal, find_voices
from config.kit import Limits
from config.takes import Loss

log = logging.getLogger(__name__)
LAG_REACH_SECONDS = 0.5
"""The stored beginning of the accompaniment is good to the driver's buffers."""


@dataclass(frozen=True)
class Expectation:
    """What is known of a take without its samples."""

    min_seconds: float
    max_seconds: float
    floor_dbfs: float | None
    """The room in the pupil's headset check; None where it was skipped."""
    loss: Loss
    ended_by: str
    """As in audio.protocol.messages.TakeSaved."""
    accompaniment: Path | None
    """What played while the pupil sang, at the device rate."""
    accompaniment_at: int | None
    """Where it began, in frames of the take."""
    songs: Songs | None = None
    """What is written; None where nobody wants to know."""


@dataclass(frozen=True)
class Leakage:
    """The accompaniment in the microphone."""

    gain_db: float
    """RMS relative to what was played."""
    at: int | None
    """Frame of the take at which it begins, to the frame; None where only its level is certain."""
    known: NDArray[np.float32] | None = None
    """What was played, at audio.measure.pitch.RATE."""
    through: Leak | None = None


@dataclass(frozen=True)
class Evidence:
    """All measures of one take."""

    samplerate: int
    seconds: float
    complete: bool
    levels: Levels
    floor: float
    voice: Voice
    """From the first tone to the last."""
    voices: Vocal
    """What of it is a voice."""
    tops: Tops
    zeros: Zeros
    stuck: tuple[Stuck, ...]
    knocks: int
    colour: Colour
    edge: Edge
    room_hum: Hum | None
    """In the moments in which nobody sings; None without such moments."""
    leak: Leakage | None
    pumping: bool
    song: SongHeard | None


def measure(sound: Sound, expectation: Expectation, limits: Limits) -> Evidence:
    """Everything that can be measured, once; dead pieces of the microphone say nothing of the rest."""
    stuck = find_stuck(sound)
    alive = without(sound, stuck)
    levels = measure_levels(alive)
    floor = floor_of(levels, expectation.floor_dbfs, limits)
    voice = find_voice(tonal_windows(alive), levels, floor, limits.voice_margin)
    span = round(voice.begin * sound.samplerate), round(voice.end * sound.samplerate)
    sung, knocks = without_knocks(alive)
    tops = measure_tops(sung, limits.flat_run)
    low = lowered(alive)
    leak = _leak(sound, low if alive is sound else lowered(sound), expectation)
    low, pitch = _pitch_without_music(low, None if stuck else leak)
    least = max(floor + limits.voice_margin, AUDIBLE_DBFS)
    voices = find_voices(low, pitch, least, distorted=tops.clipped)
    return Evidence(
        samplerate=sound.samplerate,
        seconds=sound.seconds,
        complete=sound.complete,
        levels=levels,
        floor=floor,
        voice=voice,
        voices=voices,
        tops=tops,
        zeros=measure_zeros(alive, span, levels, limits.zero_run),
        stuck=stuck,
        knocks=knocks,
        colour=measure_colour(alive),
        edge=find_edge(alive),
        room_hum=find_hum(alive, levels),
        leak=leak,
        pumping=pumps(levels, voice),
        song=_song(pitch, voices, expectation),
    )


def _pitch_without_music(low: NDArray[np.float32], leak: Leakage | None) -> tuple[NDArray[np.float32], Pitch]:
    """The take at RATE without the music that came through the air, and the pitch of what is left."""
    if leak is None or leak.known is None or leak.through is None:
        return low, track_signal(low)
    music = leak.through.heard(leak.known, len(low))
    low = low - music
    pitch = track_signal(low)
    # What is left of the music is no voice.
    left = levels_of(music) - LEFT_DB > pitch.level
    return low, replace(pitch, clarity=np.where(left, 0.0, pitch.clarity))


def _leak(sound: Sound, heard: NDArray[np.float32], expectation: Expectation) -> Leakage | None:
    """The accompaniment in the take, where it is there beyond doubt; `heard` is the take at RATE."""
    if expectation.accompaniment is None or expectation.accompaniment_at is None:
        return None
    try:
        played = load_sound(expectation.accompaniment, sound.samplerate)
    except AudioError as error:
        log.warning("leakage can't be measured: %s", error)
        return None
    # A product takes a seventh of the time of mean(axis=1).
    known = np.asarray(played @ np.full(2, 1 / 65536, dtype=np.float32), dtype=np.float32)
    reach = round(LAG_REACH_SECONDS * sound.samplerate)
    whole = sound.part(0, len(sound.samples))
    found = find(known, whole, expectation.accompaniment_at, reach, sound.samplerate)
    exact = found if found is not None and found.certain else None
    about = exact.at if exact is not None else expectation.accompaniment_at
    low = lowered_signal(known, sound.samplerate)
    through = find_leak(low, heard, round(about * RATE / sound.samplerate))
    if through is not None and (through.certain or exact is not None):
        return Leakage(through.gain_db, exact.at if exact is not None else None, low, through)
    return Leakage(exact.gain_db, exact.at) if exact is not None else None


def _song(pitch: Pitch, voices: Vocal, expectation: Expectation) -> SongHeard | None:
    if expectation.songs is None or voices.spoken:
        return None
    return recognise(pitch.semitones[voices.pitched], expectation.songs)


def numbers_of(evidence: Evidence, expectation: Expectation) -> dict[str, float]:
    levels = evidence.levels
    numbers = {
        "seconds": round(evidence.seconds, 3),
        "voice_seconds": round(evidence.voices.seconds, 1),
        "peak_dbfs": round(levels.peak, 1),
        "rms_dbfs": round(levels.rms, 1),
        "loud_dbfs": round(levels.loud, 1),
        "dc": round(levels.dc, 5),
        "flat_runs": evidence.tops.flat_runs,
        "full_scale_samples": evidence.tops.full_scale,
        "zero_share": round(evidence.zeros.share, 4),
        "longest_zero_ms": round(evidence.zeros.longest_ms, 2),
        "cuts": evidence.zeros.cuts,
        "hum_db": round(evidence.colour.hum.prominence, 1),
        "high_db": round(evidence.colour.high, 1),
        "edge_db": round(evidence.edge.fall, 1),
        "lost_ms": round(lost_ms(expectation.loss), 1),
    }
    if expectation.floor_dbfs is not None:
        numbers["floor_dbfs"] = round(evidence.floor, 1)
        numbers["snr_db"] = round(levels.loud - evidence.floor, 1)
    if evidence.stuck:
        numbers |= _of_dead_pieces(evidence)
    if evidence.leak is not None:
        numbers["leakage_db"] = round(evidence.leak.gain_db, 1)
        if evidence.leak.at is not None:
            numbers["accompaniment_heard_at"] = evidence.leak.at
    if evidence.song is not None:
        numbers |= _of_song(evidence.song)
    return numbers


def _of_dead_pieces(evidence: Evidence) -> dict[str, float]:
    longest = max(evidence.stuck, key=lambda piece: piece.end - piece.begin)
    dead = sum(piece.end - piece.begin for piece in evidence.stuck)
    return {
        "muted_from": round(longest.begin / evidence.samplerate, 1),
        "muted_to": round(longest.end / evidence.samplerate, 1),
        "muted_seconds": round(dead / evidence.samplerate, 1),
    }


def _of_song(song: SongHeard) -> dict[str, float]:
    numbers: dict[str, float] = {
        "likeness": song.wanted.likeness,
        "sung_share": song.wanted.share,
        "key_midi": song.wanted.key,
        "beat_seconds": song.wanted.beat,
        "lowest_midi": song.wanted.lowest,
        "highest_midi": song.wanted.highest,
    }
    if song.sounds_like is not None:
        numbers["sounds_like_item"] = song.sounds_like
    return numbers


def lost_ms(loss: Loss) -> float:
    """What is missing, as far as it is known."""
    return max(0.0, loss.short_ms) if loss.drift_ppm is None else loss.lost_ms
