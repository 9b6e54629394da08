"""`python -m tests.bench.afternoon [--songs N] [--changes N]`: the screens of a whole afternoon.

The real app in a pseudo-terminal: what it writes and needs at rest, its memory and processor time in each of
sixty full-length songs, then over ten thousand changes of screen and as many dialogs. Exits with 1 where
memory or processor time grows. Markdown on stdout and into docs/bench-afternoon.md; progress on stderr.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from config.samples import write_samples
from station.demo.receiver import Receiver
from tests.bench.afternoon_window import Use, Window, window
from tests.bench.machine import description
from tests.bench.telling import table, tell
from tests.station.terminal.keys import CTRL_Q, ENTER, ESC, F1, F6, F7, F8
from tests.tools.environment import ROOT

RESULTS = ROOT / "docs" / "bench-afternoon.md"
SONGS, CHANGES, SPEED = 60, 10_000, 10.0
MEGABYTES = 10.0
"""Memory may differ by so much."""
SETTLED = 3
"""After so many songs memory is what it will be."""
WARM = 20
"""One in so many changes is made before, so that everything has been used once."""
AGAIN = 5
"""So many songs at either end are compared..."""
DEARER = 1.3
"""...and the last may need so many times the processor time of the first."""
FRAMES, DRAWN = 12 * 60, 0.95
"""Of a song, and what part of them must have been drawn."""
REST = {"home": 65.0, "uploads": 10.0, "self-test": 10.0, "check": 10.0, "recording": 20.0}
"""Seconds of each that are measured; at home with a change of the minute."""
GOALS = {"home": 0.01, "recording": 0.10}
"""Of a core."""
KIT = """id = "afternoon"
version = "1"
[[items]]
id = "song1"
title = "小星星"
instruction = "请看谱唱这首歌。先听音阶和起音。"
notation = \"\"\"
1 1 5 5 | 6 6 5 - |
4 4 3 3 | 2 2 1 - |
5 5 4 4 | 3 3 2 - |
\"\"\"
lyrics = \"\"\"
一 闪 一 闪 亮 晶 晶
满 天 都 是 小 星 星
挂 在 天 空 放 光 明
\"\"\"
prompt = "scale-c.wav"
study_seconds = 5
"""


@dataclass(frozen=True)
class Song:
    """From the first moment of the recording to the last."""

    draws: int
    """How often the screen looked at clock, countdown and level."""
    screens: float
    """Processor seconds of the thread that draws."""
    written: int
    resident: float
    """MB, back at home."""


@contextmanager
def station(folder: Path, pupils: int, speed: float) -> Iterator[Window]:
    """The app with `pupils` and one song of 60 s, at home, the headset open."""
    folder.mkdir()
    write_samples(folder)
    (folder / "kit" / "kit.toml").write_text(KIT, encoding="utf-8")
    rows = [f"{1000 + number},学生{number},四(1),女" for number in range(pupils)]
    (folder / "roster.csv").write_text("\n".join(["学号,姓名,班级,性别", *rows]), encoding="utf-8")
    fifo = folder / "told"
    with Receiver(folder / "receiver") as server:
        program = ("tests.bench.afternoon_screens", str(folder), server.url, str(fifo))
        with window(fifo, *program, "--speed", str(speed), speed=speed) as found:
            found.until("ready")
            yield found
            found.go(CTRL_Q, "screen Choose")


def begun(app: Window) -> int:
    """From home into the recording of the next pupil; how often was drawn before."""
    app.go(ENTER, "screen Identity")
    app.go(ENTER, "phase check_result")
    app.go(ENTER, "screen Test")
    return draws(app.go(ENTER, "phase recording"))


def draws(line: str) -> int:
    return int(line.split()[-1])


# --- parts


def at_rest(folder: Path) -> dict[str, Use]:
    """What is used in a second of each of REST, as fast as the clock on the wall."""
    with station(folder, 2, 1.0) as app:
        found = {"home": used(app, "home")}
        for name, key, screen in (("uploads", F7, "Queue"), ("self-test", F8, "Selftest")):
            app.go(key, f"screen {screen}")
            found[name] = used(app, name)
            app.go(ESC, "screen Session")
        app.go(ENTER, "screen Identity")
        app.go(ENTER, "phase check_result")
        found["check"] = used(app, "check")
        app.go(ENTER, "screen Test")
        app.go(ENTER, "phase recording")
        found["recording"] = used(app, "recording")
        # Nobody leaves while a pupil sings.
        app.until("phase verdict")
        app.go(ENTER, "screen Session")
    return found


def used(app: Window, name: str) -> Use:
    tell(f"at rest: {name}, {REST[name]:.0f} s")
    time.sleep(2.0)
    before = app.use()
    time.sleep(REST[name])
    return app.use().since(before)


def songs(app: Window, count: int) -> Iterator[Song]:
    for number in range(1, count + 1):
        first, before = begun(app), app.use()
        last, after = draws(app.until("phase saving")), app.use()
        app.until("phase verdict")
        app.go(ENTER, "screen Session")
        use = after.since(before)
        song = Song(last - first, use.screens, use.written, app.use().resident)
        tell(f"song {number} of {count}: {song.resident:.1f} MB, {song.screens:.2f} s, {song.draws} draws")
        yield song


def changes(app: Window, count: int, keys: Sequence[tuple[str, str]]) -> tuple[Use, Use]:
    """Press `keys` in turn until so many were pressed; the use before and after, at the same place."""
    for _ in range(max(1, count // WARM // len(keys))):
        for key, screen in keys:
            app.go(key, f"screen {screen}")
    before = app.use()
    for number in range(count // len(keys)):
        if number % 250 == 0:
            tell(f"changes: {number * len(keys)} of {count}, {app.use().resident:.1f} MB")
        for key, screen in keys:
            app.go(key, f"screen {screen}")
    return before, app.use()


SCREENS = ((F1, "Help"), (F7, "Queue"), (F8, "Selftest"), (ESC, "Session"))
DIALOGS = ((F6, "Choose"), (ESC, "Session"))


# --- what is said


@dataclass(frozen=True)
class Found:
    """A part's text, and what is not as it should be."""

    text: str
    faults: tuple[str, ...] = ()


