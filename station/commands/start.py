"""`station start`: what a double click in the bundle does, without a word about folders or settings.

1. The settings are, in this order: those in --home, a station.toml that the district put into the bundle
   beside its programs, and those in this computer's documents.
2. What the station writes by itself lies in the documents: the bundle may be on a read-only stick.
"""

from __future__ import annotations

from pathlib import Path

import click
from platformdirs import user_documents_path

from config.base import say
from config.disk import is_file
from config.samples import write_samples
from station.exitcodes import Exit
from station.release import installed
from station.words import talk
from station.words.i18n import tr

FOLDER = "演唱测试"
"""Name of the folder in the documents, in every language: who looks for it reads Chinese."""
SETTINGS = "station.toml"
REPORT = "selftest.html"


@click.command(
    help=tr("Open the screens, or with --selftest test this computer; the settings are in your documents.")
)
@click.option("--selftest", is_flag=True, help=tr("Test the computer and write the page for the inspector."))
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="STATION_HOME",
    help=tr("Folder of settings, roster, kit and recordings, instead of the one in your documents."),
)
@click.pass_context
def start(ctx: click.Context, selftest: bool, home: Path | None) -> int:
    settings = place(home)
    if not is_file(settings):
        write_samples(settings.parent)
        talk.tell(
            say(
                "Settings, a sample kit and a sample roster were written to {folder}.",
                folder=str(settings.parent),
            )
        )
        talk.tell(say("Put those of your school there in their place, then start again."))
        return Exit.USAGE
    talk.tell(say("Settings: {file}", file=str(settings)))
    if selftest:
        from station.commands.selftest import selftest as command

        return int(ctx.invoke(command, config_path=settings, report=settings.parent / REPORT))
    from station.commands.run import run

    return int(ctx.invoke(run, config_path=settings) or Exit.OK)


def place(home: Path | None) -> Path:
    """Where the settings are, or are to be written."""
    if home is not None:
        return home / SETTINGS
    release = installed()
    if release is not None and is_file(release.root / SETTINGS):
        return release.root / SETTINGS
    return user_documents_path() / FOLDER / SETTINGS
