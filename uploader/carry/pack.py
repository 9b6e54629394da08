"""Takes on a stick, for a school whose network is down: out here, in at any other station, receipts back.

1. Everything may be repeated: what is there and right is not copied again, what is known not entered.
2. A take that was carried away waits here for its receipt, so that it is not delivered from two places;
   "resume" delivers it from here after all.
3. Nothing is ever replaced: names carry the take id, in the pack and where it is taken in.
4. A pack belongs to the first station that imports it; another one needs to be told so.
"""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from config.base import DiskError, StationError, say
from config.disk import digest_of, is_folder, is_there
from config.takes import SidecarError, read_facts, sidecar_path, take_prefix
from uploader.carry.packfile import (
    NO_JSON,
    Manifest,
    Packed,
    Progress,
    are_files,
    copy_proven,
    read_bounded,
    read_manifest,
    read_manifests,
    stick,
    write_json,
    write_manifest,
)
from uploader.faults import DeliveryError, UploadFault
from uploader.prove.integrity import check_owner
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import Event, State
from uploader.queue.take import FinishedTake

log = logging.getLogger(__name__)
CLAIM = "claimed.json"
LARGEST_CLAIM = 1024 * 1024
"""Bytes."""
STEP_BACK_SECONDS = 3.0
"""A running station notices a pause within a second."""


@dataclass(frozen=True)
class Carried:
    """What an export or import has done."""

    takes: int = 0
    """Written now and read back; at an import: entered into the queue."""
    known: int = 0
    """Were there already."""
    damaged: tuple[str, ...] = ()
    """Names of what can't be used: other bytes than the recording's, no sidecar, words that can't be right.
    These were left out, the rest was not."""
    foreign: int = 0
    """Takes on the stick that are of a station with our id, but were never recorded here; at an import: of a
    station whose id two computers have."""
    elsewhere: int = 0
    """Takes that were carried away before, and are on another stick too."""


def export_pack(queue: Queue, folder: Path, progress: Progress) -> Carried:
    """Write every take that is not delivered; each waits here from then on. Raises DiskError.
    What was delivered meanwhile, by a receipt or from here, is neither on the stick's list nor counted."""
    rows = [row for row in queue.rows() if not row.delivered and row.state is not State.MISSING]
    total, done = sum(row.size for row in rows), 0
    written: dict[str, tuple[Row, bool]] = {}
    damaged: list[str] = []
    for row in rows:
        progress(done, total, row.path.name)
        done += row.size
        try:
            if not _set_aside(queue, row):
                continue
            new = _write(row, folder, queue.origin)
        except BaseException:
            queue.resume(row.take_id)
            raise
        if new is None:
            queue.resume(row.take_id)
            damaged.append(row.path.name)
        else:
            _carried(queue, row)
            written[row.take_id] = row, new
    for take_id in _leave_out_delivered(queue, folder) & written.keys():
        queue.resume(take_id)
        del written[take_id]
    progress(done, total, "")
    return Carried(
        takes=sum(new for _, new in written.values()),
        known=sum(not new for _, new in written.values()),
        damaged=tuple(damaged),
        foreign=_foreign(queue, folder),
        elsewhere=sum(new and row.error_kind == "carried" for row, new in written.values()),
    )


def _foreign(queue: Queue, folder: Path) -> int:
    """Two computers with one id, or a data folder that was made anew: nothing is mixed up, but somebody
    must know."""
    rows = queue.rows()
    ours = {row.take_id for row in rows}
    found = (read_manifest(folder, station) for station in {row.station for row in rows})
    return sum(packed.take_id not in ours for manifest in found for packed in manifest.takes)


def _set_aside(queue: Queue, row: Row) -> bool:
    """Not to be delivered from here; False where that was done in this very moment, or goes on.

    A worker takes no step of a paused row (Queue.change), so what has stepped back stays so.
    """
    waits = say("Is being written to a stick.")
    queue.change(row.take_id, Event.CARRIED, paused=1, error=waits, error_kind="carrying")
    deadline = time.monotonic() + STEP_BACK_SECONDS
    in_hand = queue.is_active(row.take_id)
    while queue.is_active(row.take_id) and time.monotonic() < deadline:
        time.sleep(0.1)
    found = queue.row(row.take_id)
    if queue.is_active(row.take_id) or (in_hand and found.sending_to >= found.wire_size):
        # All of it may be at the server in this moment; the next export finds it where it is not.
        queue.resume(row.take_id)
        return False
    if found.delivered:
        queue.resume(row.take_id)
    return not found.delivered


def _carried(queue: Queue, row: Row) -> None:
    """Only what is on the stick, list and all, waits for a receipt: an export may be killed at any moment."""
    waits = say("Carried away on a stick; waits for the receipt. To send it from here, let it go on.")
    queue.change(row.take_id, Event.CARRIED, paused=1, error=waits, error_kind="carried")


def _write(row: Row, folder: Path, origin: str) -> bool | None:
    """True when it is new in the pack, None where the recording is not what it was."""
    manifest = read_manifest(folder, row.station)
    known = {take.take_id: take for take in manifest.takes}
    packed = _pack(row, manifest.folder, known.get(row.take_id), origin)
    if packed is None:
        return None
    if known.get(row.take_id) == packed:
        return False
    write_manifest(replace(manifest, takes=tuple({**known, row.take_id: packed}.values())))
    return True


