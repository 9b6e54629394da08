"""The group `station`: commands are imported when they are called, errors become exit codes."""

from __future__ import annotations

import gettext
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from config.base import StationError, prepare_streams, reason_of, say, shown
from station import __version__
from station.commands.lazy import LazyGroup
from station.commands.options import config_option
from station.exitcodes import Exit, exit_code
from station.run.logs import write_down
from station.stopping import Stopped, stopped_in_order
from station.words import talk
from station.words.i18n import FOLDER, current_language, set_language, tr

COMMANDS = {
    "run": "station.commands.run:run",
    "start": "station.commands.start:start",
    "init": "station.commands.init:init",
    "rehearse": "station.commands.rehearse:rehearse",
    "demo": "station.commands.demo:demo",
    "record": "station.commands.record:record",
    "devices": "station.commands.devices:devices",
    "selftest": "station.commands.selftest:selftest",
    "queue": "station.commands.queue:queue",
    "report": "station.commands.report:report",
    "forms": "station.commands.forms:forms",
    "status": "station.commands.status:status",
    "seal": "station.commands.seal:seal",
    "verdict": "station.commands.verdict:verdict",
    "recover": "station.commands.recover:recover",
    "kit": "station.commands.material:kit",
    "roster": "station.commands.rosters:roster",
    "doctor": "station.commands.doctor:doctor",
    "board": "station.commands.board:board",
}
"""Name -> where the command is."""


@click.group(
    cls=LazyGroup,
    places=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="station")
@config_option
@click.pass_context
def cli(ctx: click.Context, config_path: Path) -> int:
    if ctx.invoked_subcommand is not None:
        return Exit.OK
    run = cli.get_command(ctx, "run")
    assert run is not None
    return int(ctx.invoke(run, config_path=config_path))


def let_click_speak() -> None:
    """click asks Python's gettext for “Usage:” and the like: give it our catalogue of these."""
    gettext.bindtextdomain("click", FOLDER)
    gettext.textdomain("click")
    # Windows has no LANG; this variable goes before all others wherever it is set.
    os.environ["LANGUAGE"] = current_language()


def _name_of(error: OSError) -> str:
    """The file without its folders, which may hold a person's name."""
    return Path(os.fsdecode(error.filename)).name if isinstance(error.filename, str | bytes) else "station"


def run_cli(arguments: Sequence[str], **options: Any) -> int:
    """Run one command line and return its exit code; never raises for what a person did wrong."""
    prepare_streams()
    # Without a handler Python writes the log among the sentences.
    logging.getLogger().addHandler(logging.NullHandler())
    set_language(None)
    let_click_speak()
    cli.help = tr("Recording station for school singing tests. Without a command it opens the screens.")
    try:
        with stopped_in_order():
            result = cli.main(list(arguments), prog_name="station", standalone_mode=False, **options)
    except click.exceptions.Abort:
        return Exit.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except StationError as error:
        talk.trouble(error)
        return exit_code(error)
    except OSError as error:
        # Of files that a person named: what belongs to the station has its own errors.
        talk.tell(say("{file}: {detail}", file=shown(_name_of(error)), detail=reason_of(error)))
        return Exit.DISK
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Stopped as stopped:
        return stopped.code
    except Exception as error:  # noqa: BLE001 - the last one who can tell; the traceback is for the log
        return broken(error)
    return int(result) if isinstance(result, int) else Exit.OK


def broken(error: Exception) -> int:
    """Nobody expected this: a sentence for the person, the traceback for whoever mends the program."""
    file = write_down(error)
    talk.tell(say("The program met a fault of its own and has ended. What was recorded is kept."))
    talk.tell(
        say("What happened could not be written down: no log can be written on this computer.")
        if file is None
        else say(
            "Please start it again. If that happens again, send this file to who looks after it: {file}",
            file=str(file),
        )
    )
    return Exit.INTERNAL
