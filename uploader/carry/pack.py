"""Takes on a stick, for a school whose network is down: out here, in at any other station, receipts back.

1. Everything may be repeated: what is there and right is not copied again, what is known not entered.
2. A take that was carried away waits here for its receipt, so that it is not delivered from two places;
   "resume" delivers it from here after all.
3. A pack belongs to the first station that imports it; another one needs to be told so.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, replace
from pathlib import Path

from config.base import DiskError, StationError, say
from config.disk import is_there
from uploader.carry.packfile import (
    MANIFEST,
    Manifest,
    Packed,
    Progress,
    copy_proven,
    digest_from_disk,
    read_manifest,
    read_manifests,
    stick,
    write_json,
    write_manifest,
)
from uploader.faults import DeliveryError
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import State
from uploader.queue.take import FinishedTake

log = logging.getLogger(__name__)
CLAIM = "claimed.json"
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
    """Names of files whose bytes are not those of the recording; these were left out."""


def export_pack(queue: Queue, folder: Path, progress: Progress) -> Carried:
    """Write every take that is not delivered; each waits here from then on. Raises DiskError."""
    rows = [row for row in queue.rows() if not row.delivered and row.state is not State.MISSING]
    total, done = sum(row.size for row in rows), 0
    result = Carried()
    for row in rows:
        progress(done, total, row.path.name)
        done += row.size
        if not _set_aside(queue, row):
            continue
        try:
            new = _write(row, folder)
        except BaseException:
            queue.resume(row.take_id)
            raise
        if new is None:
            queue.resume(row.take_id)
            result = replace(result, damaged=(*result.damaged, row.path.name))
        else:
            result = replace(result, takes=result.takes + new, known=result.known + (not new))
    _leave_out_delivered(queue, folder)
    progress(done, total, "")
    return result


def _set_aside(queue: Queue, row: Row) -> bool:
    """Not to be delivered from here; False where that was done in this very moment."""
    waits = say("Carried away on a stick; waits for the receipt. To send it from here, let it go on.")
    queue.change(row.take_id, "carried", paused=1, error=waits, error_kind="carried")
    deadline = time.monotonic() + STEP_BACK_SECONDS
    while queue.is_active(row.take_id) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not queue.row(row.take_id).delivered


def _write(row: Row, folder: Path) -> bool | None:
    """True when it is new in the pack, None where the recording is not what it was."""
    manifest = read_manifest(folder, row.station)
    known = {take.take_id: take for take in manifest.takes}
    packed = _pack(row, manifest.folder)
    if packed is None:
        return None
    if known.get(row.take_id) == packed:
        return False
    write_manifest(replace(manifest, takes=tuple({**known, row.take_id: packed}.values())))
    return True


def _leave_out_delivered(queue: Queue, folder: Path) -> None:
    """What was delivered from here after all must not be delivered from elsewhere too."""
    delivered = {row.take_id for row in queue.rows() if row.delivered}
    for path in folder.glob(f"*/{MANIFEST}"):
        manifest = read_manifest(folder, path.parent.name)
        left = tuple(take for take in manifest.takes if take.take_id not in delivered)
        if left != manifest.takes and not is_there(manifest.folder / CLAIM):
            write_manifest(replace(manifest, takes=left))


def _pack(row: Row, folder: Path) -> Packed | None:
    """Copy a take and its sidecar; None where the recording is not what it was."""
    sidecar = row.path.with_suffix(".json")
    with stick(sidecar.name):
        sidecar_sha256 = digest_from_disk(sidecar)
    packed = Packed(row.take_id, f"{row.session}/{row.path.name}", row.size, row.sha256, sidecar_sha256)
    target = folder / packed.file
    right = copy_proven(row.path, target, row.sha256)
    return packed if right and copy_proven(sidecar, target.with_suffix(".json"), sidecar_sha256) else None


def import_pack(
    queue: Queue, folder: Path, takes: Path, station: str, progress: Progress, *, again: bool = False
) -> Carried:
    """Copy the takes of all stations on a stick below `takes` and enter them.

    Raises DiskError, or DeliveryError where another station has taken the pack (`again` overrides that).
    """
    manifests = read_manifests(folder)
    for manifest in manifests:
        _claim(manifest, station, again)
    total = sum(packed.size for manifest in manifests for packed in manifest.takes)
    done, result = 0, Carried()
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
    return result


def _claim(manifest: Manifest, station: str, again: bool) -> None:
    path = manifest.folder / CLAIM
    if is_there(path) and not again:
        with stick(path.name):
            text = path.read_text(encoding="utf-8")
        try:
            owner = str(json.loads(text)["station"])
        except (ValueError, KeyError, TypeError):
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
    """True when it is new here, None where the pack's copy is damaged."""
    source = manifest.folder / packed.file
    # Sessions of different schools may have the same name, and pupils the same number.
    target = takes / f"{manifest.station}_{Path(packed.file).parent.name}" / source.name
    if not is_there(source) and not is_there(target):
        return None
    sidecar, target_sidecar = source.with_suffix(".json"), target.with_suffix(".json")
    if not copy_proven(sidecar, target_sidecar, packed.sidecar_sha256):
        return None
    if not copy_proven(source, target, packed.sha256):
        return None
    try:
        return queue.add(FinishedTake.from_sidecar(target_sidecar))
    except StationError as error:
        log.error("%s is not entered: %s", packed.file, error)
        return None
