"""A server that says the same to everybody, whatever it is asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

REQUEST_SECONDS = 1.0


@contextmanager
def saying(say: Callable[[socket.socket], object]) -> Iterator[str]:
    """Its address; after a request has come, `say` is given the line, which is then closed."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                line, _ = server.accept()
                with closing(line), suppress(OSError):
                    line.settimeout(REQUEST_SECONDS)
                    line.recv(65536)
                    line.settimeout(None)
                    say(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/files/"
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)
