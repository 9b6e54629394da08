"""`station demo`: the whole afternoon, with nothing but this computer."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from config.base import say
from config.disk import DataDir
from station.commands.options import json_option
from station.exitcodes import Exit
from station.run.lock import only_station
from station.run.logs import close_logs, log_to
from station.words import talk
from station.words.i18n import tr

if TYPE_CHECKING:
    from station.demo.afternoon import Afternoon


@click.command(
    help=tr(
        "The whole afternoon on sample material, an embedded receiver and, if need be, a virtual headset."
    )
)
@click.option(
    "--auto",
    is_flag=True,
    help=tr("No keys and no terminal: run every pupil, wait for delivery, print a table."),
)
@click.option(
    "--students", type=click.IntRange(1, 30), help=tr("How many pupils sing (with --auto 3, else all).")
)
@click.option(
    "--server",
    metavar="URL",
    help=tr("A tus server that is already running, instead of the embedded receiver."),
)
@click.option(
    "--headset",
    type=click.Choice(["auto", "real", "card", "builtin"]),
    default="auto",
    show_default=True,
    help=tr("Which headset: a real one, the virtual sound card, or the built-in one."),
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help=tr("Folder for everything the demo writes; kept afterwards."),
)
@click.option(
    "--speed",
    type=click.FloatRange(1, 20),
    default=1.0,
    show_default=True,
    help=tr("Shorten the waiting; the recording itself is never skipped."),
)
@json_option
def demo(
    auto: bool,
    students: int | None,
    server: str | None,
    headset: Any,
    data: Path | None,
    speed: float,
    as_json: bool,
) -> int:
    from station.demo.afternoon import DemoWishes, afternoon
    from station.words.i18n import set_language

    if not auto:
        from station.commands.run import need_terminal

        need_terminal()
    with ExitStack() as stack:
        # A short path: the virtual card's socket must fit into 107 bytes.
        home = data or Path(stack.enter_context(_passing_folder()))
        wishes = DemoWishes(home, headset, server, students or (3 if auto else None), speed, auto)
        stack.enter_context(only_station(DataDir(home / "data")))
        stack.callback(close_logs)
        log_to(home / "data" / "logs")
        found = stack.enter_context(afternoon(wishes))
        if auto:
            return _narrated(found, home, as_json)
        from station.commands.run import show

        set_language(found.station.settings.station.language)
        return show(found.station)


def _passing_folder() -> tempfile.TemporaryDirectory[str]:
    # A recorder that is still leaving, or a virus scanner, has its files open: that ends no demo on Windows.
    return tempfile.TemporaryDirectory(prefix="station-demo-", ignore_cleanup_errors=True)


def _narrated(found: Afternoon, home: Path, as_json: bool) -> int:
    """The afternoon without a person at the keys, told line by line."""
    from station.demo.afternoon import run_auto
    from station.demo.narrator import Narrator, rows_of

    narrator = Narrator(found)
    try:
        finished = run_auto(found, narrator.see, narrator.wait)
        rows = rows_of(found)
    finally:
        found.station.stop()
    good = finished and all(row["verified"] for row in rows if row["kind"] == "test")
    narrator.report(rows, as_json)
    if not finished:
        folder = str(home / "data" / "logs")
        talk.tell(say("The demo stopped before the end; the log is in {folder}.", folder=folder))
    return Exit.OK if good else Exit.FAILED
