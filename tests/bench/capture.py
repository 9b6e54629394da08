"""`python -m tests.bench.capture [--minutes N] [--only PART]`: the capture process beside other recorders.

All recorders run at the same time on the same virtual card and hear the same counter ramp. Programs that
are not installed are left out. Markdown on stdout and into docs/bench-capture.md; progress on stderr.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from audio.device.card import VirtualCard
from audio.device.card import why_not as no_card
from audio.protocol import messages as ev
from audio.protocol.codec import decode
from config.kit.limits import Limits
from station.takes.examiner import FileExaminer
from tests.audio import jack
from tests.audio.capture import Capture, facts
from tests.audio.kills import kill_many
from tests.audio.recordings import voice, write_take
from tests.audio.wavs import RATE, ramp, write_wav
from tests.bench.machine import description, hogs
from tests.bench.recorders import STATION, WARM_SECONDS, Cost, lost, race
from tests.bench.telling import table, tell
from tests.station.loop import ITEM, place
from tests.tools.environment import ROOT

RESULTS = ROOT / "docs" / "bench-capture.md"
HOGS = 4
IDLE_SECONDS = 120.0
"""Where nothing is to be lost, more is not to be learnt."""
SPARE_SECONDS = 30
LIKE_WITH_LIKE = (
    "CPU: per cent of one core, user and system, with all helpers. The station keeps the headphones open, so "
    "that a sound begins at once and its place is known; other recorders do not. So there is a row for the "
    "station with the microphone only, and one for two ffmpegs that do what the station does."
)
RUNS = 20
KILLS = 200
VERDICT_RUNS = 5
VERDICT_SPEED = 10.0

PROGRAMS = ("pulseaudio", "jackd", "arecord", "sox", "ffmpeg")


# --- the same card for all


@contextmanager
def pulse(sound: Path) -> Iterator[VirtualCard]:
    """A card whose microphone hears `sound`; its server is never late, as hardware is not."""
    with tempfile.TemporaryDirectory(prefix="card-") as name, VirtualCard(Path(name) / "c") as card:
        player = subprocess.Popen(
            ["paplay", "--device=mic_feed", "--latency-msec=2000", str(sound)],
            env={**os.environ, **card.env},
        )
        for pid in (card.pid, player.pid):
            jack.as_hardware(pid)
        try:
            yield card
        finally:
            player.terminate()
            player.wait()


def on_pulse(folder: Path, seconds: float) -> str:
    sound = write_wav(folder / "ramp.wav", ramp(seconds + SPARE_SECONDS))
    found: list[dict[str, Cost]] = []
    for load, length in ((0, min(seconds, IDLE_SECONDS)), (HOGS, seconds)):
        tell(f"PulseAudio, {load} hogs, {length:.0f} s")
        with pulse(sound) as card, hogs(load):
            found.append(race({**os.environ, **card.env}, folder / f"pulse{load}", length))
    rows = [[name, *cells(found[0][name]), *cells(found[1][name])] for name in found[0]]
    heading = ["recorder", "lost, idle", "CPU %", "RSS MB", f"lost, {HOGS} CPU hogs", "CPU %", "RSS MB"]
    idle = f"{min(seconds, IDLE_SECONDS):.0f} s idle, {seconds:.0f} s beside hogs, all at once"
    return f"## PulseAudio, {idle}\n\n{LIKE_WITH_LIKE}\n\n" + table(heading, rows)


def cells(cost: Cost) -> list[str]:
    return [
        "nothing recorded" if cost.lost < 0 else str(cost.lost),
        f"{cost.cpu:.2f}",
        f"{cost.megabytes:.0f}",
    ]


def on_jack(folder: Path, seconds: float) -> str:
    """While the station's own process is as busy as can be; jack_capture runs beside it."""
    rows = []
    for where, name in (("outside", STATION), ("inside", "the same recorder inside the busy process")):
        length = seconds if where == "outside" else min(seconds, 20.0)
        tell(f"jackd, {where}, {length:.0f} s")
        rows += strict(folder, where, name, length)
    text = "the station's process busy: two threads that never rest, sorting that holds Python for 0.5 s"
    heading = ["recorder", "seconds", "lost", "the take's own counters: ms short"]
    return f"## jackd dummy, period 1024, {text}\n\n" + table(heading, rows)


def strict(folder: Path, where: str, name: str, seconds: float) -> list[list[str]]:
    sound = write_wav(folder / "ramp.wav", ramp(seconds + SPARE_SECONDS))
    path, beside = folder / f"{where}.wav", folder / f"{where}-jack_capture.wav"
    with jack.JackServer(folder, 1024) as card:
        env = {**os.environ, **card.env}
        command = [sys.executable, "-m", "tests.audio.hogged", where, jack.DEVICE, str(path), str(seconds)]
        with (folder / "station.log").open("ab") as log:
            station = subprocess.Popen(
                command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, encoding="utf-8"
            )
            assert station.stdin is not None
            assert station.stdout is not None
            station.stdout.readline()
            outlet = card.feed(sound)
            peer = None
            if shutil.which("jack_capture"):
                options = ["-p", outlet, "-c", "1", "-b", "16", "-d", f"{seconds:.0f}", "-dc", "-s"]
                peer = subprocess.Popen(
                    ["jack_capture", *options, "-fn", str(beside)],
                    env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                )  # fmt: skip
            time.sleep(1.0)
            station.stdin.write("go\n")
            station.stdin.flush()
            ended = decode(station.stdout.readline())
            station.wait()
            if peer is not None:
                peer.wait(60)
    assert isinstance(ended, ev.TakeSaved), ended
    rows = [[name, f"{seconds:.0f}", str(lost(path)), f"{ended.loss.short_ms:.0f}"]]
    if peer is not None and where == "outside":
        rows.append(["jack_capture", f"{seconds:.0f}", str(lost(beside)), "-"])
    return rows


