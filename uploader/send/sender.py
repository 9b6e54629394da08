"""The bytes of one take: create an upload, resume it, send it piece by piece.

1. What must survive a crash is committed before the next step: the address before the first byte, the end of
   a piece (and whether it travels with a checksum) before the piece.
2. The whole file is compared with what was recorded while pieces travel; the last piece waits for that. So
   other bytes than those recorded never become a complete upload.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Unpack

from config.base import say
from uploader.encode.wire import PLAIN, Wire, filetype, is_ready, prepare, wire_path
from uploader.faults import Kind, UploadFault
from uploader.flow.gate import TakeGate
from uploader.prove.integrity import Sameness, check_owner, look_at
from uploader.prove.proof import Prover
from uploader.prove.server import Server
from uploader.queue.queue import UNSENT, Queue
from uploader.queue.row import Change, Row
from uploader.queue.states import Event, State
from uploader.send.allowance import check_bounds
from uploader.send.retry import RetryTimes, Streak
from uploader.tus.answers import ASK
from uploader.tus.body import Body
from uploader.tus.client import TusClient
from uploader.tus.headers import checksum_header

log = logging.getLogger(__name__)
OLD_ANSWERS = 2
"""Conflicts at the offset that the server says, until its answer is doubted."""
BUFFER = 256 * 1024
"""Read at once for a checksum."""


@dataclass(frozen=True)
class Tools:
    """What every delivery of one worker shares."""

    queue: Queue
    client: TusClient
    server: Server
    prover: Prover
    retry_times: RetryTimes
    encoding: str
    on_change: Callable[..., None]
    """Hears of every change, and of every fault as it is met."""
    on_rate: Callable[[int, float], None]
    """Bytes acknowledged and the seconds that took."""


class Sender:
    """Sends one row; every method raises Fault or Interrupted."""

    def __init__(self, tools: Tools, row: Row, gate: TakeGate, streak: Streak) -> None:
        self.row = row
        """As it was last committed."""
        self.anew = False
        """The upload that the row names is gone; its address is kept until there is another."""
        self.in_piece = False
        """The last request was a piece."""
        self._tools = tools
        self._gate = gate
        self._streak = streak

    def change(self, event: Event, *, lasting: bool = True, **columns: Unpack[Change]) -> None:
        self.row = self._tools.queue.change(self.row.take_id, event, lasting=lasting, **columns)
        self._tools.on_change()

    def send(self) -> None:
        """From wherever the upload stands to its last byte."""
        row = self.row
        client = self._tools.client
        elsewhere = row.endpoint != client.endpoint or not client.may(row.upload_url)
        stamp = look_at(row)
        mtime_ns = stamp.mtime_ns
        check_owner(row)
        # Its first pieces may be those of another file; once the last was begun, they were compared.
        begun_otherwise = mtime_ns != row.mtime_ns and row.sending_to < row.wire_size
        fresh = self.anew or row.upload_url is None or elsewhere or begun_otherwise or not is_ready(row)
        with Sameness(row, stamp, resumed=not fresh) as same:
            offset = self._create(mtime_ns, same) if fresh else self._resume()
            with wire_path(self.row).open("rb") as file:
                while offset < self.row.wire_size:
                    offset = self._send_piece(file, offset, same)
        self.change(Event.SENT, lasting=False, state=State.VERIFYING, offset=offset)

    def _create(self, mtime_ns: int, same: Sameness) -> int:
        client = self._tools.client
        if self._tools.encoding != PLAIN:
            same.confirm()
        wire = prepare(self.row, self._tools.encoding)
        limit = self._tools.server.capabilities.max_size
        if limit is not None and 0 < limit < wire.size:
            raise too_large(limit)
        check_bounds(self._tools.queue.begun(self.row.take_id))
        self.change(Event.CREATING, lasting=False, state=State.CREATING)
        url = client.create(wire.size, metadata_of(self.row, wire))
        # From here on a crash resumes this upload; before, it leaves an empty one behind and no bytes.
        created: Change = {
            **UNSENT,
            "state": State.UPLOADING,
            "endpoint": client.endpoint,
            "upload_url": url,
            "encoding": wire.encoding,
            "wire_size": wire.size,
            "wire_sha256": wire.sha256,
            "pcm_md5": wire.pcm_md5,
            "mtime_ns": mtime_ns,
            "compared_at": self.row.compared_at if mtime_ns == self.row.mtime_ns else None,
        }
        self.change(Event.CREATED, **created)
        self.anew = False
        return 0

    def _resume(self) -> int:
        """Ask where the upload stands; a stored offset is never trusted."""
        row = self.row
        # After conflicts the piece is perhaps there, and the answer an old one.
        known = row.offset if self._streak.conflicts < OLD_ANSWERS else row.offset + 1
        head = self._tools.client.head(row.upload_url or "", known)
        fits = head.length in (None, row.wire_size) and row.offset <= head.offset <= row.wire_size
        if not fits:
            raise lie()
        # A piece that broke off was not checked as a whole; what the server kept of it is unproven.
        checked = row.checked and head.offset in (row.offset, row.sending_to)
        if head.offset > row.offset:
            self._streak.progress()
        if head.offset != row.offset:
            self.change(Event.RESUMED, state=State.UPLOADING, offset=head.offset, checked=int(checked))
        return head.offset

    def _send_piece(self, file: BinaryIO, offset: int, same: Sameness) -> int:
        """The new offset."""
        server = self._tools.server
        size = min(server.chunk.size, self.row.wire_size - offset)
        if same.known or offset + size == self.row.wire_size:
            self._confirm(same)
        checksum = None
        if server.algorithm is not None:
            checksum = checksum_header(server.algorithm, Body(file, offset, size, lambda _: None, BUFFER))
        self._announce(offset, offset + size, self.row.checked and checksum is not None)
        client = self._tools.client
        body = Body(file, offset, size, self._gate, self._gate.block(client.block))
        began = time.monotonic()
        self.in_piece = True
        found = client.patch(self.row.upload_url or "", offset, body, checksum)
        self.in_piece = False
        server.disguise = client.disguise
        self._accepted(offset, size, found, time.monotonic() - began)
        return found

    def _confirm(self, same: Sameness) -> None:
        """Leave an upload that was fed with other bytes than those recorded."""
        try:
            same.confirm()
        except UploadFault as fault:
            if fault.kind is Kind.TAKE:
                self.leave(spoilt=True)
            raise

    def leave(self, *, spoilt: bool, **columns: Unpack[Change]) -> None:
        """Forget the upload; what can't become right is taken from the server too, where it allows that."""
        if spoilt:
            self.discard()
        forgotten: Change = {**columns, **UNSENT, "upload_url": None}
        self.change(Event.LEFT, **forgotten)

    def discard(self) -> None:
        """Take what can't become right from the server, where it allows that."""
        if self._tools.server.allows_removal:
            discard(self._tools.client, self.row.upload_url)

    def _announce(self, offset: int, end: int, checked: bool) -> None:
        """Commit what is about to be sent, unless it is tried once more.

        Only the last piece must not be forgotten: an upload of which it was sent may be complete.
        """
        row = self.row
        if (row.state, row.offset, row.sending_to, row.checked) != (State.UPLOADING, offset, end, checked):
            self.change(
                Event.PIECE,
                lasting=end == row.wire_size,
                state=State.UPLOADING,
                offset=offset,
                sending_to=end,
                checked=int(checked),
            )

    def _accepted(self, offset: int, size: int, found: int, seconds: float) -> None:
        if not offset <= found <= offset + size:
            raise lie()
        if found == offset:
            raise UploadFault(Kind.OFFSET, say("The server takes nothing more of this recording."))
        whole = found == offset + size
        if not whole and self.row.checked:
            self.change(Event.PROGRESS, checked=0)
        self._tools.on_rate(found - offset, seconds)
        self._tools.client.expect((found - offset) / max(seconds, 0.001))
        self._streak.progress()
        if whole and found < self.row.wire_size:
            self._tools.server.chunk = self._tools.server.chunk.after(size, seconds)
        if self.row.failures or self.row.address_failures or self.row.doubtful:
            self.change(Event.PROGRESS, lasting=False, failures=0, address_failures=0, doubtful=0)


def discard(client: TusClient, url: str | None) -> None:
    """Take an upload from the server; it may stay where that does not work."""
    try:
        client.delete(url or "")
    except UploadFault as trouble:
        log.info("the spoilt upload stays: %s", trouble)


def metadata_of(row: Row, wire: Wire) -> dict[str, str]:
    """What the centre learns on creation; ASCII file name, since some servers refuse others."""
    more = {}
    if wire.pcm_md5 is not None:
        more = {"wav_sha256": row.sha256, "pcm_md5": wire.pcm_md5}
    return {
        "take_id": row.take_id,
        "sha256": wire.sha256,
        "filename": wire.path.name.encode("ascii", "replace").decode("ascii").replace("?", "_"),
        "filetype": filetype(wire.encoding),
        "station": row.station,
        "session": row.session,
        "student_id": row.student_id,
        "item": row.item,
        "attempt": str(row.attempt),
        **more,
    }


def lie() -> UploadFault:
    return UploadFault(Kind.LIE, say("The server's copy of this recording can't be right; it is sent anew."))


def too_large(limit: int | None) -> UploadFault:
    return UploadFault(
        Kind.SMALLEST,
        say("The recording is larger than the server takes ({limit} bytes).", limit=limit or "?"),
        ASK,
    )
