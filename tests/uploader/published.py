"""A folder that a static web server publishes, as a centre does with its receipts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True)
class Published:
    folder: Path
    url: str
    """As in [server] receipt_url."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        return


@contextmanager
def publish(folder: Path) -> Iterator[Published]:
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Published(folder, f"http://127.0.0.1:{server.server_address[1]}/{{upload_id}}.json")
    server.shutdown()
    thread.join()
    server.server_close()