# --- the station's own figures


def verdicts(folder: Path) -> str:
    """From the key to the verdict, of a take of a minute of real singing."""
    song, saved_after, judged_after = write_take(folder / "song.wav", voice()), [], []
    with Capture(folder, speed=VERDICT_SPEED) as capture:
        capture.open()
        time.sleep(0.5)
        for number in range(VERDICT_RUNS):
            tell(f"stop to verdict: {number + 1} of {VERDICT_RUNS}")
            after, take = len(capture.events), f"take-{number}"
            capture.send(ev.Feed(str(song)))
            capture.send(ev.StartTake(take, str(folder / f"{number}_s_1.wav"), 90, facts(take_id=take)))
            capture.wait(ev.TakeStarted, after=after)
            time.sleep(60 / VERDICT_SPEED)
            asked = time.perf_counter()
            capture.send(ev.StopTake(take))
            saved = capture.wait(ev.TakeSaved, after=after)
            saved_after.append(time.perf_counter() - asked)
            FileExaminer(Limits(), {}).take(take, Path(saved.path), saved.sha256, ITEM, None)
            judged_after.append(time.perf_counter() - asked)
    text = f"on the disk after {median(saved_after):.2f} s, judged after {median(judged_after):.2f} s"
    worst = f"(worst of {VERDICT_RUNS}: {max(judged_after):.2f} s)"
    block = "On a card up to 0.3 s pass before that, until the block with the moment of the key has come."
    return f"## From stop to verdict\n\nA take of 60 s is {text} {worst}. {block}\n"


def alignment(folder: Path, runs: int) -> str:
    found = []
    with tempfile.TemporaryDirectory(prefix="card-") as name, VirtualCard(Path(name) / "c") as card:
        for number in range(runs):
            tell(f"alignment: {number + 1} of {runs}")
            found.append(place(card, folder, number))
    errors = [abs(one.stored - one.true) for one in found]
    clocks = [abs(one.predicted - one.true) for one in found]
    right = sum(error <= 1 for error in errors)
    text = f"right to one sample in {right} of {runs} runs (largest error {max(errors)} samples)"
    before = f"From the streams' clocks alone it would be off by up to {max(clocks) / RATE * 1000:.1f} ms."
    return f"## Place of the accompaniment in the take\n\nThe stored place is {text}. {before}\n"


def kills(folder: Path, count: int) -> str:
    found = []
    for kill in kill_many(count, folder):
        found.append(kill)
        if len(found) % 20 == 0:
            tell(f"kills: {len(found)} of {count}")
    broken = sum(bool(kill.broken) or kill.found < kill.started for kill in found)
    worst = max(kill.missing for kill in found) / RATE * 1000
    text = f"{count} x kill -9 of the capture process, the station or both, at random moments of takes"
    return (
        f"## Kills\n\n{text}: {broken} takes missing or broken; of what the driver had handed over, at most "
        f"{worst:.0f} ms is missing. {sum(kill.interrupted for kill in found)} hit a running recorder.\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capture")
    parser.add_argument("--minutes", type=float, default=1.0, help="of each recording beside others")
    parser.add_argument("--quick", action="store_true", help="fewer runs and kills")
    parser.add_argument("--only", choices=["pulse", "jack", "verdict", "alignment", "kills"])
    wishes = parser.parse_args()
    if reason := no_card():
        tell(str(reason))
        return 2
    seconds = max(60 * wishes.minutes, 4 * WARM_SECONDS)
    with tempfile.TemporaryDirectory(prefix="bench-capture-") as name:
        parts: dict[str, Callable[[Path], str]] = {
            "pulse": lambda folder: on_pulse(folder, seconds),
            "jack": lambda folder: on_jack(folder, seconds),
            "verdict": verdicts,
            "alignment": lambda folder: alignment(folder, 3 if wishes.quick else RUNS),
            "kills": lambda folder: kills(folder, 20 if wishes.quick else KILLS),
        }
        if (missing := jack.why_not()) is not None:
            tell(missing)
            del parts["jack"]
        facts = description(["sounddevice"], PROGRAMS)
        texts = [f"# Capture beside other recorders\n\n`make bench-capture`: {facts}.\n"]
        for part, work in parts.items():
            if wishes.only in (None, part):
                folder = Path(name) / part
                folder.mkdir()
                texts.append(work(folder))
    document = "\n".join(texts)
    print(document)
    if wishes.only is None and not wishes.quick:
        RESULTS.write_text(document, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
