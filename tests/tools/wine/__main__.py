"""`make test-windows`: the station under Wine, step by step.

--short leaves out what takes longest, --long adds the suites that take longest; --only NAME runs one group of
steps (commands, sound, faults, chinese, suites); --prepare only makes Wine and its Python; --minutes N begins
no step later than that after the start, and names those that were not begun.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import filelock

from audio.device.card import VirtualCard, why_not
from tests.tools.environment import SetupError
from tests.tools.portable.artifacts import CACHE, UnreachableError
from tests.tools.wine import chinese, commands, faults, sound, suites
from tests.tools.wine.bench import Bench
from tests.tools.wine.machine import Machine, prepare
from tests.tools.wine.steps import Steps
from tests.uploader.realservers import ResumableUpload, Running

GROUPS = ("commands", "sound", "faults", "chinese", "suites")
SHORT = ("commands", "sound", "faults", "suites")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make test-windows")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--short", action="store_true")
    length.add_argument("--long", action="store_true")
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--only", action="append", choices=GROUPS)
    wanted = parser.parse_args(arguments)
    groups = tuple(wanted.only or (SHORT if wanted.short else GROUPS))
    cache = CACHE / "wine"
    cache.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    try:
        # Two at a time would end each other's Wine.
        with filelock.FileLock(cache / "in-use.lock", timeout=0):
            machine = prepare(cache)
            print(f"Windows' Python under Wine is ready after {time.monotonic() - began:.0f} s.", flush=True)
            return 0 if wanted.prepare else run(machine, groups, wanted, began + 60 * wanted.minutes)
    except filelock.Timeout:
        print("Another make test-windows is running: wait for its end, then run the same again.")
        return 2
    except UnreachableError as error:
        print(f"Skipped: the tests under Wine, because {error}")
        return 0
    except SetupError as error:
        print(error)
        return 1


def run(machine: Machine, groups: tuple[str, ...], wanted: argparse.Namespace, until: float) -> int:
    """All steps of these groups that begin before `until`; the exit code."""
    steps = Steps(until=until)
    began = time.monotonic()
    # A short name: the card's socket is in it.
    with tempfile.TemporaryDirectory(prefix="wine-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with Running(ResumableUpload(), folder / "server") as server:
            main_steps(machine, steps, folder, groups, server.url, wanted)
            if "chinese" in groups:
                chinese.run(steps, machine, folder, server.url)
    done = [result for result in steps.results if result.outcome == "ok"]
    print(f"\n{len(done)} of {len(steps.results)} steps ok, {time.monotonic() - began:.0f} s.")
    if steps.failed:
        print(f"Failed: {', '.join(steps.failed)}")
    return 1 if steps.failed else 0


def main_steps(
    machine: Machine,
    steps: Steps,
    folder: Path,
    groups: tuple[str, ...],
    url: str,
    wanted: argparse.Namespace,
) -> None:
    """In one start of Wine: the suites, which reckon, kills and cuts, beside all that waits for sound."""
    places = suites.LONG if wanted.long else suites.SHORT if wanted.short else suites.USUAL
    with ExitStack() as stack:
        session, card = machine.session(), None
        if "sound" in groups:
            if reason := why_not():
                print(f"Skipped: sound under Wine, because {reason}")
            else:
                # Wine finds the card through PulseAudio.
                card = stack.enter_context(VirtualCard(folder / "c"))
                session = machine.session(PULSE_SERVER=card.env["PULSE_SERVER"]).before_others()
        stack.enter_context(session)
        quiet = Bench(session.aside(), folder)
        beside = []
        if "suites" in groups:
            beside.append(threading.Thread(target=suites.run, args=(steps, quiet, places)))
        if "faults" in groups:
            beside.append(threading.Thread(target=faults.run, args=(steps, quiet)))
        for thread in beside:
            stack.callback(thread.join)
            thread.start()
        # Ctrl-C does not wait for them.
        stack.push(lambda kind, *_: session.end() if kind is not None else None)
        if "commands" in groups:
            commands.run(steps, quiet, url)
        if card is not None:
            sound.run(steps, Bench(session, folder), card, url, short=wanted.short)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
