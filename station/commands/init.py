"""`station init DIR`: settings, sample kit and sample roster, ready to run."""

from __future__ import annotations

from pathlib import Path

import click

from config.base import say
from config.samples import write_samples
from station.words import talk
from station.words.i18n import tr


@click.command(
    help=tr("Write station.toml, the sample kit and the sample roster into DIR; never overwrites.")
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    written, kept = write_samples(folder)
    for path in written:
        talk.line(say("written: {name}", name=path.name))
    for path in kept:
        talk.line(say("was there already, not touched: {name}", name=path.name))
    talk.tell(say("Start with: station run --config {file}", file=str(folder / "station.toml")))
