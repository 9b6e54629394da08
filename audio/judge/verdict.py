"""What the station says of a finished take, from its file and from what the recorder counted.

1. Any reason makes a take not ok: each names something that a retake in better conditions would mend.
   What only may spoil it is a remark: kept beside the take, never shown as a failure.
2. A reason that explains others stands alone: of a silent take it is not said that it is quiet too.
3. Thresholds are those of config.kit.limits; a kit may change them.
"""

from __future__ import annotations

from pathlib import Path

from audio.device.drift import MAX_PPM
from audio.file.wavread import read_wav
from audio.judge.evidence import Evidence, Expectation, measure, numbers_of
from audio.judge.reasons import in_order
from audio.judge.remarks import in_order as remarks_in_order
from audio.measure.room import EDGE_DB, STILL_DB, Edge
from audio.measure.spectrum import Colour
from config.kit import Limits
from config.takes import Loss, Verdict

SILENT_DBFS = -80.0
"""Loud frames below this: an open microphone is louder even in an empty room."""
MIN_VOICE_SECONDS = 1.6
MIN_VOICE_SHARE = 0.05
SHORT_VOICE_SHARE = 0.3
SPARSE_SHARE = 0.3
SPARSE_FROM_SECONDS = 12.0
"""A shorter take is mostly the waiting before the first note."""
SHORT_TOLERANCE_SECONDS = 0.1
UNTOLD_MS = 50.0
"""Recorded time may differ from the clock by this beside all drift, where no single step is seen."""
UNTOLD_DRIFT = 500e-6
"""The drift that is allowed for where steps were not measured: takes of before."""
FLAGGED_SHARE = 0.2
"""With the driver's word that input was lost, this part of UNTOLD_MS proves it there."""
HUM_SUNG_SHARE = 0.5
"""Where so much of the time somebody sings just this frequency, it is a note."""
HUM_BELOW_DB = 8.0
"""Hum under singing without a pause is this far below its loud frames."""
SHORT_WINDOW_DB = 10.0
"""Short windows show a line less clearly than those of a second (measured: 29 for 39 dB)."""
BROKEN_OFF = ("device", "disk")


def judge(path: Path, expectation: Expectation, limits: Limits) -> Verdict:
    """Judge a take from its file. Raises UnreadableWavError (a StationError)."""
    sound = read_wav(path)
    evidence = measure(sound, expectation, limits)
    reasons = in_order(reasons_for(evidence, expectation, limits))
    return Verdict(
        ok=not reasons,
        reasons=reasons,
        numbers=numbers_of(evidence, expectation),
        sha256=sound.sha256,
        remarks=remarks_in_order(remarks_for(evidence, reasons)),
    )


def reasons_for(evidence: Evidence, expectation: Expectation, limits: Limits) -> set[str]:
    """Codes of everything that spoils the take."""
    found = set()
    if expectation.ended_by in BROKEN_OFF or not evidence.complete:
        found.add("partial")
    elif evidence.seconds + SHORT_TOLERANCE_SECONDS < expectation.min_seconds:
        found.add("short")
    if lost(expectation.loss, evidence.seconds, limits):
        found.add("lost_samples")
    loud = evidence.levels.loud
    if loud < SILENT_DBFS:
        return found | {"silent"}
    if hums(evidence, limits):
        found.add("hum")
    if evidence.tops.clipped:
        found.add("clipped")
    elif abs(evidence.levels.dc) > limits.dc:
        # Clipping on one side alone moves the mean.
        found.add("dc")
    if evidence.zeros.kind != "none":
        found.add(evidence.zeros.kind)
    if evidence.stuck and evidence.zeros.kind != "gated":
        # A gate lets nothing through for seconds, too, where nobody sings for so long.
        found.add("muted")
    if evidence.leak is not None and evidence.leak.gain_db > limits.leakage:
        found.add("leakage")
    if evidence.voices.seconds < least_voice(evidence.seconds):
        return found - {"gated", "dropouts"} | {"no_singing"}
    if loud < limits.quiet:
        found.add("quiet")
    elif expectation.floor_dbfs is not None and loud - evidence.floor < limits.snr_bad:
        found.add("noisy")
    if is_narrow(evidence.edge, evidence.colour, limits):
        found.add("band_limited")
    return found


def least_voice(seconds: float) -> float:
    """How much voice a take of so many seconds must have; one that broke off early can't have much."""
    return max(min(MIN_VOICE_SECONDS, SHORT_VOICE_SHARE * seconds), MIN_VOICE_SHARE * seconds)


def remarks_for(evidence: Evidence, reasons: tuple[str, ...]) -> set[str]:
    """Codes of what was noticed and does not count."""
    found = set()
    if evidence.knocks:
        found.add("bump")
    if "no_singing" not in reasons and "silent" not in reasons:
        if evidence.voices.spoken:
            found.add("spoken")
        if evidence.song is not None and evidence.song.is_other:
            found.add("other_song")
        if (
            evidence.seconds >= SPARSE_FROM_SECONDS
            and evidence.voices.seconds < SPARSE_SHARE * evidence.seconds
        ):
            found.add("sparse")
    if evidence.pumping and not reasons:
        found.add("agc")
    return found


def hums(evidence: Evidence, limits: Limits) -> bool:
    """Hum is there all the time: in each quarter of the take, and while nobody sings, too."""
    whole, room = evidence.colour.hum, evidence.room_hum
    seen = whole.prominence > limits.hum and whole.level > limits.floor_good
    if room is None:
        # A held note is itself the loudest thing there, and its partials lie where it has them.
        return (
            seen
            and whole.level < evidence.levels.loud - HUM_BELOW_DB
            and evidence.voices.partial_at(whole.hertz) < HUM_SUNG_SHARE
        )
    return room.level > limits.floor_good and room.prominence > limits.hum - SHORT_WINDOW_DB * seen


def is_narrow(edge: Edge, colour: Colour, limits: Limits) -> bool:
    """Whether a path with a low sampling rate cut off what is high, of the room, too."""
    return edge.fall > EDGE_DB and (colour.high < limits.hf or edge.moves < STILL_DB)


def lost(loss: Loss, seconds: float, limits: Limits) -> bool:
    """Whether the counters prove that samples are missing. Flags alone don't: they come without loss."""
    if loss.drift_ppm is None:
        short = loss.short_ms - 1000 * UNTOLD_DRIFT * seconds
        return short > UNTOLD_MS or (loss.overflows > 0 and short > FLAGGED_SHARE * UNTOLD_MS)
    # A clock that is slower than any card's is loss that comes in pieces too small to be seen.
    return loss.lost_ms > limits.lost or loss.short_ms - MAX_PPM * seconds / 1000 > UNTOLD_MS
