"""A bad line: a TCP proxy on loopback that cuts, slows, swallows and damages what goes to the server.

asyncio, because closing a socket that another thread reads sends nothing: the cut would be silent.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal

BLOCK = 16 * 1024


@dataclass
class Line:
    """What happens to the connections; may be changed while it runs. Bytes are those towards the server."""

    cut_after: Callable[[], int] | None = None
    """Bytes until a connection is cut, asked once for each."""
    cut: Literal["fin", "rst"] = "rst"
    rate: float | None = None
    """Bytes per second, all connections together."""
    black_hole: bool = False
    """Nothing goes through in either direction, and nobody is told."""
    flip_at: int | None = None
    """Damage this byte of the stream, once."""
    lose_answer_after: int | None = None
    """Cut instead of answering, once, when a connection has carried this many bytes."""
    carried: int = 0
    connections: int = 0
    cuts: int = 0


@dataclass
class Proxy:
    """Listens on a free port while the `with` block runs."""

    target_port: int
    line: Line = field(default_factory=Line)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy")
        self._free_at = 0.0
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        # What waits in a large buffer would arrive after the line was cut or stopped.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BLOCK)
        self.port = listener.getsockname()[1]
        server = await asyncio.start_server(self._connected, sock=listener, limit=BLOCK)
        self._ready.set()
        await self._end.wait()
        server.close()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        # A transport closes in the next round of the loop.
        await asyncio.sleep(0.01)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = self.line
        line.connections += 1
        self._writers.append(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            _reset(writer)
            return
        self._writers.append(far_writer)
        state = _Connection(line.cut_after() if line.cut_after is not None else None)
        up = asyncio.create_task(self._up(reader, far_writer, state))
        down = asyncio.create_task(self._down(far_reader, writer, state))
        try:
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            # Only at the end; asyncio's own callback would report it as an error.
            pass
        finally:
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            for end in (writer, far_writer):
                if state.cut and line.cut == "rst":
                    _reset(end)
                else:
                    end.close()

    async def _up(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, state: _Connection
    ) -> None:
        line = self.line
        while data := await reader.read(BLOCK):
            while line.black_hole:
                await asyncio.sleep(0.02)
            if line.rate is not None:
                await self._pace(len(data), line.rate)
            if state.left is not None and len(data) >= state.left:
                writer.write(data[: state.left])
                await writer.drain()
                line.carried += state.left
                line.cuts += 1
                state.cut = True
                return
            if line.flip_at is not None and line.carried + len(data) > line.flip_at >= line.carried:
                spot = line.flip_at - line.carried
                data = data[:spot] + bytes([data[spot] ^ 1]) + data[spot + 1 :]
                line.flip_at = None
            line.carried += len(data)
            state.carried += len(data)
            if state.left is not None:
                state.left -= len(data)
            writer.write(data)
            await writer.drain()

    async def _pace(self, count: int, rate: float) -> None:
        """One rate for all connections together, kept exactly over time."""
        now = self._loop.time()
        self._free_at = max(now, self._free_at) + count / rate
        await asyncio.sleep(self._free_at - now)

    async def _down(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, state: _Connection
    ) -> None:
        line = self.line
        while data := await reader.read(BLOCK):
            while line.black_hole:
                await asyncio.sleep(0.02)
            if line.lose_answer_after is not None and state.carried >= line.lose_answer_after:
                line.lose_answer_after = None
                line.cuts += 1
                state.cut = True
                return
            writer.write(data)
            await writer.drain()


@dataclass
class _Connection:
    left: int | None
    carried: int = 0
    cut: bool = False


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