def _leave_out_delivered(queue: Queue, folder: Path) -> set[str]:
    """What was delivered from here after all must not be delivered from elsewhere too; their ids."""
    rows = queue.rows()
    delivered = {row.take_id for row in rows if row.delivered}
    for station in {row.station for row in rows}:
        manifest = read_manifest(folder, station)
        left = tuple(take for take in manifest.takes if take.take_id not in delivered)
        if left != manifest.takes and not is_there(manifest.folder / CLAIM):
            write_manifest(replace(manifest, takes=left))
    return delivered


def _pack(row: Row, folder: Path, known: Packed | None, origin: str) -> Packed | None:
    """Copy a take and its sidecar; None where the recording is not what it was.

    `known`: what the pack says of it already, perhaps under a name without its id (earlier versions).
    """
    try:
        check_owner(row)
    except UploadFault as fault:
        log.error("%s is not carried: %s", row.path.name, fault)
        return None
    sidecar = sidecar_path(row.path)
    with stick(sidecar.name):
        sidecar_sha256 = digest_of(sidecar, from_medium=True)
    file = f"{row.session}/{named(row.path, row.take_id)}"
    packed = Packed(row.take_id, file, row.size, row.sha256, sidecar_sha256, origin)
    if known is not None and replace(known, file=file, origin=origin) == packed and _there(known, folder):
        return known
    target = folder / file
    if not copy_proven(row.path, target, row.sha256, over=True):
        return None
    good = copy_proven(sidecar, sidecar_path(target), sidecar_sha256, over=True)
    return packed if good else None


def _there(known: Packed, folder: Path) -> bool:
    path = folder / known.file
    try:
        whole = digest_of(path, from_medium=True), digest_of(sidecar_path(path), from_medium=True)
    except OSError:
        return False
    return whole == (known.sha256, known.sidecar_sha256)


def named(take: Path, take_id: str) -> str:
    """A file's name with its id, so that two recordings never want one place."""
    return take.name if take.stem.endswith(take_id) else f"{take.stem}_{take_id}{take.suffix}"


def import_pack(
    queue: Queue, folder: Path, takes: Path, station: str, progress: Progress, *, again: bool = False
) -> Carried:
    """Copy the takes of all stations on a stick below `takes` and enter them.

    Raises DiskError, or DeliveryError where another station has taken the pack (`again` overrides that).
    """
    manifests, damaged = read_manifests(folder)
    for manifest in manifests:
        _claim(manifest, station, again)
    total = sum(packed.size for manifest in manifests for packed in manifest.takes)
    unreadable = tuple(f"{one.station}: ?" for one in manifests for _ in one.unreadable)
    done, result = 0, Carried(damaged=(*damaged, *unreadable))
    for manifest in manifests:
        for packed in manifest.takes:
            progress(done, total, packed.file)
            done += packed.size
            added = _enter(queue, manifest, packed, takes)
            if added is None:
                result = replace(result, damaged=(*result.damaged, packed.file))
            else:
                result = replace(result, takes=result.takes + added, known=result.known + (not added))
    progress(done, total, "")
    queue.remember_stick(str(folder.absolute()))
    return replace(result, foreign=sum(map(_of_second_computers, manifests)))


def _of_second_computers(manifest: Manifest) -> int:
    """Takes beyond those of the first computer, where two have the station's id."""
    origins = Counter(packed.origin for packed in manifest.takes if packed.origin)
    return sum(count for _, count in origins.most_common()[1:])


def _claim(manifest: Manifest, station: str, again: bool) -> None:
    path = manifest.folder / CLAIM
    if is_there(path) and not again:
        try:
            with stick(path.name):
                owner = str(json.loads(read_bounded(path, LARGEST_CLAIM))["station"])
        except NO_JSON:
            owner = "?"
        if owner != station:
            raise DeliveryError(
                say("Station {owner} has already taken over these recordings.", owner=owner),
                say("Ask there. If they were not sent from there, import them here all the same."),
            )
    try:
        write_json(path, {"station": station})
    except DiskError as error:
        log.warning("the pack can't be marked as taken: %s", error)


def _enter(queue: Queue, manifest: Manifest, packed: Packed, takes: Path) -> bool | None:
    """True when it is new here, None where the pack's copy can't be used. Raises DiskError where nothing
    more can be read or written."""
    try:
        known = queue.find(packed.take_id)
        if known is not None:
            return False if (known.sha256, known.size) == (packed.sha256, packed.size) else None
        source = manifest.folder / packed.file
        if not (are_files(source) and _described(source, manifest, packed)):
            return None
        # Sessions of different schools may have the same name, and pupils the same number.
        target = takes / f"{manifest.station}_{source.parent.name}" / named(source, packed.take_id)
        sidecar = sidecar_path(target)
        if not copy_proven(sidecar_path(source), sidecar, packed.sidecar_sha256):
            return None
        if not copy_proven(source, target, packed.sha256):
            return None
        return queue.add(FinishedTake.from_sidecar(sidecar))
    except DiskError as error:
        reason = error.__cause__
        if not isinstance(reason, FileNotFoundError) or not is_folder(manifest.folder):
            raise
        log.error("%s is not entered: %s", packed.file, error)
        return None
    except StationError as error:
        log.error("%s is not entered: %s", packed.file, error)
        return None


def _described(source: Path, manifest: Manifest, packed: Packed) -> bool:
    """Whether the sidecar is of this take, as the list says it."""
    try:
        with stick(sidecar_path(source).name):
            facts = read_facts(source)
    except SidecarError:
        return False
    found = facts.take_id, facts.sha256, facts.station, facts.session
    name = f"{take_prefix(facts.student_id, facts.item)}{facts.attempt}"
    return source.stem in (name, f"{name}_{facts.take_id}") and found == (
        packed.take_id,
        packed.sha256,
        manifest.station,
        packed.file.split("/")[0],
    )
