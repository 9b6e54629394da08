"""`station record`: one take without the screens."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import TextIO

import click

from audio.measure import STUCK_SECONDS
from audio.protocol import messages as heard
from config.base import is_keyboard, say
from config.disk import DataDir
from config.takes import as_json as facts_as_json
from station.commands.options import config_option, json_option, settings_of
from station.commands.waiting import orphan_told
from station.exitcodes import Exit, exit_code
from station.run.lock import only_station
from station.run.logs import log_to
from station.words import talk
from station.words.i18n import tr


@click.command(
    help=tr(
        "Record one take without the screens: at once, until the item's maximum, or until Enter or Ctrl-C."
    )
)
@config_option
@click.option("--student", "student_id", required=True, metavar="ID", help=tr("The pupil's number."))
@click.option("--item", "item_id", required=True, metavar="ITEM", help=tr("The item's id in the kit."))
@click.option(
    "--seconds", type=click.FloatRange(0.5, 600), help=tr("End after so many seconds instead of the maximum.")
)
@click.option("--prompt", is_flag=True, help=tr("Play the item's prompt first."))
@json_option
def record(
    config_path: Path, student_id: str, item_id: str, seconds: float | None, prompt: bool, as_json: bool
) -> int:
    from station.run.single_take import SingleTake
    from station.takes.naming import clock_set_back
    from station.words import present

    settings = settings_of(config_path)
    data = DataDir(settings.data.dir)
    stop = stop_on_keys()
    with only_station(data, settings.session.roster):
        if (wrong := clock_set_back(settings)) is not None:
            talk.tell(wrong)
        log_to(data.logs)
        single = SingleTake(settings, student_id, item_id)
        done = single.run(stop, _tell, on_wait=orphan_told(data), with_prompt=prompt, max_seconds=seconds)
    if done.facts.attempt > single.item.attempts:
        talk.tell(
            say(
                "This is attempt {attempt}; the kit allows {allowed}.",
                attempt=done.facts.attempt,
                allowed=single.item.attempts,
            )
        )
    if as_json:
        talk.document({**facts_as_json(done.facts), "path": str(done.path), "queued": done.queued})
    else:
        for code in done.judged.reasons:
            talk.line(present.advice(code, done.judged.numbers))
        talk.line(
            say("Recorded {file}: the recording is fine.", file=done.path.name)
            if done.judged.ok
            else say("Recorded {file}: the recording is not fine; it is kept.", file=done.path.name)
        )
    if done.trouble is not None:
        talk.trouble(done.trouble)
        return exit_code(done.trouble)
    return Exit.OK if done.judged.ok else Exit.FAILED


def stop_on_keys() -> threading.Event:
    """A flag that Ctrl-C sets, and Enter where a person sits at the keyboard."""
    stop = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        # Not from here: the thread that is interrupted may hold the lock of the flag, and wait for itself.
        threading.Thread(target=stop.set).start()

    signal.signal(signal.SIGINT, interrupted)
    if sys.platform == "win32":
        # Ctrl-Break, and the only signal that another program can send here.
        signal.signal(signal.SIGBREAK, interrupted)
    if is_keyboard(sys.stdin):
        # A daemon: it sits in a read that only the keyboard can end.
        threading.Thread(target=stop_on_enter, args=(sys.stdin, stop), daemon=True).start()
    return stop


def stop_on_enter(keyboard: TextIO, stop: threading.Event) -> None:
    """Set `stop` after a line; the end of the stream is no key that anybody pressed."""
    try:
        pressed = keyboard.readline()
    except (OSError, ValueError):
        return
    if pressed:
        stop.set()


def _tell(event: heard.TakeStarted | heard.TakeProgress) -> None:
    if isinstance(event, heard.TakeStarted):
        talk.tell(say("Recording. Sing now; Enter or Ctrl-C ends it."))
    else:
        talk.tell(say("{seconds} s", seconds=round(event.seconds)))
        if event.muted_seconds >= STUCK_SECONDS:
            talk.tell(say("The microphone is muted: check the switch on the cable."))
