"""`station queue`: the uploads from outside the screens. Reading works while the station runs."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic

import click

from config import server_token
from config.base import say
from config.disk import DataDir
from station.commands.lazy import LazyGroup
from station.commands.options import config_option, json_option, settings_of, tell_readable
from station.commands.queues import named, reading, show, writing
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import tr
from uploader import UploadFault
from uploader.queue import Queue, State

EVERY_SECONDS = 2.0
DOUBLES = say(
    "What was written to the stick is sent from here after all. If the stick is delivered too, the centre"
    " drops the doubles by their take ids."
)
NONE_CARRIED = say("Nothing waits for a stick.")


MORE = {
    "faults": "station.commands.faults:faults_command",
    "again": "station.commands.proofs:again_command",
    "verify": "station.commands.proofs:verify_command",
    "remove": "station.commands.proofs:remove_command",
    "export": "station.commands.carry:export_command",
    "import": "station.commands.carry:import_command",
}


@click.group(
    cls=LazyGroup,
    places=MORE,
    invoke_without_command=True,
    help=tr("The upload queue; without a word after it, the list."),
)
@config_option
@json_option
@click.pass_context
def queue(ctx: click.Context, config_path: Path, as_json: bool) -> int | None:
    if ctx.invoked_subcommand is not None:
        return None
    return _list(config_path, as_json)


@queue.command("list", help=tr("Every recording with the state of its delivery and its proof."))
@config_option
@json_option
def list_command(config_path: Path, as_json: bool) -> int:
    return _list(config_path, as_json)


def _list(config_path: Path, as_json: bool) -> int:
    with reading(settings_of(config_path)) as found:
        rows = found.rows() if found is not None else []
    show(rows, as_json)
    data = DataDir(settings_of(config_path).data.dir)
    if not rows and any(data.takes.glob("*/*.wav")):
        talk.tell(say("There are recordings that the queue does not know. Run “station recover”."))
        return Exit.FAILED
    return Exit.OK


@queue.command(
    "run", help=tr("Deliver without the screens: --once what can be delivered now, else for ever.")
)
@config_option
@json_option
@click.option("--once", is_flag=True, help=tr("Leave when nothing more can be delivered now."))
def run_command(config_path: Path, as_json: bool, once: bool) -> int:
    from station.commands.waiting import orphan_told
    from station.run.lock import only_station
    from station.run.logs import log_to
    from station.takes.rebuild import kit_if_any, rebuild
    from uploader.carry import write_back
    from uploader.prove import Centre
    from uploader.send import Uploader

    settings = settings_of(config_path)
    data = DataDir(settings.data.dir)
    with only_station(data, settings.session.roster):
        log_to(data.logs)
        tell_readable(settings)
        # What a crash, a lost database or a moved folder left is put in step first, as the screens do.
        kit, centre = kit_if_any(settings.session.kit, data), Centre.of(settings.server)
        rebuild(data, kit, orphan_told(data), centre)
        found = Queue.open(data.database)
        try:
            progress = DeliveryProgress(found)
            uploader = Uploader(
                found, settings.server, settings.delivery, progress.changed, server_token(settings)
            )
            if once:
                uploader.run_once()
            else:
                _run_for_ever(uploader, found, progress)
            rows = found.rows()
            if back := write_back(found):
                talk.tell(say("{count} {count|receipt|receipts} written back to the stick.", count=back))
        finally:
            found.close()
    show(rows, as_json)
    return Exit.OK if all(row.delivered or row.state is State.SENT for row in rows) else Exit.NETWORK


def _run_for_ever(uploader: object, queue: Queue, progress: DeliveryProgress) -> None:
    from uploader.carry import write_back
    from uploader.send import Uploader

    assert isinstance(uploader, Uploader)
    try:
        uploader.start()
        talk.tell(say("Delivering; Ctrl-C ends this. What is under way goes on the next time."))
        written = -1
        while True:
            progress.wait()
            done = sum(row.delivered for row in queue.rows())
            if done != written:
                write_back(queue)
                written = done
    finally:
        uploader.stop(timeout=10)


class DeliveryProgress:
    """Tells at most every two seconds how far it is."""

    def __init__(self, found: Queue) -> None:
        self._queue = found
        self._told_at = 0.0
        self._told = ""
        self._fault = ""
        self._dirty = threading.Event()

    def changed(self, *change: object) -> None:
        """A change, or a fault as it is met: the first time-out is said at once, not after minutes."""
        self._dirty.set()
        for fault in change:
            if isinstance(fault, UploadFault) and str(fault.what) != self._fault:
                self._fault = str(fault.what)
                talk.tell(fault.what)
        if monotonic() - self._told_at >= EVERY_SECONDS:
            self._told_at = monotonic()
            self._tell()

    def wait(self) -> None:
        self._dirty.wait(EVERY_SECONDS)
        self._dirty.clear()

    def _tell(self) -> None:
        from station.words import present

        rows = self._queue.rows()
        done = sum(row.delivered for row in rows)
        sent = sum(row.offset for row in rows)
        text = say(
            "{done} of {total} delivered, {sent} of {size} sent",
            done=done,
            total=len(rows),
            sent=present.size(sent),
            size=present.size(sum(row.size for row in rows)),
        )
        if str(text) != self._told:
            self._told = str(text)
            talk.tell(text)


@queue.command("retry", help=tr("Try again now: the named recordings, or all that wait."))
@config_option
@json_option
@click.argument("take_ids", metavar="[TAKE_ID]...", nargs=-1)
def retry_command(config_path: Path, as_json: bool, take_ids: tuple[str, ...]) -> int:
    with writing(settings_of(config_path)) as found:
        for take_id in named(found, take_ids) or (None,):
            found.retry(take_id)
        rows = found.rows()
    show(rows, as_json)
    talk.tell(say("They are tried as soon as the station runs; “station queue run --once” does it now."))
    return Exit.OK


@queue.command("pause", help=tr("Stop delivering: the named recordings, or all."))
@config_option
@json_option
@click.argument("take_ids", metavar="[TAKE_ID]...", nargs=-1)
def pause_command(config_path: Path, as_json: bool, take_ids: tuple[str, ...]) -> int:
    with writing(settings_of(config_path)) as found:
        for take_id in named(found, take_ids) or (None,):
            found.pause(take_id)
        rows = found.rows()
    show(rows, as_json)
    return Exit.OK


@queue.command("resume", help=tr("Deliver again: the named recordings, or all."))
@config_option
@json_option
@click.option("--carried", is_flag=True, help=tr("Send from here what was written to a stick, after all."))
@click.argument("take_ids", metavar="[TAKE_ID]...", nargs=-1)
def resume_command(config_path: Path, as_json: bool, carried: bool, take_ids: tuple[str, ...]) -> int:
    with writing(settings_of(config_path)) as found:
        if carried:
            talk.tell(DOUBLES if found.send_carried() else NONE_CARRIED)
            show(found.rows(), as_json)
            return Exit.OK
        for take_id in named(found, take_ids) or (None,):
            found.resume(take_id)
        rows = found.rows()
    show(rows, as_json)
    return Exit.OK
