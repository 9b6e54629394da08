"""An HTTP box between station and server: passes on what it understands, unless a rule answers instead."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler

from tests.uploader.loopback import Loopback
from tests.uploader.tusserver import Answer, Request

Rule = Callable[[Request], Answer | None]
Change = Callable[[Request, int, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]
HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", "server", "date")


def unchanged(
    request: Request, status: int, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    return status, headers, body


class Box(Loopback):
    """In front of a server on `port` while the `with` block runs."""

    def __init__(self, port: int, rule: Rule | None = None, change: Change = unchanged) -> None:
        self.port_behind = port
        self.rule = rule
        """Answers instead of the server."""
        self.change = change
        """What becomes of the server's answer."""
        self.requests: list[Request] = []
        super().__init__(_handler(self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/files/"

    def heal(self) -> None:
        self.rule, self.change = None, unchanged


def passed_on(line: http.client.HTTPConnection, request: Request) -> tuple[int, dict[str, str], bytes]:
    """Ask the server on a line that is kept, since one of them dies where it is closed after a download.

    It hears the address that the station used, as good proxies do.
    """
    headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
    try:
        line.request(request.method, request.path, request.body or None, headers)
        answer = line.getresponse()
    except (http.client.HTTPException, ConnectionError):
        line.close()
        line.request(request.method, request.path, request.body or None, headers)
        answer = line.getresponse()
    found = {name: value for name, value in answer.getheaders() if name.lower() not in HOP}
    return answer.status, found, answer.read()


def _handler(box: Box) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            self.line = http.client.HTTPConnection("127.0.0.1", box.port_behind, timeout=10)

        def finish(self) -> None:
            self.line.close()
            super().finish()

        def _do(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                self.close_connection = True
                return
            with lock:
                request = Request(
                    self.command,
                    self.path,
                    dict(self.headers),
                    body,
                    1 + sum(old.method == self.command for old in box.requests),
                    self.client_address[1],
                )
                box.requests.append(request)
            wish = box.rule(request) if box.rule is not None else None
            if wish is not None and wish.lost:
                passed_on(self.line, request)
                self.close_connection = True
                return
            if wish is not None and wish.status:
                self._say(wish.status, wish.headers, wish.body)
                return
            self._say(*box.change(request, *passed_on(self.line, request)))

        do_OPTIONS = do_POST = do_HEAD = do_PATCH = do_GET = do_DELETE = _do  # noqa: N815

        def _say(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            length = headers.get("Content-Length")
            if self.command != "HEAD" and status not in (204, 304) and length is None:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            return

    return Handler
