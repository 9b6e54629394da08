"""`station status`: what this station would say of itself now, to look at or to paste into a chat."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from config.disk import DataDir
from station.commands.options import config_option, json_option, settings_of
from station.commands.queues import reading
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import tr


@click.command(
    help=tr("What this station would tell the district's board now: counts and codes, never a name.")
)
@config_option
@click.option("--session", "session_id", metavar="ID", help=tr("Another session than that of today."))
@click.option("--text", "as_text", is_flag=True, help=tr("One line with a check word, for a chat."))
@json_option
def status(config_path: Path, session_id: str | None, as_text: bool, as_json: bool) -> int:
    from config.kit import load_kit
    from config.roster import load_roster
    from config.status import as_text as line_of
    from station.reports.account import account_of
    from station.session.view import View
    from station.status.broadcast import Asked
    from station.status.collector import status_of
    from station.status.here import now_of, who_of
    from station.takes.naming import session_of

    settings = settings_of(config_path)
    data = DataDir(settings.data.dir)
    kit = load_kit(settings.session.kit, data.cache / "kit")
    roster = load_roster(settings.session.roster)
    chosen = session_id or session_of(settings)
    with reading(settings) as queue:
        rows = list(queue.rows()) if queue is not None else []
        account = account_of(settings, kit, roster, chosen, rows, datetime.now().astimezone())
        asked = Asked(seq=1, closed=False, clock=None, heard=0)
        now = now_of(View(account.session, device_ready=True), rows, queue, data, asked, chosen)
    found = status_of(who_of(settings, chosen, kit, roster), now, asked.seq)
    if as_json:
        talk.document(found.plain())
    elif as_text:
        talk.line(line_of(found))
    else:
        for name, value in found.plain().items():
            talk.line(f"{name}: {value}")
    return Exit.OK
