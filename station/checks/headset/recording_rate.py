"""What the clock says of a recording: samples come at the rate that they claim, and none is lost."""

from __future__ import annotations

import threading
from pathlib import Path

from audio.capture import LATE_SECONDS
from audio.device import WINDOW_SECONDS
from audio.file import read_wav
from audio.judge import lost as is_lost
from audio.judge import lost_ms
from audio.protocol import messages as heard
from config.base import say
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, Outcome, fail, ok
from station.checks.headset.microphone import curve, silent_take
from station.words.i18n import tr_noop

PACE_TOLERANCE = 0.02
"""Of the rate. The nearest two rates that devices have are 8 % apart (44.1 and 48 kHz); what one busy
moment does to a recording of some seconds is less."""
LOAD_SECONDS = 10.0
LOAD_THREADS = 2


def pace(bench: Bench) -> Finding:
    """A headset that runs at another rate than it says makes everything too high and too fast, or the
    reverse, and no tone that it plays itself can tell: it comes back as it went."""
    wanted = bench.settings.audio.samplerate
    found = samples_per_second(silent_take(bench), wanted)
    if abs(found / wanted - 1) > PACE_TOLERANCE:
        # Another look: a busy moment passes, a wrong clock stays.
        again = samples_per_second(silent_take(bench, "pace"), wanted)
        found = min(found, again, key=lambda rate: abs(rate - wanted))
    numbers = {"rate_hz": round(found), "wanted_hz": wanted}
    if abs(found / wanted - 1) > PACE_TOLERANCE:
        return fail(
            say("The headset delivers {rate_hz} samples a second instead of {wanted_hz}.", **numbers),
            say(
                "Pupils would sound out of tune. Set {wanted_hz} Hz for this microphone in the sound "
                "settings (Windows: its properties, Advanced, Default format), and plug it in without a hub.",
                wanted_hz=wanted,
            ),
            **numbers,
        )
    return ok(say("Samples come at the right rate: {rate_hz} a second.", **numbers), **numbers)


def samples_per_second(saved: heard.TakeSaved, wanted: int) -> float:
    """By the monotonic clock; `wanted`: the rate that the device claims."""
    late = saved.loss.short_ms / 1000
    # The quickest callbacks of the first and of the last WINDOW_SECONDS were compared, or the very last.
    compared = WINDOW_SECONDS if late <= LATE_SECONDS else 0.0
    return wanted * (1 - late / (saved.frames / wanted + late - compared))


def load(bench: Bench) -> Finding:
    """Record while this process is as busy as it can be."""
    bench.headset()
    stop = threading.Event()
    hogs = [threading.Thread(target=_hog, args=(stop,), name="load") for _ in range(LOAD_THREADS)]
    for hog in hogs:
        hog.start()
    try:
        saved = bench.recording("load", LOAD_SECONDS)
    finally:
        stop.set()
        for hog in hogs:
            hog.join()
    lost = saved.loss
    numbers = {
        "lost_ms": round(lost_ms(lost), 1),
        "longest_gap_ms": lost.longest_gap_ms,
        "overflows": lost.overflows,
    }
    series = {"level_dbfs": curve(read_wav(Path(saved.path)))}
    if is_lost(lost, LOAD_SECONDS, bench.limits):
        what = say(
            "{lost_ms} ms of {seconds} s were lost under load.", seconds=round(LOAD_SECONDS), **numbers
        )
        todo = say("Close other programs; plug the headset into another socket, without a hub.")
        return Finding(Outcome.FAIL, what, todo, numbers, series)
    what = say("Nothing lost in {seconds} s under load.", seconds=round(LOAD_SECONDS))
    return Finding(Outcome.OK, what, None, numbers, series)


def _hog(stop: threading.Event) -> None:
    count = 0
    while not stop.is_set():
        count += 1


CHECKS = (
    Check(
        "pace", Group.SOUND, tr_noop("True rate"),
        tr_noop("A headset at another rate than it says makes every pupil sing out of tune."),
        tr_noop("The samples of a recording are counted against the computer's clock."),
        pace, 30, needs=("opens",),
    ),
    Check(
        "load", Group.SOUND, tr_noop("Recording under load"),
        tr_noop("A busy computer must not lose a note."),
        tr_noop("Ten seconds are recorded while the computer is kept busy; the clock tells what is missing."),
        load, 40, usual=11.0, needs=("pace",),
    ),
)  # fmt: skip
