"""From "sent" to "proven": the ladder L0-L3, and where the proof is kept.

L3 digest or receipt of the centre, L2 everything read back, L1 checksums on the way, L0 nothing but the
server's word. The strongest that this server allows is taken; a digest that differs is a lie.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import Any

from config.base import say
from uploader.ceilings import DAY, HOUR
from uploader.encode import wire
from uploader.faults import DeliveryError, Kind, UploadFault
from uploader.flow.gate import TakeGate
from uploader.prove.receipt import ReceiptSource
from uploader.prove.receiptfile import receipt_text, remove_receipt, write_receipt
from uploader.prove.server import Server
from uploader.queue.queue import UNSENT, Queue
from uploader.queue.row import Change, Row
from uploader.queue.states import PLACED, Event, ProofLevel, State
from uploader.tus.client import Head, TusClient
from uploader.tus.readback import Copy

log = logging.getLogger(__name__)
AGAIN_SECONDS = 0.2
"""Between two tries to read back where the first was refused."""
LAST_POLL = 40
"""About a day and a half of asking for a receipt of what is proven already."""


class Prover:
    """For one worker."""

    def __init__(self, queue: Queue, client: TusClient, server: Server, receipts: ReceiptSource) -> None:
        self._queue = queue
        self._client = client
        self._server = server
        self._receipts = receipts

    def prove(self, row: Row, gate: TakeGate) -> Row:
        """The row with its new state and level. Raises Fault, LIE among them, or Interrupted."""
        head = self._head(row)
        proof = self._proof(row, head, gate)
        level = max(proof["level"], row.verify_level or ProofLevel.L0)
        return self._keep(row, level, proof, shown=head is not None)

    def recheck(self, row: Row, gate: TakeGate) -> ProofLevel:
        """What the server proves now, as if nothing had been proven before. Raises Fault or Interrupted."""
        if row.upload_url is None:
            raise UploadFault(
                Kind.UNPROVEN, say("It was delivered from another station; the server can't be asked here.")
            )
        unproven = replace(row, verify_level=None)
        return ProofLevel(self._proof(unproven, self._head(unproven), gate)["level"])

    def _head(self, row: Row) -> Head | None:
        """What the server says of the upload now; None where it hides finished ones."""
        try:
            head = self._client.head(row.upload_url or "", row.wire_size)
        except UploadFault as fault:
            held = fault.kind is Kind.HELD and row.state is State.UNCONFIRMED
            if fault.kind is not Kind.GONE and not held:
                raise
            # The last piece was acknowledged: either finished uploads are put away here, or it is lost.
            if row.state is State.VERIFYING and not self._server.find_out_hiding(self._client):
                raise
            return None
        if row.state is State.VERIFYING:
            self._server.hides = False
        if head.offset != row.wire_size or head.length not in (None, row.wire_size):
            raise differs()
        echo = head.metadata
        if (
            echo.get("take_id", row.take_id) != row.take_id
            or echo.get("sha256", row.wire_sha256).lower() != row.wire_sha256
        ):
            raise differs()
        return head

    def _proof(self, row: Row, head: Head | None, gate: TakeGate) -> dict[str, Any]:
        if head is not None and head.sha256 is not None:
            if head.sha256 != row.wire_sha256:
                raise differs()
            return {"level": ProofLevel.L3, "proof": "repr-digest"}
        receipt = self._receipts.ask(self._client, row)
        if receipt is not None:
            if receipt["sha256"].lower() != row.wire_sha256 or receipt["size"] != row.wire_size:
                raise differs()
            return {"level": ProofLevel.L3, "proof": "receipt", "receipt": receipt}
        if head is not None and self._read_back(row, gate):
            return {"level": ProofLevel.L2, "proof": "read-back"}
        if row.doubtful:
            raise doubtful()
        acknowledged = head is not None or row.state is not State.UNCONFIRMED
        if row.checked and self._server.algorithm is not None and acknowledged:
            return {"level": ProofLevel.L1, "proof": f"checksums {self._server.algorithm}"}
        return {"level": ProofLevel.L0, "proof": "accepted"}

    def _read_back(self, row: Row, gate: TakeGate) -> bool:
        """True when the server gives back the same bytes, False when it gives nothing. Raises LIE."""
        if (row.verify_level or ProofLevel.L0) >= ProofLevel.L2:
            return False
        for _ in range(2):
            found = self._copy(row, gate)
            if found is None:
                return False
            if found == Copy(row.wire_sha256, row.wire_size):
                return True
            # The way back may have damaged it; the second time it is the server's copy.
            log.warning("%s: read back %d bytes with another digest", row.take_id, found.size)
        raise differs()

    def _copy(self, row: Row, gate: TakeGate) -> Copy | None:
        """None where the server gives nothing back, and did not several times. Raises Fault."""
        trust = self._server.read_back
        while trust.usable:
            try:
                found = self._client.copy(row.upload_url or "", row.wire_size, gate.reading)
            except UploadFault as fault:
                if (
                    fault.kind is Kind.UNPROVEN
                    or row.doubtful
                    or not self._is_up(row, fault)
                    or not trust.failed()
                ):
                    raise
                log.warning("nothing can be read back for now: %s", fault)
            else:
                if found is not None:
                    trust.worked()
                    return found
                if row.doubtful:
                    # That it does not give this one back says nothing of others.
                    return None
                if not trust.failed():
                    gate.sleep(AGAIN_SECONDS)
        return None

    def _is_up(self, row: Row, fault: UploadFault) -> bool:
        """Whether the server answers for this upload at all: one that is down says nothing of its skills."""
        if fault.kind is not Kind.NETWORK:
            return True
        try:
            self._client.head(row.upload_url or "")
        except UploadFault as again:
            return again.kind is not Kind.NETWORK
        return True

    def _keep(self, row: Row, level: ProofLevel, proof: dict[str, Any], *, shown: bool) -> Row:
        """Commit level and receipt; the file beside the take is a copy, so it comes after."""
        state = State.SENT if level is ProofLevel.L0 else State.VERIFIED
        columns: Change = {"due_at": None}
        if row.state is State.UNCONFIRMED and level is ProofLevel.L0 and not shown:
            state, columns["error"] = State.UNCONFIRMED, unconfirmed()
        else:
            columns = {**columns, "error": None, "error_kind": None, "failures": 0, "restarts": 0}
        if self._receipts.configured and level < ProofLevel.L3:
            wait = poll_seconds(row.failures, proven=level > ProofLevel.L0)
            columns["due_at"], columns["failures"] = wait and time.time() + wait, row.failures + 1
        elif state in (State.SENT, State.UNCONFIRMED):
            # Servers learn to give back, and boxes on the way are repaired.
            wait = min(DAY, HOUR * 2.0 ** min(row.failures, 10))
            columns["due_at"], columns["failures"] = time.time() + wait, row.failures + 1
        columns["state"] = state
        if row.verify_level is not None and level <= row.verify_level:
            return self._queue.change(row.take_id, Event.PROVEN_AGAIN, **columns)
        receipt = receipt_of(row, level, proof)
        columns["verify_level"], columns["receipt"] = int(level), receipt_text(receipt)
        columns["verified_at"] = time.time()
        row = self._queue.change(row.take_id, Event.PROVEN, **columns)
        write_receipt(row.path, receipt)
        if row.delivered:
            wire.remove(row)
        return row


def lose_proof(queue: Queue, row: Row, fault: UploadFault) -> Row:
    """The server was seen to have other bytes: what was proven is taken back, and sent anew when next due.

    The receipt beside the take goes first: a folder must not prove what the queue does not.
    """
    remove_receipt(row.path)
    lost: Change = {
        **UNSENT,
        "state": State.WAITING,
        "upload_url": None,
        "receipt": None,
        "verified_at": None,
        "due_at": time.time(),
        "failures": 0,
        "error": fault.what,
        "error_kind": str(fault.kind),
    }
    return queue.change(row.take_id, Event.PROOF_LOST, **lost)


def poll_seconds(asked: int, *, proven: bool) -> float | None:
    """Receipts come within seconds from a hook, within minutes from a timer; None: ask no more."""
    if proven and asked >= LAST_POLL:
        return None
    return float(min(3600, 5 * 2 ** min(asked, 10)))


def differs() -> UploadFault:
    return UploadFault(Kind.LIE, say("The server has other bytes than the recording; it is sent anew."))


def doubtful() -> UploadFault:
    return UploadFault(
        Kind.UNPROVEN,
        say("The server had a fault of its own when it had all of this recording, and does not show it."),
        say("It is asked again; if that does not help, the recording is sent anew."),
    )


def send_again(queue: Queue, row: Row, reason: str) -> Row:
    """The centre misses what was sent or proven: all of it is sent anew, and the old proof does not count.

    Raises DeliveryError where the take is not sent yet, or not here any more.
    """
    if row.state not in PLACED:
        raise DeliveryError(
            say("{file} is not sent, or its recording is not here any more.", file=row.path.name),
            say("“station queue list” shows the state of every recording."),
        )
    remove_receipt(row.path)
    again: Change = {
        **UNSENT,
        "state": State.QUEUED,
        "upload_url": None,
        "receipt": None,
        "verified_at": None,
        "due_at": None,
        "failures": 0,
        "error": None,
        "error_kind": None,
    }
    return queue.change(row.take_id, Event.AGAIN, reason=reason, **again)


def unconfirmed() -> Any:
    return say(
        "The server took all of it but does not show it. Ask the centre; if it is not there, try again."
    )


def receipt_of(row: Row, level: ProofLevel, proof: dict[str, Any]) -> dict[str, Any]:
    """What is kept as proof, JSON types only."""
    travelled = {}
    if row.encoding != "wav":
        travelled = {"encoding": row.encoding, "wire_sha256": row.wire_sha256, "wire_size": row.wire_size}
    return {
        "v": 1,
        "take_id": row.take_id,
        "sha256": row.sha256,
        "size": row.size,
        **travelled,
        "upload_url": row.upload_url,
        "verified_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        **proof,
        "level": level.name,
    }
