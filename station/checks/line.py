"""The way to the server, looked at once per run: each network check tells its own part of it."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import perf_counter
from urllib.parse import urlsplit
from urllib.request import getproxies

from config import Settings, server_token
from config.base import ConfigError
from uploader import Kind, UploadFault
from uploader.tus import Capabilities, Timing, Transport, TusClient, answer_of, is_reached

TIMING = Timing(stall=6.0, answer=15.0)
PROBE = {"filename": "selftest", "student_id": "selftest"}


@dataclass(frozen=True)
class Line:
    """What was found; what could not be looked at is None."""

    host: str
    port: int
    proxy: str
    """Host of the proxy that is configured, empty without one."""
    connect_ms: float | None = None
    no_name: bool = False
    fault: UploadFault | None = None
    """The first thing that went wrong after the connection."""
    capabilities: Capabilities | None = None
    clock_seconds: float | None = None
    """This computer's clock minus the server's."""
    let_in: bool = False


def look(settings: Settings) -> Line:
    """Connect, ask for capabilities, begin an empty upload and remove it."""
    url = urlsplit(settings.server.url)
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    proxy = _proxy(url.scheme, host)
    line = Line(host, port, proxy)
    began = perf_counter()
    try:
        target = (proxy.split(":")[0], int(proxy.split(":")[1])) if proxy else (host, port)
        is_reached(*target, TIMING.stall)
    except socket.gaierror:
        return Line(host, port, proxy, no_name=True)
    except OSError:
        return line
    connect_ms = round(1000 * (perf_counter() - began), 1)
    token, no_token = _token(settings)
    transport = Transport(settings.server.url, token, settings.server.ca_file, TIMING)
    try:
        return _ask(line, connect_ms, TusClient(settings.server.url, transport), transport, no_token)
    finally:
        transport.close()


def _token(settings: Settings) -> tuple[str | None, UploadFault | None]:
    """The token, or why there is none: only the permission suffers from it."""
    try:
        return server_token(settings), None
    except ConfigError as error:
        return None, UploadFault(Kind.AUTH, error.what, error.todo)


def _ask(
    line: Line, connect_ms: float, client: TusClient, transport: Transport, no_token: UploadFault | None
) -> Line:
    capabilities = clock = fault = None
    let_in = False
    try:
        capabilities = client.options()
        clock = _clock(transport, client.endpoint)
        if no_token is not None:
            raise no_token
        upload = client.create(1, PROBE)
        let_in = True
        client.delete(upload)
    except UploadFault as error:
        # A server that can't remove an upload is no fault: an empty one stays.
        fault = None if let_in else error
    return Line(line.host, line.port, line.proxy, connect_ms, False, fault, capabilities, clock, let_in)


def _clock(transport: Transport, url: str) -> float | None:
    """Seconds that this computer is ahead of the server's Date, to the second."""
    response = answer_of(transport.send("OPTIONS", url, {}))
    try:
        server = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    if server.tzinfo is None:
        return None
    return (datetime.now(UTC) - server).total_seconds()


def _proxy(scheme: str, host: str) -> str:
    if host in ("127.0.0.1", "localhost", "::1"):
        return ""
    found = urlsplit(getproxies().get(scheme, ""))
    return f"{found.hostname}:{found.port or 8080}" if found.hostname else ""


def is_kind(line: Line, *kinds: Kind) -> bool:
    return line.fault is not None and line.fault.kind in kinds
