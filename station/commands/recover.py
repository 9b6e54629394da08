"""`station recover`: repair what a crash left, and bring database and queue in step with the files."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from config.base import DiskError, Message, say
from config.disk import DataDir
from station.commands.options import config_option, json_option, settings_of
from station.commands.waiting import orphan_told
from station.exitcodes import Exit
from station.run.lock import only_station
from station.run.logs import log_to
from station.takes.rebuild import Report, kit_if_any, rebuild
from station.words import talk
from station.words.i18n import tr
from uploader.prove import Centre

OUTCOMES = {
    "recovered": say("repaired"),
    "empty": say("nothing was recorded in it; left as it is"),
    "no_facts": say("its facts are missing; left as it is, keep the file and tell the district"),
    "newer": say("a newer program wrote its facts; left as it is, use the newer program"),
    "unreadable": say("can't be read; left as it is, keep the file and tell the district"),
    "differs": say(
        "its name, its tags, its facts and its sound do not belong together; it is not delivered. "
        "Keep all files and tell the district"
    ),
    "conflict": say("a whole recording of this name is there already; left as it is"),
}

REBUILT = say("its facts were gone; rebuilt from the recording itself")


@click.command(help=tr("Repair unfinished recordings; rebuild or reconcile the database."))
@config_option
@json_option
def recover(config_path: Path, as_json: bool) -> int:
    settings = settings_of(config_path)
    data = DataDir(settings.data.dir)
    with only_station(data, settings.session.roster):
        with suppress(DiskError):
            # What can be rescued is rescued without a log, too.
            log_to(data.logs)
        kit, centre = kit_if_any(settings.session.kit, data), Centre.of(settings.server)
        report = rebuild(data, kit, orphan_told(data), centre)
    bad = [left for left in report.leftovers if left.outcome not in ("recovered", "empty")]
    if as_json:
        talk.document(_document(report))
    else:
        _tell(report)
    return Exit.FAILED if bad or report.refused else Exit.OK


def _document(report: Report) -> dict[str, object]:
    """As --json has it."""
    return {
        "leftovers": [
            {"path": str(left.path), "outcome": left.outcome, "frames": left.frames}
            for left in report.leftovers
        ],
        "rebuilt": [str(path) for path in report.restored],
        "takes": report.takes,
        "queued": report.queued,
        "moved_aside": [str(path) for path in report.moved_aside],
        "refused": [str(what) for what in report.refused],
    }


def _tell(report: Report) -> None:
    for left in report.leftovers:
        talk.line(_line(left.path.name, OUTCOMES[left.outcome]))
    for path in report.restored:
        talk.line(_line(path.name, REBUILT))
    for path in report.moved_aside:
        talk.line(say("the damaged database was put aside as {file}", file=path.name))
    for what in report.refused:
        talk.line(what)
    talk.line(
        say(
            "{takes} {takes|recording is|recordings are} whole, {queued} of them newly queued.",
            takes=report.takes,
            queued=report.queued,
        )
    )


def _line(name: str, outcome: Message) -> Message:
    return say("{name}: {outcome}", name=name, outcome=outcome)
