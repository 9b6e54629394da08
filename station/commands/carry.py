"""`station queue export` and `import`: takes on a stick for a school whose network is down."""

from __future__ import annotations

from pathlib import Path

import click

from config.base import Message, say
from config.disk import DataDir
from station.commands.options import config_option, json_option, settings_of
from station.commands.queues import writing
from station.exitcodes import Exit
from station.words import present, talk
from station.words.i18n import tr
from uploader.carry import Carried, export_pack, export_receipts, import_pack, import_receipts
from uploader.prove import public_key


@click.command("export", help=tr("Write what is not delivered to DIR, e.g. a USB stick, and read it back."))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@config_option
@json_option
def export_command(folder: Path, config_path: Path, as_json: bool) -> int:
    with writing(settings_of(config_path)) as queue:
        done = export_pack(queue, folder, Told())
    return _report(
        done,
        as_json,
        say(
            "{takes} {takes|recording|recordings} written and read back, {known} "
            "{known|was|were} there already."
        ),
    )


@click.command(
    "import",
    help=tr("Take in the pack in DIR for delivery from here; with --receipts, bring receipts home."),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@config_option
@json_option
@click.option("--receipts", is_flag=True, help=tr("Take in the receipts of what was carried away from here."))
@click.option("--again", is_flag=True, help=tr("Also when another station has taken the pack already."))
def import_command(folder: Path, config_path: Path, as_json: bool, receipts: bool, again: bool) -> int:
    settings = settings_of(config_path)
    with writing(settings) as queue:
        if receipts:
            text = settings.server.receipt_key
            count = import_receipts(queue, folder, public_key(text) if text else None, settings.server.url)
            waiting = sum(row.error_kind == "carried" for row in queue.rows())
            if as_json:
                talk.document({"receipts": count})
            else:
                talk.line(say("{count} {count|receipt|receipts} taken in.", count=count))
            if waiting:
                talk.tell(
                    say(
                        "{count} {count|recording still waits|recordings still wait} for a receipt. If "
                        "the stick has none, put it into the station that delivers and run “station "
                        "queue import” there with its folder.",
                        count=waiting,
                    )
                )
                return Exit.FAILED
            return Exit.OK
        data = DataDir(settings.data.dir)
        done = import_pack(queue, folder, data.takes, settings.station.id, Told(), again=again)
        back = export_receipts(queue, folder)
        waiting = sum(not row.delivered for row in queue.rows())
    if back and not as_json:
        talk.line(say("{count} {count|receipt|receipts} written back to the stick.", count=back))
    if waiting:
        talk.tell(
            say(
                "Leave the stick in its place until they are delivered: the station writes the receipts"
                " onto it. If it was taken out, “station queue import” with its folder does that later."
            )
        )
    return _report(
        done,
        as_json,
        say("{takes} {takes|recording|recordings} taken in, {known} {known|was|were} known already."),
    )


class Told:
    """Progress on stderr, ten lines at most."""

    def __init__(self) -> None:
        self._tenth = -1

    def __call__(self, done: int, total: int, name: str) -> None:
        tenth = 10 * done // max(total, 1)
        if tenth > self._tenth and total:
            self._tenth = tenth
            talk.tell(
                say(
                    "{done} of {total}  {name}", done=present.size(done), total=present.size(total), name=name
                )
            )


def _report(done: Carried, as_json: bool, text: Message) -> int:
    if as_json:
        talk.document({"takes": done.takes, "known": done.known, "damaged": list(done.damaged)})
    else:
        talk.line(Message(text.template, {"takes": done.takes, "known": done.known}))
        for name in done.damaged:
            talk.line(
                say(
                    "{name} is damaged and was left out. Keep the stick and tell the district.",
                    name=str(Path(name)),
                )
            )
    if done.foreign:
        talk.tell(
            say(
                "The stick has {count} {count|recording|recordings} of another computer with the same "
                "station id, or of an earlier data folder. Nothing was replaced; tell the district's "
                "technician.",
                count=done.foreign,
            )
        )
    if done.elsewhere:
        talk.tell(
            say(
                "{count} of them are on another stick, too. Give only one stick to a station that delivers.",
                count=done.elsewhere,
            )
        )
    return Exit.FAILED if done.damaged else Exit.OK
