"""A tus server that behaves well until a rule says otherwise: for the faults no real server shows on demand.

`rule` sees each request before it is done and may answer it instead, or say what to do to the answer.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.uploader.loopback import Loopback


@dataclass
class Upload:
    length: int
    metadata: Mapping[str, str]
    data: bytearray = field(default_factory=bytearray)

    @property
    def complete(self) -> bool:
        return len(self.data) == self.length


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    number: int
    """Which of its method, from 1."""
    connection: int
    """The client's port."""


@dataclass(frozen=True)
class Answer:
    """What a rule wants instead."""

    status: int = 0
    """0: do it properly."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    lost: bool = False
    """Do it, then close without an answer."""
    tus: bool = True
    framed: bool = True
    """Says how long its body is."""


Rule = Callable[[Request], Answer | None]
DONE = Answer()


class TusServer(Loopback):
    """On a free port of loopback while the `with` block runs."""

    def __init__(self, rule: Rule | None = None, **abilities: object) -> None:
        self.rule = rule
        self.checks = bool(abilities.pop("checks", True))
        self.downloads = bool(abilities.pop("downloads", True))
        self.hides = bool(abilities.pop("hides", False))
        self.pretends = bool(abilities.pop("pretends", False))
        """Advertises checksums and ignores them."""
        self.max_size: object = abilities.pop("max_size", None)
        port = abilities.pop("port", 0)
        self.location: Callable[[str], str] = lambda path: path
        assert not abilities
        self.uploads: dict[str, Upload] = {}
        self.requests: list[Request] = []
        super().__init__(_handler(self), int(str(port)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/files/"

    def wrap(self, context: ssl.SSLContext) -> None:
        """Speak TLS; call before the server starts."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def of_takes(self) -> list[Upload]:
        """Uploads that carry a take id: all but probes."""
        return [upload for upload in self.uploads.values() if "take_id" in upload.metadata]

    def stored(self) -> list[bytes]:
        """The bytes of every complete upload of a take."""
        return [bytes(upload.data) for upload in self.of_takes() if upload.complete]

    def asked(self, method: str) -> list[Request]:
        return [request for request in self.requests if request.method == method]

    # --- doing it properly

    def do(self, request: Request) -> Answer:
        if request.method == "OPTIONS":
            return self._options()
        if request.method == "POST":
            return self._create(request)
        upload = self.uploads.get(request.path)
        if upload is None or (self.hides and upload.complete):
            return Answer(404)
        if request.method == "HEAD":
            pairs = {k: base64.b64encode(v.encode()).decode() for k, v in upload.metadata.items()}
            return Answer(
                200,
                {
                    "Upload-Offset": str(len(upload.data)),
                    "Upload-Length": str(upload.length),
                    "Upload-Metadata": ",".join(f"{k} {v}" for k, v in pairs.items()),
                },
            )
        if request.method == "PATCH":
            return self._patch(request, upload)
        if request.method == "DELETE":
            del self.uploads[request.path]
            return Answer(204)
        return Answer(200, {}, bytes(upload.data)) if self.downloads else Answer(405)

    def _options(self) -> Answer:
        headers = {"Tus-Version": "1.0.0", "Tus-Extension": "creation,termination"}
        if self.checks or self.pretends:
            headers["Tus-Extension"] += ",checksum"
            headers["Tus-Checksum-Algorithm"] = "sha1,sha256"
        if self.max_size is not None:
            headers["Tus-Max-Size"] = str(self.max_size)
        return Answer(204, headers)

    def _create(self, request: Request) -> Answer:
        pairs = (pair.partition(" ") for pair in request.headers["Upload-Metadata"].split(","))
        metadata = {name: base64.b64decode(value).decode() for name, _, value in pairs}
        path = f"/files/{uuid.uuid4().hex}"
        self.uploads[path] = Upload(int(request.headers["Upload-Length"]), metadata)
        return Answer(201, {"Location": self.location(path)})

    def _patch(self, request: Request, upload: Upload) -> Answer:
        if int(request.headers["Upload-Offset"]) != len(upload.data):
            return Answer(409)
        sent = request.headers.get("Upload-Checksum")
        if self.checks and sent is not None:
            algorithm, _, value = sent.partition(" ")
            if hashlib.new(algorithm, request.body).digest() != base64.b64decode(value):
                return Answer(460)
        upload.data += request.body
        return Answer(204, {"Upload-Offset": str(len(upload.data))})


def _handler(server: TusServer) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                self.close_connection = True
                return
            with lock:
                number = 1 + sum(1 for old in server.requests if old.method == self.command)
                request = Request(
                    self.command, self.path, dict(self.headers), body, number, self.client_address[1]
                )
                server.requests.append(request)
            wish = server.rule(request) if server.rule is not None else None
            answer = wish if wish is not None and wish.status else server.do(request)
            if wish is not None and wish.lost:
                self.close_connection = True
                return
            self._say(answer)

        do_OPTIONS = do_POST = do_HEAD = do_PATCH = do_GET = do_DELETE = _do  # noqa: N815

        def _say(self, answer: Answer) -> None:
            self.send_response(answer.status)
            if answer.tus:
                self.send_header("Tus-Resumable", "1.0.0")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "Content-Length" in answer.headers:
                # Another length than the body's: the rest never comes, or comes as the next answer.
                self.close_connection = True
            elif answer.framed:
                self.send_header("Content-Length", str(len(answer.body)))
            else:
                self.close_connection = True
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def log_message(self, *args: object) -> None:
            return

    return Handler
