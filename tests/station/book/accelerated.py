"""`python -m tests.station.book.accelerated HOME [SPEED]`: `station run` ten times as fast, with singers.

Two files in HOME say what happens: `fault` has the name of what befalls the headset now
(audio.device.virtual.FAULTS); while there is one named `auto`, who is checked in is called by itself.
A third, `diary`, tells when each phase began. At speed 1 nothing of the plan is shortened.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np

from audio.protocol.messages import Fault, Feed
from config import load_settings
from config.disk import DataDir
from station.commands.run import show
from station.demo.afternoon import shortened
from station.demo.proctor import AutoProctor
from station.demo.singer import sing_item, sing_phrase
from station.demo.voices import QUIET
from station.demo.wavwrite import write_wav
from station.run.lock import only_station
from station.run.logs import log_to
from station.run.options import Options
from station.run.station import Station
from station.session.plan import Plan
from station.session.state import Phase, Standing
from station.session.view import View
from station.words.i18n import set_language

SPEED = 10.0
RESULT_SECONDS = 30.0
"""Of the headset's clock: long enough for somebody who looks at the screen."""
AUTO, FAULT, DIARY = "auto", "fault", "diary"
LOOK_SECONDS = 0.05


def quick(plan: Plan) -> Plan:
    return replace(shortened(plan), result_seconds=RESULT_SECONDS)


class Choir:
    """One voice for all pupils, rendered once and kept in the folder. Still when a take is over, since the
    next check measures the room."""

    def __init__(self, station: Station, folder: Path) -> None:
        self._station, self._last = station, (Phase.HOME, "", False)
        rate = station.settings.audio.samplerate
        self._phrase = folder / "phrase.wav"
        if not self._phrase.exists():
            sing_phrase(0, rate, self._phrase)
        self._silence = write_wav(folder / "silence.wav", np.zeros(480, dtype=np.float32), rate)
        self._songs = {item.id: folder / f"{item.id}.wav" for item in station.kit.items}
        for item in station.kit.items:
            if not self._songs[item.id].exists():
                sing_item(item, 0, rate, item.max_seconds, self._songs[item.id])

    def see(self, view: View) -> None:
        session = view.session
        now = session.phase, session.take_id, view.recording_since_at is not None
        if now == self._last:
            return
        self._last = now
        if session.phase in QUIET:
            self._station.command(Feed(str(self._silence)))
        elif session.phase is Phase.CHECK_SINGING:
            self._station.command(Feed(str(self._phrase)))
        elif session.phase is Phase.RECORDING and now[2]:
            self._station.command(Feed(str(self._songs[session.item.id])))


class Diary:
    """A line for each phase of each pupil: seconds on the monotonic clock, number, phase."""

    def __init__(self, home: Path) -> None:
        self._file, self._last = home / DIARY, ("", Phase.HOME)

    def see(self, view: View) -> None:
        now = view.session.current, view.session.phase
        if now != self._last:
            self._last = now
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{monotonic():.3f} {now[0] or '-'} {now[1].value}\n")


class Orders:
    """A thread that does what the files in HOME say, until close()."""

    def __init__(self, station: Station, home: Path, speed: float) -> None:
        self._station, self._home, self._speed, self._ended = station, home, speed, threading.Event()
        self._jobs = [threading.Thread(target=job) for job in (self._break, self._call)]

    def start(self) -> None:
        for job in self._jobs:
            job.start()

    def close(self) -> None:
        self._ended.set()
        for job in self._jobs:
            job.join()

    def _until(self, wanted: Callable[[], bool]) -> bool:
        """False when it is over before."""
        while not wanted():
            if self._ended.wait(LOOK_SECONDS):
                return False
        return True

    def _break(self) -> None:
        file = self._home / FAULT
        while self._until(file.exists):
            self._station.command(Fault(file.read_text(encoding="ascii")))
            file.unlink()

    def _call(self) -> None:
        station = self._station
        if not self._until(lambda: (self._home / AUTO).exists() and station.view.device_ready):
            return
        pupils, open_ones = station.view.session.pupils.values(), (Standing.WAITING, Standing.STARTED)
        left = tuple(p.student_id for p in pupils if p.checked_in and p.standing in open_ones)
        proctor = AutoProctor(station.post, left, speed=self._speed)
        unsubscribe = station.observe(proctor.see)
        proctor.run(station.view, lambda view: None)
        unsubscribe()


def main(home: Path, speed: float = SPEED) -> int:
    settings = load_settings(home / "station.toml")
    set_language(settings.station.language)
    data = DataDir(settings.data.dir)
    options = Options(speed=speed, plan=quick, stages=True) if speed > 1 else Options()
    with ExitStack() as stack:
        stack.enter_context(only_station(data))
        log_to(data.logs)
        station = Station(settings, options)
        stack.callback(station.observe(Choir(station, home / "voices").see))
        stack.callback(station.observe(Diary(home).see))
        orders = Orders(station, home, speed)
        orders.start()
        stack.callback(orders.close)
        return show(station)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(float, sys.argv[2:])))
