"""One take, from the disk to the server, one session of tries.

Every step begins from the queue's row, and every step that must survive a crash is committed before the
next one: the address before the first byte, the end of a piece before the piece.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from config.message import say
from uploader.errors import Fault, Kind
from uploader.gate import TakeGate
from uploader.identity import check_file
from uploader.patience import Patience, Streak
from uploader.proof import Prover
from uploader.queue import Queue
from uploader.row import Row
from uploader.server import Server
from uploader.states import OPEN, State
from uploader.tus.answers import ASK
from uploader.tus.body import Body
from uploader.tus.client import TusClient, checksum_header
from uploader.wire import FILETYPES, Encoding, Wire, is_ready, prepare, wire_path

log = logging.getLogger(__name__)
MAX_CONFLICTS = 5
MAX_RESTARTS = 5
DAMAGED_THEN_LOOK = 3
UNSENT: dict[str, Any] = {"offset": 0, "sending_to": 0, "checked": 1, "verify_level": None}


@dataclass(frozen=True)
class Tools:
    """What every delivery of one worker shares."""

    queue: Queue
    client: TusClient
    server: Server
    prover: Prover
    patience: Patience
    on_change: Callable[[], None]
    encoding: Encoding
    on_rate: Callable[[int, float], None]
    """Bytes acknowledged and the seconds that took."""


class Delivery:
    """Delivers one row; `run` raises Fault or Interrupted."""

    def __init__(self, tools: Tools, row: Row, gate: TakeGate) -> None:
        self._tools = tools
        self._row = row
        self._gate = gate
        self._streak = Streak(tools.patience)
        self._in_piece = False
        self._anew = False
        """The upload that the row names is gone; its address is kept until there is another."""

    @property
    def row(self) -> Row:
        """The row as it was last committed."""
        return self._row

    def run(self) -> None:
        for attempt in self._streak.retrying(self._gate.sleep):
            with attempt:
                self._try()

    def _change(self, event: str, **columns: object) -> None:
        self._row = self._tools.queue.change(self._row.take_id, event, **columns)
        self._tools.on_change()

    def _try(self) -> None:
        self._in_piece = False
        try:
            self._tools.server.meet(self._tools.client)
            if self._row.state in OPEN or self._row.state is State.PAUSED:
                self._send()
            self._prove()
        except Fault as fault:
            self._streak.count += 1
            self._learn(fault)
            raise

    # --- sending

    def _send(self) -> None:
        row = self._row
        elsewhere = row.endpoint != self._tools.client.endpoint
        fresh = self._anew or row.upload_url is None or elsewhere or not is_ready(row)
        mtime_ns = check_file(row, thoroughly=fresh)
        if fresh:
            self._create(mtime_ns)
            offset = 0
        else:
            offset = self._resume()
        with wire_path(self._row).open("rb") as file:
            while offset < self._row.wire_size:
                offset = self._send_piece(file, offset)
        self._change("sent", state=State.VERIFYING, offset=offset)

    def _send_piece(self, file: BinaryIO, offset: int) -> int:
        """The new offset."""
        row, server = self._row, self._tools.server
        size = min(server.chunk.size, row.wire_size - offset)
        if row.sending_to != offset + size or row.offset != offset:
            self._change("", state=State.UPLOADING, offset=offset, sending_to=offset + size)
        checksum = None
        if server.algorithm is not None:
            file.seek(offset)
            checksum = checksum_header(server.algorithm, file.read(size))
        body = Body(file, offset, size, self._gate, self._gate.block)
        began = time.monotonic()
        self._in_piece = True
        found = self._tools.client.patch(row.upload_url or "", offset, body, checksum)
        self._in_piece = False
        self._accepted(offset, size, found, time.monotonic() - began, checksum is not None)
        return found

    def _create(self, mtime_ns: int) -> None:
        client = self._tools.client
        wire = prepare(self._row, self._tools.encoding)
        limit = self._tools.server.capabilities.max_size
        if limit is not None and 0 < limit < wire.size:
            raise too_large(limit)
        self._change("creating", state=State.CREATING, mtime_ns=mtime_ns)
        url = client.create(wire.size, metadata_of(self._row, wire))
        # From here on a crash resumes this upload; before, it leaves an empty one behind and no bytes.
        self._change(
            "created",
            state=State.UPLOADING,
            endpoint=client.endpoint,
            upload_url=url,
            encoding=wire.encoding,
            wire_size=wire.size,
            wire_sha256=wire.sha256,
            pcm_md5=wire.pcm_md5,
            **UNSENT,
        )
        self._anew = False

    def _resume(self) -> int:
        """Ask where the upload stands; a stored offset is never trusted."""
        row = self._row
        head = self._tools.client.head(row.upload_url or "")
        if (
            head.offset > row.wire_size
            or head.length not in (None, row.wire_size)
            or head.offset < row.offset
        ):
            raise lie()
        # A piece that broke off was not checked as a whole; what the server kept of it is unproven.
        checked = row.checked and head.offset in (row.offset, row.sending_to)
        if head.offset > row.offset:
            self._streak.progress()
        if head.offset != row.offset or checked != row.checked:
            self._change("resumed", state=State.UPLOADING, offset=head.offset, checked=int(checked))
        return head.offset

    def _accepted(self, offset: int, size: int, found: int, seconds: float, checked: bool) -> None:
        if not offset <= found <= offset + size:
            raise lie()
        if found == offset:
            raise Fault(Kind.OFFSET, say("The server takes nothing more of this recording."))
        whole = found == offset + size
        if not (checked and whole) and self._row.checked:
            self._change("", checked=0)
        self._tools.on_rate(found - offset, seconds)
        self._streak.progress()
        if whole and found < self._row.wire_size:
            self._tools.server.chunk = self._tools.server.chunk.after(size, seconds)
        if self._row.failures:
            self._change("", failures=0)

    # --- proving

    def _prove(self) -> None:
        self._row = self._tools.prover.prove(self._row, self._gate)
        self._tools.on_change()

    # --- learning from faults

    def _learn(self, fault: Fault) -> None:
        """Change what the next try does. May raise a graver Fault instead."""
        server, streak = self._tools.server, self._streak
        if fault.kind is Kind.TOO_LARGE:
            self._shrink()
        elif fault.kind is Kind.DAMAGED:
            streak.damaged += 1
            if streak.damaged == DAMAGED_THEN_LOOK:
                check_file(self._row, thoroughly=True)
        elif fault.kind in (Kind.EXPIRED, Kind.LIE):
            self._leave(fault)
        elif fault.kind is Kind.GONE:
            self._look_for_gone(fault)
        elif fault.kind is Kind.OFFSET:
            streak.conflicts += 1
            if streak.conflicts >= MAX_CONFLICTS:
                self._leave(fault)
        elif fault.kind is Kind.NETWORK and self._in_piece:
            server.chunk = server.chunk.broken()

    def _shrink(self) -> None:
        row = self._row
        smaller = self._tools.server.chunk.refused(row.sending_to - row.offset)
        if row.upload_url is None:
            raise too_large(self._tools.server.capabilities.max_size)
        if smaller is None:
            raise Fault(Kind.CONFIG, say("The network refuses even the smallest pieces."), ASK)
        self._tools.server.chunk = smaller
        self._streak.count -= 1

    def _look_for_gone(self, fault: Fault) -> None:
        """404: surely unfinished where the last piece was never begun; else it may be there, hidden."""
        row = self._row
        if row.upload_url is None:
            return
        if row.sending_to >= row.wire_size and self._tools.server.find_out_hiding(self._tools.client):
            self._change("unconfirmed", state=State.UNCONFIRMED)
            return
        # Perhaps it is only the token that is refused: then creating will say so, and nothing is lost.
        self._anew = True

    def _leave(self, fault: Fault) -> None:
        """Begin a new upload next time."""
        if self._row.upload_url is None:
            return
        log.warning("%s: %s is left: %s", self._row.take_id, self._row.upload_url, fault)
        if self._row.restarts >= MAX_RESTARTS:
            raise Fault(
                Kind.TAKE,
                say("The server spoils this recording again and again."),
                say("Tell the centre: its upload server loses or changes what it has stored."),
            )
        if fault.kind is Kind.LIE and "termination" in self._tools.server.capabilities.extensions:
            try:
                self._tools.client.delete(self._row.upload_url)
            except Fault as trouble:
                log.info("the spoilt upload stays: %s", trouble)
        self._change(
            "left",
            state=State.QUEUED,
            upload_url=None,
            restarts=self._row.restarts + 1,
            **UNSENT,
        )


def metadata_of(row: Row, wire: Wire) -> dict[str, str]:
    """What the centre learns on creation; ASCII file name, since some servers refuse others."""
    more = {}
    if wire.pcm_md5 is not None:
        more = {"wav_sha256": row.sha256, "pcm_md5": wire.pcm_md5}
    return {
        "take_id": row.take_id,
        "sha256": wire.sha256,
        "filename": wire.path.name.encode("ascii", "replace").decode("ascii").replace("?", "_"),
        "filetype": FILETYPES[wire.encoding],
        "station": row.station,
        "session": row.session,
        "student_id": row.student_id,
        "item": row.item,
        "attempt": str(row.attempt),
        **more,
    }


def lie() -> Fault:
    return Fault(Kind.LIE, say("The server's copy of this recording can't be right; it is sent anew."))


def too_large(limit: int | None) -> Fault:
    return Fault(
        Kind.TAKE,
        say("The recording is larger than the server takes ({limit} bytes).", limit=limit or "?"),
        ASK,
    )
