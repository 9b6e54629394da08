"""Between a client and its HTTP server: passes on, writes down, does something else at a chosen request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

import requests

from tests.uploader.loopback import Loopback

HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "content-encoding"}


@dataclass(frozen=True)
class Passed:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes


class HttpGate(Loopback):
    """Listens while the `with` block runs."""

    def __init__(self, target: str, instead: Callable[[Passed], bool] = lambda _: False) -> None:
        """`target`: http://host:port. `instead` answers True where a request is not to be passed on: then its
        connection ends without an answer."""
        self._target, self._instead = target, instead
        self.passed: list[Passed] = []
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self) -> None:
                gate.answer(self)

            do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = do_OPTIONS = pass_on  # noqa: N815 - http.server's names

            def log_message(self, *args: object) -> None:
                return None

        super().__init__(Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        body = body_of(asked)
        headers = {name.lower(): value for name, value in asked.headers.items()}
        passed = Passed(asked.command, asked.path, headers, body)
        if self._instead(passed):
            asked.close_connection = True
            return
        self.passed.append(passed)
        kept = HOP - {"content-encoding"}
        sent = {name: value for name, value in headers.items() if name not in kept}
        found = requests.request(
            asked.command,
            self._target + asked.path,
            data=body,
            headers=sent,
            timeout=60,
            allow_redirects=False,
        )
        asked.send_response(found.status_code)
        for name, value in found.headers.items():
            if name.lower() not in HOP:
                asked.send_header(name, value)
        head = asked.command == "HEAD"
        if found.status_code != 204:
            length = found.headers.get("Content-Length", "0") if head else str(len(found.content))
            asked.send_header("Content-Length", length)
        asked.end_headers()
        if not head:
            asked.wfile.write(found.content)


def body_of(asked: BaseHTTPRequestHandler) -> bytes:
    """All of it, also where it comes in chunks."""
    if asked.headers.get("Transfer-Encoding", "").lower() != "chunked":
        return asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
    found = b""
    while size := int(asked.rfile.readline().partition(b";")[0], 16):
        found += asked.rfile.read(size)
        asked.rfile.readline()
    while asked.rfile.readline().strip():
        pass
    return found
