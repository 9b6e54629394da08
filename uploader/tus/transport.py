"""Connections for the client: one requests.Session with our own trust, timeouts and buffers.

1. urllib3 keeps the connect timeout on the socket while it sends, so that one is the longest stall of a
   single block; the read timeout covers the answer only. A body of small blocks makes this a stall limit.
2. A small send buffer keeps the progress honest: the kernel holds at most half a second of what the line
   takes, or SEND_BUFFER.
3. `abort()` wakes a thread that is blocked on a dead line, so that the program can end.
4. The token is given by an auth object: a .netrc would replace a header. It goes to our own origins only.
5. Headers that come a letter at a time do not hold a thread: after a while the line is broken.
6. A name that nobody answers for is waited for as long as a connection is. All of this also holds through a
   proxy of the school.
"""

from __future__ import annotations

import socket
import ssl
import sys
import weakref
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError

from config.base import ConfigError, say
from uploader.ceilings import HEADER_SECONDS
from uploader.tus.address import is_loopback, is_ours
from uploader.tus.body import Body
from uploader.tus.reach import each_address
from uploader.tus.watchdog import Watchdog

Live = weakref.WeakSet[HTTPConnection]


@dataclass(frozen=True)
class Timing:
    """Seconds. With 64 KiB blocks, stall=10 means a floor of about 52 kbit/s."""

    stall: float = 10.0
    """Connecting, or one block of a body that does not go out."""
    answer: float = 60.0
    """From the last byte of a request to the answer."""
    unacknowledged: float = 30.0
    """Sent bytes without any acknowledgement, where the system can limit that (Linux)."""


SEND_BUFFER = 64 * 1024
"""Linux doubles it; at 1 Mbit/s this is a second of bytes that a pause can't call back."""
LARGEST_SEND_BUFFER = 208 * 1024
"""Linux grants no more by default (net.core.wmem_max)."""
BUFFERED_SECONDS = 0.5


class Token(requests.auth.AuthBase):
    """Bearer token for one origin; also keeps .netrc away where there is no token."""

    def __init__(self, endpoint: str, token: str | None, also: Collection[str]) -> None:
        self._endpoint = endpoint
        self._token = token
        self._also = also

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None and request.url and is_ours(request.url, self._endpoint, self._also):
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Transport:
    """A session for one thread; `abort` may be called from another."""

    def __init__(
        self,
        endpoint: str,
        token: str | None,
        ca_file: Path | None,
        timing: Timing,
        also: Collection[str] = (),
    ) -> None:
        """`also`: other origins that may have recordings and token. Raises ConfigError where `ca_file` can't
        be used."""
        self.also = also
        self._live: Live = weakref.WeakSet()
        self._timing = timing
        self._watchdog = Watchdog(self.abort)
        self._aborts = 0
        self.block = SEND_BUFFER
        """Bytes that go to the system at once, and that it may hold."""
        self._session = requests.Session()
        self._session.auth = Token(endpoint, token, also)
        # Nobody means a proxy for a server on this computer.
        self._session.trust_env = not is_loopback(endpoint)
        self._verify: str | bool = str(ca_file) if ca_file is not None else True
        context = trust(ca_file) if endpoint.startswith("https:") else None
        adapter = _Adapter(_Lines(self._live, timing.stall, lambda: self._aborts), timing, context)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def send(
        self, method: str, url: str, headers: dict[str, str], body: Body | None = None
    ) -> requests.Response:
        """One request, never redirected; the body of its answer is not read yet.

        Raises requests.RequestException.
        """
        patience = self._timing.stall + self._timing.answer + HEADER_SECONDS
        if body is None:
            self._watchdog.begin(patience)
        else:
            # A body takes as long as the line needs, and each of its blocks has its own limit.
            body.on_end = lambda: self._watchdog.begin(patience)
        try:
            return self._session.request(
                method,
                url,
                headers=headers,
                data=body,
                timeout=(self._timing.stall, self._timing.answer),
                allow_redirects=False,
                verify=self._verify,
                stream=True,
            )
        finally:
            self._watchdog.end()

    def expect(self, rate: float) -> None:
        """What the line takes, in bytes a second: a fast one gets more room. 0 where that is not known."""
        self.block = max(SEND_BUFFER, min(LARGEST_SEND_BUFFER, int(rate * BUFFERED_SECONDS)))
        for connection in list(self._live):
            if connection.sock is not None:
                with suppress(OSError):
                    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.block)

    def abort(self) -> None:
        """Break whatever is under way."""
        self._aborts += 1
        for connection in list(self._live):
            if connection.sock is not None:
                break_line(connection.sock)

    def hang_up(self) -> None:
        """Close the lines that are kept; another request makes a new one."""
        self._session.close()

    def close(self) -> None:
        """Nothing is asked any more."""
        self.hang_up()
        self._watchdog.close()


