"""`station report`: the account of an afternoon, for the district and to be signed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from config.base import say
from config.disk import DataDir
from station.commands.options import config_option, json_option, settings_of
from station.commands.queues import reading
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import tr


@click.command(
    help=tr("The afternoon in one page: every pupil with recordings and uploads, absences, incidents.")
)
@config_option
@click.option("--session", "session_id", metavar="ID", help=tr("Another session than that of today."))
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help=tr("Write the page to be signed.")
)
@click.option("--names", is_flag=True, help=tr("With the names of the pupils; without, numbers only."))
@json_option
def report(config_path: Path, session_id: str | None, html: Path | None, names: bool, as_json: bool) -> int:
    from config.disk import write_whole
    from config.kit import load_kit
    from config.roster import load_roster
    from station.reports import account_page
    from station.reports.account import account_of
    from station.takes.naming import session_of

    settings = settings_of(config_path)
    kit = load_kit(settings.session.kit, DataDir(settings.data.dir).cache / "kit")
    roster = load_roster(settings.session.roster)
    with reading(settings) as queue:
        rows = queue.rows() if queue is not None else []
    now = datetime.now().astimezone()
    account = account_of(settings, kit, roster, session_id or session_of(settings), rows, now)
    if html is not None:
        write_whole(html, account_page.page(account, names).encode("utf-8"))
    if as_json:
        talk.document(account.as_json(names))
        return Exit.OK
    talk.line(f"{account_page.place(account)}  {now:%Y-%m-%d %H:%M}")
    for line in account_page.totals(account):
        talk.line(line)
    lines = [account_page.cells(account, line, names) for line in account.lines]
    talk.table(account_page.heading(names), lines)
    for note in account.notes:
        talk.line("  ".join(account_page.note_cells(account, note, names)))
    for incident in account.own:
        talk.line("  ".join(account_page.own_cells(incident)))
    if html is not None:
        talk.tell(say("The page to be signed is in {file}.", file=html.name))
    return Exit.OK
