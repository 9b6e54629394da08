"""What goes wrong in an afternoon: the station is killed in a take, the line breaks in an upload."""

from __future__ import annotations

import hashlib
import subprocess
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil

from station.exitcodes import Exit
from tests.tools.wine.bench import Bench, stopped
from tests.tools.wine.steps import BusyError, StepError, Steps, need, tried
from tests.uploader.proxy import Line, Proxy
from tests.uploader.realservers import ResumableUpload, Running

TAKE_SECONDS = 8
KILL_AFTER = 3.0
LOST_SECONDS = 1.0
"""What was handed over before the last second is on the disk, promise 1."""
START_SECONDS = 60.0
UPLOADS = 3
CUT_AFTER = 150_000
"""Bytes: inside the sound of the first recording."""


def run(steps: Steps, bench: Bench) -> None:
    for name, step in (
        ("kill -9 of the station in a take, then recover", station_killed),
        ("kill -9 of station and recorder in a take, then recover", both_killed),
        ("upload with a line that is cut", cut_upload),
    ):
        steps.run(name, partial(tried, partial(step, bench)))


def station_killed(bench: Bench, number: int) -> str:
    """The recorder goes on without the station and finishes the take."""
    settings = bench.home(f"killed-{number}", item=TAKE_SECONDS)
    with recording(bench, settings) as station:
        time.sleep(KILL_AFTER)
        station.kill()
    whole = settings.parent / "data" / "takes" / "test" / "0107_song_1.wav"
    until = time.monotonic() + START_SECONDS
    while not whole.exists() and time.monotonic() < until:
        time.sleep(0.2)
    need(whole.exists(), "the recorder did not finish the take")
    return recovered(bench, settings, seconds_of(whole), TAKE_SECONDS)


def both_killed(bench: Bench, number: int) -> str:
    """Nothing is left that could finish it: what was handed over is repaired."""
    settings = bench.home(f"both-killed-{number}", item=60)
    with recording(bench, settings) as station:
        time.sleep(KILL_AFTER)
        for process in recorders(settings.parent):
            process.kill()
        station.kill()
    part = settings.parent / "data" / "takes" / "test" / "0107_song_1.part.wav"
    need(part.exists(), "there is no part of a take")
    return recovered(bench, settings, None, KILL_AFTER - LOST_SECONDS)


@contextmanager
def recording(bench: Bench, settings: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`station record` that has begun to record; the block kills it."""
    station = bench.start_station(
        "record", "--config", settings, "--student", "0107", "--item", "song", env={"PYTHONUNBUFFERED": "1"}
    )
    assert station.stderr is not None
    try:
        heard = []
        for line in station.stderr:
            heard.append(line.decode("utf-8", "replace").strip())
            if heard[-1].startswith("Recording."):
                break
        if not heard or not heard[-1].startswith("Recording."):
            busy = station.wait(START_SECONDS) == Exit.DEVICE
            raise (BusyError if busy else StepError)(f"no recording: {heard[-1:]}")
        yield station
    finally:
        station.kill()
        station.wait()
        for stream in (station.stdin, station.stdout, station.stderr):
            if stream is not None:
                stream.close()


def recorders(home: Path) -> list[psutil.Process]:
    """The capture processes of this data folder, as Linux sees them."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "audio" in words and any(home.name in word and "--lock" in word for word in words):
            found.append(process)
    need(found, "there is no recorder")
    return found


def recovered(bench: Bench, settings: Path, before: float | None, least: float) -> str:
    """`recover` brings the take back, whole, with at least so many seconds, and into the queue."""
    done = bench.station("recover", "--config", settings, "--json")
    need(done.code == 0, f"recover: exit {done.code}: {done.last}")
    rows = bench.station("queue", "list", "--config", settings, "--json").document()
    need(len(rows) == 1, f"{len(rows)} takes in the queue")
    file = settings.parent / "data" / "takes" / "test" / "0107_song_1.wav"
    need(file.exists(), "the take is not there")
    seconds = seconds_of(file)
    need(seconds >= least and before in (None, seconds), f"{seconds:.1f} s are left of {least:.1f} s")
    need(hashlib.sha256(file.read_bytes()).hexdigest() == rows[0]["sha256"], "the queue has another digest")
    return f"{seconds:.1f} s of sound, in the queue"


def seconds_of(file: Path) -> float:
    with wave.open(str(file), "rb") as sound:
        return sound.getnframes() / sound.getframerate()


def cut_upload(bench: Bench, number: int) -> str:
    """The line breaks in the middle of the first recordings; each arrives whole, once, and is proven."""
    store = bench.folder / f"cut-server-{number}"
    allowed = iter((CUT_AFTER,) * UPLOADS)
    line = Line(cut_after=lambda: next(allowed, 1 << 60))
    with Running(ResumableUpload(), store) as server, Proxy(server.port, line) as proxy:
        url = f"http://127.0.0.1:{proxy.port}/files/"
        settings = bench.home(f"cut-{number}", url=url)
        for _ in range(UPLOADS):
            done = bench.station(
                "record", "--config", settings, "--student", "0108", "--item", "song", "--seconds", "3",
                "--json",
            )  # fmt: skip
            stopped(done)
            need(done.document()["queued"], "a take is not in the queue")
        sent = bench.station("queue", "run", "--once", "--config", settings)
        need(line.cuts > 0, "the line was never cut")
        rows = bench.station("queue", "list", "--config", settings, "--json").document()
        need(
            sent.code == 0 and all(row["verify_level"] == "L2" for row in rows),
            f"exit {sent.code}: {sent.last}",
        )
        stored = sorted(hashlib.sha256(copy.data).hexdigest() for copy in server.stored() if copy.finished)
    need(stored == sorted(row["sha256"] for row in rows), "the server has other bytes, or has them twice")
    return f"{len(rows)} takes proven at L2 after {line.cuts} cuts"
