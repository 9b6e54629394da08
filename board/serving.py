"""The web server around the board: in the foreground for a command, on a thread for the demo and tests."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
import threading
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp

from config.base import ConfigError, reason_of, say

STOP_SECONDS = 5
SWITCH_SECONDS = 0.0005
"""A thread that judges a country lets answers on so often. With Python's 5 ms, for which each step of an
answer may wait, the p99 of a status was 72 ms instead of 42 (6,000 stations, one core, SQLite)."""
SELDOM = 100
"""Collections of the second generation to one of the third, which holds up all threads while it looks at
everything: 0.1 s with a country's lines. With that and `freeze` the p99 was 25 ms instead of 42."""


def prefer_answers() -> None:
    """For a process that serves a board and does nothing else, once all is loaded."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], SELDOM)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises ConfigError where that can't be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(512)
    except OSError as error:
        sock.close()
        raise ConfigError(
            say(
                "The board can't listen on {host}:{port}: {detail}",
                host=host,
                port=port,
                detail=reason_of(error),
            ),
            say("Choose another “port” in board.toml, or end the program that has it."),
        ) from error
    return sock


def server_of(app: ASGIApp, proxies: str = "127.0.0.1") -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            proxy_headers=True,
            forwarded_allow_ips=proxies,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
            limit_concurrency=500,
            http="h11",
            ws="none",
            lifespan="off",
        )
    )


class ServedBoard:
    """Serves while the `with` block runs."""

    def __init__(
        self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0, proxies: str = "127.0.0.1"
    ) -> None:
        self._socket = listening(host, port)
        self._server = server_of(app, proxies)
        self._thread = threading.Thread(target=self._run, name="board")

    @property
    def url(self) -> str:
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def __enter__(self) -> ServedBoard:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
