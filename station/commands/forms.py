"""`station forms`: the forms of the afternoon as pages to be signed, and as one Excel file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from config.base import Message, say
from config.disk import DataDir
from station.commands.options import config_option, json_option, settings_of
from station.commands.queues import reading
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import render, tr


@click.command(help=tr("The forms of the afternoon, ready to be signed: a page each, and one Excel file."))
@config_option
@click.option("--session", "session_id", metavar="ID", help=tr("Another session than that of today."))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help=tr("Write them into this folder instead of the data folder."),
)
@click.option(
    "--names",
    is_flag=True,
    help=tr("With the names of the pupils also on forms that are no lists of names."),
)
@click.option("--only", metavar="IDS", help=tr("Only these forms, with commas between them."))
@json_option
def forms(
    config_path: Path, session_id: str | None, out: Path | None, names: bool, only: str | None, as_json: bool
) -> int:
    from config.kit import load_kit
    from config.roster import load_roster
    from station.forms.basis import basis_of
    from station.forms.writing import write_forms
    from station.takes.naming import session_of

    chosen = _chosen(only)
    settings = settings_of(config_path)
    data = DataDir(settings.data.dir)
    kit = load_kit(settings.session.kit, data.cache / "kit")
    roster = load_roster(settings.session.roster)
    session = session_id or session_of(settings)
    with reading(settings) as queue:
        rows = queue.rows() if queue is not None else []
    now = datetime.now().astimezone()
    basis = basis_of(settings, kit, roster, session, rows, now, names=names)
    folder = out or data.forms / session
    paths = write_forms(basis, folder, chosen)
    if as_json:
        talk.document({"session": session, "folder": str(folder), "files": [path.name for path in paths]})
    else:
        for path in paths:
            talk.line(str(path))
        talk.tell(say("{count} {count|file is|files are} in {folder}.", count=len(paths), folder=str(folder)))
    return Exit.OK


def _chosen(only: str | None) -> tuple[str, ...]:
    """The forms that were asked for; none for all. Raises UsageError for a name that is none."""
    from station.forms.titles import FORMS

    found = tuple(name.strip() for name in (only or "").split(",") if name.strip())
    for name in found:
        if name not in FORMS:
            raise click.UsageError(
                tr("There is no form {name}. The forms are: {names}").format(
                    name=name, names=render(Message.listed(FORMS))
                )
            )
    return found
