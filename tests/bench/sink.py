"""A TCP server that reads everything and keeps nothing: the limit of the loopback itself."""

from __future__ import annotations

import socket
import threading
from types import TracebackType


class Sink:
    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Sink:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A last connection wakes the thread, which then sees that it is the end.
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            last.sendall(b"end")
            last.shutdown(socket.SHUT_WR)
            last.recv(1)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection:
                first = connection.recv(1 << 20)
                while connection.recv(1 << 20):
                    pass
                connection.sendall(b"k")
            if first == b"end":
                return
