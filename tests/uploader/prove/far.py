"""A server whose every answer a test gives, for a prover: no bytes travel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from config.base import say
from tests.uploader.rows import put
from uploader.faults import Kind, UploadFault
from uploader.flow.gate import TakeGate
from uploader.prove.proof import Prover
from uploader.prove.receipt import ReceiptSource
from uploader.prove.server import Server
from uploader.prove.trust import Trust
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.tus.client import Head, TusClient
from uploader.tus.readback import Copy

URL = "http://h/files/1"


def fault(kind: Kind) -> UploadFault:
    return UploadFault(kind, say("The server has something to say."))


@dataclass
class Far:
    """A server, its client and its receipts: each answer is given, each question noted."""

    heads: list[object]
    copies: list[object] = field(default_factory=list)
    receipt: dict[str, Any] | None = None
    configured: bool = False
    algorithm: str | None = None
    hiding: bool = False
    hides: bool | None = None
    read_back: Trust = field(default_factory=Trust)
    slept: int = 0

    def head(self, url: str, known: int | None = None) -> Head:
        return cast(Head, self._next(self.heads))

    def copy(self, url: str, size: int, reading: object) -> Copy | None:
        return cast("Copy | None", self._next(self.copies))

    def _next(self, answers: list[object]) -> object:
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(found, UploadFault):
            raise found
        return found

    def ask(self, client: object, row: Row) -> dict[str, Any] | None:
        return self.receipt

    def find_out_hiding(self, client: object) -> bool:
        return self.hiding

    def sleep(self, seconds: float) -> None:
        self.slept += 1

    def reading(self, count: int) -> None:
        return

    def prover(self, queue: Queue) -> Prover:
        server, receipts = cast(Server, self), cast(ReceiptSource, self)
        return Prover(queue, cast(TusClient, self), server, receipts)

    def prove(self, queue: Queue, row: Row) -> Row:
        return self.prover(queue).prove(row, cast(TakeGate, self))


def as_it_is(queue: Queue, take_id: str, **columns: object) -> Row:
    whole = {"state": "verifying", "upload_url": URL, "offset": 6_044, "sending_to": 6_044, "checked": 0}
    put(queue, take_id, **{**whole, **columns})
    return queue.row(take_id)


def far(row: Row, *, head: object = None, copy: object = "the same", **more: Any) -> Far:
    same = Copy(row.wire_sha256, row.wire_size)
    head = Head(row.wire_size, row.wire_size) if head is None else head
    heads = head if isinstance(head, list) else [head]
    copies = copy if isinstance(copy, list) else [copy]
    return Far(heads, [same if copy == "the same" else copy for copy in copies], **more)


def receipt(row: Row, **other: object) -> dict[str, Any]:
    return {"v": 1, "take_id": row.take_id, "sha256": row.sha256.upper(), "size": row.size, **other}
