"""The receiver of the demo: the PyPI package resumable-upload, on loopback, in this process.

It verifies checksums and gives files back, so that a demo delivery reaches level L2.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
import threading
from http.client import HTTPConnection
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from config.base import DiskError, StationError, say, shown
from config.status import Status

log = logging.getLogger(__name__)
PATH = "/files"
HOP = ("connection", "content-length", "transfer-encoding", "date", "server")
"""Headers that each leg of the way has for itself."""


class QuietServer(ThreadingHTTPServer):
    """A client that leaves in the middle of an answer is none of a person's business."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        log.warning("a request was not answered to its end: %r", sys.exc_info()[1])


def leading_to(board: str, plain: type) -> type:
    """A handler that hands every status on to the board, and recordings to `plain`."""

    class Leading(plain):  # type: ignore[misc]
        def do_POST(self) -> None:  # noqa: N802 - named by the standard library
            if not Status.in_header(self.headers.get("Upload-Metadata", "")):
                super().do_POST()
                return
            parts = urlsplit(board)
            line = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=10)
            try:
                line.request("POST", self.path, headers=dict(self.headers.items()))
                answer = line.getresponse()
                answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in HOP:
                        self.send_header(name, value)
            except OSError:
                self.send_response(502)
            finally:
                line.close()
            self.send_header("Content-Length", "0")
            self.end_headers()

    return Leading


class Receiver:
    """A tus server while the `with` block runs; files are kept in `folder`."""

    def __init__(self, folder: Path, board: str = "") -> None:
        """`board`: where words of stations go, as a proxy in front of both would lead them."""
        self._folder, self._board = folder, board
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}{PATH}/"

    def __enter__(self) -> Receiver:
        try:
            from resumable_upload.server import TusHTTPRequestHandler, TusServer
            from resumable_upload.storage import SQLiteStorage
        except ImportError as error:
            raise StationError(
                say("The demo's receiver is not installed."),
                say("Install the extra: pip install singing-test-station[demo], or give --server."),
            ) from error
        uploads = self._folder / "uploads"
        try:
            uploads.mkdir(parents=True, exist_ok=True)
            storage = SQLiteStorage(db_path=str(self._folder / "uploads.db"), upload_dir=str(uploads))
        except (OSError, sqlite3.Error) as error:
            raise DiskError(
                say("The demo's receiver can't write its files: {detail}", detail=shown(error)),
                say("Choose another folder with --data, or free some space."),
            ) from error
        tus = TusServer(
            storage=storage,
            base_path=PATH,
            checksum_algorithms=("sha1", "sha256"),
            enable_downloads=True,
        )
        handler: type = type("Handler", (TusHTTPRequestHandler,), {"tus_server": tus})
        if self._board:
            handler = leading_to(self._board, handler)
        self._server = QuietServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="demo-receiver")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
