"""A server and the way to it, whose every answer a test gives: no connection, and no wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from config.base import say
from uploader.faults import Kind, UploadFault
from uploader.flow.chunks import ChunkSize
from uploader.flow.gate import TakeGate
from uploader.prove.proof import Prover
from uploader.prove.server import Server
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.send.delivery import Delivery
from uploader.send.retry import RetryTimes
from uploader.send.sender import Tools
from uploader.tus.body import Body
from uploader.tus.client import Head, TusClient

URL = "http://h/files/1"


def fault(kind: Kind, **more: Any) -> UploadFault:
    return UploadFault(kind, say("The server has something to say."), **more)


@dataclass
class Line:
    """`heads`, `patches`: answers in their order, the last one again and again; None takes a whole piece."""

    creates: list[UploadFault | None] = field(default_factory=lambda: [None])
    heads: list[object] = field(default_factory=lambda: [0])
    patches: list[object] = field(default_factory=lambda: [None])
    proofs: list[UploadFault | None] = field(default_factory=lambda: [None])
    alive: bool = True
    max_size: int | None = None
    endpoint: str = "http://h/files/"
    disguise: bool = False
    block: int = 65536
    algorithm: str | None = None
    allows_removal: bool = True
    trusted: bool = True
    """The address of an upload may be asked."""
    hides: bool = False
    """The server does not show finished uploads."""
    asked_anew: list[bool] = field(default_factory=list)
    """Each time that it was asked whether it hides them."""
    chunk: ChunkSize = field(default_factory=ChunkSize)
    known: list[int | None] = field(default_factory=list)
    """Offsets that were told to head()."""
    calls: list[str] = field(default_factory=list)
    expected: list[float] = field(default_factory=list)
    """Bytes a second, as they were told to expect()."""
    rates: list[tuple[int, float]] = field(default_factory=list)
    """Bytes that were taken, and the seconds that took."""
    proven: list[Row] = field(default_factory=list)

    # --- the client

    def may(self, url: str | None) -> bool:
        return self.trusted

    def answers(self) -> bool:
        return self.alive

    def create(self, size: int, metadata: dict[str, str]) -> str:
        self.calls.append("create")
        _next(self.creates)
        return URL

    def head(self, url: str, known: int | None = None) -> Head:
        self.calls.append("head")
        self.known.append(known)
        return Head(cast(int, _next(self.heads)), None)

    def patch(self, url: str, offset: int, body: Body, checksum: str | None) -> int:
        self.calls.append("patch as POST" if self.disguise else "patch")
        sent = sum(map(len, body))
        found = _next(self.patches)
        return offset + sent if found is None else cast(int, found)

    def delete(self, url: str) -> None:
        self.calls.append("delete")

    def hang_up(self) -> None:
        self.calls.append("hang up")

    def expect(self, rate: float) -> None:
        self.expected.append(rate)

    # --- what is known of the server, the proof, and the gate

    @property
    def capabilities(self) -> SimpleNamespace:
        return SimpleNamespace(max_size=self.max_size)

    def meet(self, client: object) -> None:
        return

    def distrust_checksums(self) -> None:
        self.calls.append("distrust checksums")
        self.algorithm = None

    def find_out_hiding(self, client: object, *, anew: bool = False) -> bool:
        self.asked_anew.append(anew)
        return self.hides

    def prove(self, row: Row, gate: object) -> Row:
        self.proven.append(row)
        _next(self.proofs)
        return row


class Open:
    """A gate that lets everything through."""

    def __call__(self, count: int) -> None:
        return

    def block(self, wanted: int) -> int:
        return wanted

    def sleep(self, seconds: float) -> None:
        return


def _next(answers: Sequence[object]) -> object:
    found = answers.pop(0) if isinstance(answers, list) and len(answers) > 1 else answers[0]
    if isinstance(found, UploadFault):
        raise found
    return found


def delivered_by(
    line: Line,
    queue: Queue,
    row: Row,
    tries: int = 6,
    hear: Callable[..., None] = lambda *_: None,
    encoding: str = "wav",
) -> UploadFault | None:
    """One session of tries; the fault that it ended with. `hear` is told of changes and faults."""
    tools = Tools(
        queue, cast(TusClient, line), cast(Server, line), cast(Prover, line),
        RetryTimes(tries=tries), encoding, hear, lambda size, seconds: line.rates.append((size, seconds)),
    )  # fmt: skip
    try:
        Delivery(tools, row, cast(TakeGate, Open())).run()
    except UploadFault as error:
        return error
    return None