def break_line(sock: socket.socket, platform: str = sys.platform) -> None:
    """Wake a thread that waits on a socket: on Windows only a closed handle ends a recv (cpython#91913)."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    if platform == "win32" and sock.fileno() >= 0:
        # Not sock.close(): that waits for the file of the answer.
        socket.close(sock.detach())


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """The school's own authority, or those of the system. Raises ConfigError."""
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file is not None else None)
    except OSError as error:
        raise ConfigError(
            say("station.toml: “server.ca_file” can't be used: {detail}", detail=error.strerror or "?"),
            say("It must name a file with certificates (PEM). Ask the district's technician for it."),
        ) from error


@dataclass(frozen=True)
class _Lines:
    """What connections share with the transport that makes them."""

    live: Live
    seconds: float
    """For a name and all its addresses."""
    aborts: Callable[[], int]

    def reach(self, connection: HTTPConnection, connect: Callable[[], socket.socket]) -> socket.socket:
        """`connect`, the connection's own, with one address of its host after the other."""
        host, before = connection._dns_host, self.aborts()

        def reached(address: str) -> socket.socket:
            connection._dns_host = address
            try:
                return connect()
            finally:
                connection._dns_host = host

        try:
            return each_address(host, connection.port, self.seconds, reached, lambda: self.aborts() != before)
        except socket.gaierror as error:
            raise NameResolutionError(connection.host, connection, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(connection, str(error)) from error


class _Adapter(HTTPAdapter):
    def __init__(self, lines: _Lines, timing: Timing, context: ssl.SSLContext | None) -> None:
        self._lines = lines
        self._timing = timing
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **{**kwargs, **self._options()})
        self.poolmanager.pool_classes_by_scheme = _tracked_pools(self._lines)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        if proxy not in self.proxy_manager and not proxy.lower().startswith("socks"):
            manager = super().proxy_manager_for(proxy, **kwargs, **self._options())
            manager.pool_classes_by_scheme = _tracked_pools(self._lines)
        return super().proxy_manager_for(proxy, **kwargs)

    def _options(self) -> dict[str, Any]:
        options = HTTPConnection.default_socket_options + socket_options(self._timing)
        trusting = {} if self._context is None else {"ssl_context": self._context}
        return {"socket_options": options, **trusting}


def socket_options(timing: Timing) -> list[tuple[int, int, int]]:
    options = [
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER),
    ]
    user_timeout = getattr(socket, "TCP_USER_TIMEOUT", None)
    if user_timeout is not None:
        options.append((socket.IPPROTO_TCP, user_timeout, int(timing.unacknowledged * 1000)))
    return options


def _tracked_pools(lines: _Lines) -> dict[str, type[HTTPConnectionPool]]:
    """Pools whose connections can be found while they are in use."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return lines.reach(self, super()._new_conn)

        def connect(self) -> None:
            super().connect()
            lines.live.add(self)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return lines.reach(self, super()._new_conn)

        def connect(self) -> None:
            super().connect()
            lines.live.add(self)

    plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
    secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
    return {"http": plain, "https": secure}