def rest_part(folder: Path) -> Found:
    found, faults, rows = at_rest(folder), [], []
    for name, use in found.items():
        rows.append([name, f"{use.written / use.at:,.0f}", f"{100 * use.whole / use.at:.1f}"])
        if use.whole / use.at > GOALS.get(name, 1.0):
            faults.append(f"{name} needs {100 * use.whole / use.at:.1f} % of a core")
    text = "Bytes to the terminal, and processor time of the station's process, all its threads.\n\n"
    return Found("## At rest\n\n" + text + table(["screen", "bytes a second", "CPU %"], rows), tuple(faults))


def songs_part(found: Sequence[Song]) -> Found:
    faults = []
    grown = found[-1].resident - found[min(SETTLED, len(found)) - 1].resident
    if abs(grown) > MEGABYTES:
        faults.append(f"memory changes by {grown:+.1f} MB from song {SETTLED} to song {len(found)}")
    first, last = (median(song.screens for song in part) for part in (found[:AGAIN], found[-AGAIN:]))
    if last > DEARER * first:
        faults.append(f"the last songs need {last:.2f} s of processor time, the first {first:.2f} s")
    few = min(song.draws for song in found)
    if few < DRAWN * FRAMES:
        faults.append(f"only {few} of the {FRAMES} frames of a song were drawn: the computer was too busy")
    rows = [
        [str(number), f"{song.resident:.1f}", f"{song.screens:.2f}", str(song.draws), f"{song.written:,}"]
        for number, song in enumerate(found, start=1)
    ]
    heading = ["song", "MB after it", "CPU s of the screens", "times drawn", "bytes written"]
    text = f"Memory from song {SETTLED} to song {len(found)}: {grown:+.1f} MB. "
    text += f"Processor time of a song: {first:.2f} s in the first {AGAIN}, {last:.2f} s in the last.\n\n"
    return Found(f"## {len(found)} songs of 60 s\n\n" + text + table(heading, rows), tuple(faults))


def changes_part(app: Window, count: int) -> Found:
    faults, rows = [], []
    for name, keys in (("screens", SCREENS), ("dialogs", DIALOGS)):
        before, after = changes(app, count, keys)
        grown, each = after.resident - before.resident, 1000 * after.since(before).screens / count
        if abs(grown) > MEGABYTES:
            faults.append(f"memory changes by {grown:+.1f} MB over {count} changes of {name}")
        rows.append(
            [
                f"{count:,} {name}",
                f"{before.resident:.1f}",
                f"{after.resident:.1f}",
                f"{grown:+.1f}",
                f"{each:.0f}",
            ]
        )
    heading = ["changes", "MB before", "MB after", "difference", "CPU ms each"]
    return Found("## Changes of screen\n\n" + table(heading, rows), tuple(faults))


def parts(folder: Path, wishes: argparse.Namespace) -> Iterator[Found]:
    if not wishes.no_rest:
        yield rest_part(folder / "rest")
    with station(folder / "songs", max(1, wishes.songs) + 1, wishes.speed) as app:
        if wishes.songs:
            yield songs_part(list(songs(app, wishes.songs)))
        if wishes.changes:
            yield changes_part(app, wishes.changes)


HOW = (
    "The real app on the real station with the built-in headset, in a pseudo-terminal of 80x24. The songs "
    "are {speed:.0f} times as fast as on the wall: headset, session and the screens' time alike, so that the "
    "same sixty seconds are counted down, and each frame of a minute is drawn.\n"
)
BEFORE = (
    "With Textual's footer, everything drawn 12 times a second (the commit before, 5 songs, 400 changes): "
    "home 1.8 kB/s and 3.7 %, recording 13.7 kB/s and 11.5 %; each song took 5.6 s and left 22 MB behind, "
    "each change of screen 148 ms and 440 kB, each dialog 129 ms and 210 kB.\n"
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.afternoon")
    parser.add_argument("--songs", type=int, default=SONGS)
    parser.add_argument("--changes", type=int, default=CHANGES, help="of screens, and as many of dialogs")
    parser.add_argument("--speed", type=float, default=SPEED, help="of the songs' clock")
    parser.add_argument("--no-rest", action="store_true", help="leave out what is measured at rest")
    wishes = parser.parse_args()
    if sys.platform == "win32":
        tell("A pseudo-terminal needs Linux.")
        return 2
    with tempfile.TemporaryDirectory(prefix="bench-afternoon-") as name:
        found = list(parts(Path(name), wishes))
    title = f"# The screens of an afternoon\n\n`make bench-afternoon`: {description(['textual'], [])}.\n"
    document = "\n".join([title, HOW.format(speed=wishes.speed), BEFORE, *(part.text for part in found)])
    print(document)
    faults = [fault for part in found for fault in part.faults]
    for fault in faults:
        tell(f"Not as it should be: {fault}.")
    if wishes.songs >= SONGS and wishes.changes >= CHANGES and not wishes.no_rest:
        RESULTS.write_text(document, encoding="utf-8", newline="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
