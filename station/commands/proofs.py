"""`station queue verify` and `remove`: ask the server again what it has; remove only what it proves anew."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from config import Settings, server_token
from config.base import ConfigError, Message, is_keyboard, say
from config.disk import DataDir
from station.commands.options import config_option, json_option, settings_of
from station.commands.queues import named, show, writing
from station.exitcodes import Exit
from station.run.lock import only_station
from station.takes import cleanup
from station.words import talk
from station.words.i18n import render, tr
from uploader import DeliveryError, Kind, UploadFault
from uploader.carry import mark_due, purge
from uploader.prove import lose_proof, send_again
from uploader.queue import ProofLevel, Queue
from uploader.send import Uploader

LONGEST_REASON = 200
"""Characters."""


def uploader_of(queue: Queue, settings: Settings) -> Uploader:
    return Uploader(queue, settings.server, settings.delivery, lambda *change: None, server_token(settings))


@click.command("verify", help=tr("Ask the server again for the proof of everything that is delivered."))
@config_option
@json_option
def verify_command(config_path: Path, as_json: bool) -> int:
    settings = settings_of(config_path)
    found: list[dict[str, Any]] = []
    lost = 0
    with writing(settings) as queue:
        uploader = uploader_of(queue, settings)
        rows = [row for row in queue.rows() if row.delivered]
        for number, row in enumerate(rows, start=1):
            entry = {"take_id": row.take_id, "student_id": row.student_id, "item": row.item}
            try:
                level = uploader.recheck(row)
                found.append({**entry, "level": level.name, "error": None})
                talk.tell(
                    say(
                        "{number} of {count}: proven at {level}",
                        number=number,
                        count=len(rows),
                        level=level.name,
                    )
                )
            except DeliveryError as error:
                found.append({**entry, "level": None, "error": str(error.what)})
                if isinstance(error, UploadFault) and error.kind is Kind.LIE:
                    lose_proof(queue, row, error)
                    lost += 1
                talk.tell(say("{id} {item}: {what}", id=row.student_id, item=row.item, what=error.what))
    if lost:
        talk.tell(
            say(
                "{count} {count|recording counts|recordings count} as not delivered from now on. The "
                "station sends them by itself; without it, run “station queue run --once”.",
                count=lost,
            )
        )
    good = sum(entry["level"] is not None and ProofLevel[entry["level"]] >= ProofLevel.L1 for entry in found)
    if as_json:
        talk.document(found)
    else:
        talk.line(say("{good} of {count} proven again.", good=good, count=len(found)))
    return Exit.OK if good == len(found) else Exit.NETWORK


@click.command("again", help=tr("Send delivered recordings anew, because the centre misses them."))
@config_option
@json_option
@click.option("--reason", required=True, help=tr("Why; it is written into the table of events."))
@click.argument("take_ids", metavar="TAKE_ID...", nargs=-1, required=True)
def again_command(config_path: Path, as_json: bool, reason: str, take_ids: tuple[str, ...]) -> int:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ConfigError(
            say("The reason must have 1 to {limit} characters.", limit=LONGEST_REASON),
            say("Write in a few words who misses the recordings."),
        )
    with writing(settings_of(config_path)) as queue:
        for take_id in named(queue, take_ids):
            send_again(queue, queue.row(take_id), reason.strip())
        rows = queue.rows()
    show(rows, as_json)
    talk.tell(say("They are sent as soon as the station runs; “station queue run --once” does it now."))
    return Exit.OK


def _agreed(count: int) -> bool:
    """Asks; from a keyboard or from a pipe. Raises ConfigError where nobody answers."""
    question = render(
        say("Remove up to {count} {count|recording|recordings} from this computer?", count=count)
    )
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        if is_keyboard(sys.stdin):
            raise
        raise ConfigError(
            say("Nobody can be asked here whether recordings are to be removed."),
            say("Give --yes if they are."),
        ) from None


@click.command(
    "remove",
    help=tr(
        "Remove recordings whose retention time is over, or the named ones, if the server proves them again."
    ),
)
@config_option
@json_option
@click.option("--yes", is_flag=True, help=tr("Don't ask."))
@click.argument("take_ids", metavar="[TAKE_ID]...", nargs=-1)
def remove_command(config_path: Path, as_json: bool, yes: bool, take_ids: tuple[str, ...]) -> int:
    settings = settings_of(config_path)
    with ExitStack() as stack:
        data = DataDir(settings.data.dir)
        stack.enter_context(only_station(data))
        queue = stack.enter_context(writing(settings))
        take_ids = tuple(named(queue, take_ids))
        due = mark_due(queue, settings.delivery.retention_days)
        count = due + sum(take_id in take_ids for take_id in {row.take_id for row in queue.rows()})
        count += sum(len(paths) for paths in cleanup.due(data, cleanup.BY_COMMAND).values())
        if count and not yes and not _agreed(count):
            return Exit.OK
        cleared = cleanup.clear(data, cleanup.BY_COMMAND)
        done = purge(queue, uploader_of(queue, settings).recheck, take_ids)
        rows = queue.rows()
    if as_json:
        talk.document({"removed": list(done.removed), "kept": list(done.kept), "cleared": cleared})
    else:
        show(rows, as_json)
        talk.line(
            say(
                "{removed} removed, {kept} kept because the server did not prove them again.",
                removed=len(done.removed),
                kept=len(done.kept),
            )
        )
        for rule in cleanup.RULES:
            if cleared.get(rule.id):
                talk.line(say("{what}: {count} removed", what=Message(rule.what), count=cleared[rule.id]))
    return Exit.FAILED if done.kept else Exit.OK
