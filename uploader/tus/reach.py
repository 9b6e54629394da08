"""Looking a server's name up, and connecting, within a time.

getaddrinfo has no limit of its own: where a router swallows the questions it hangs as long as the system's
resolver likes, and nothing wakes it. So it runs in a thread that is left behind; at most one for each name,
whose answer counts for whoever still waits.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import TypeVar

from urllib3.exceptions import HTTPError

LOOK_SECONDS = 0.1
"""How often whoever waits looks whether the program ends."""
Asked = tuple[str, int]
T = TypeVar("T")


class _Lookup:
    """One question, asked by a thread of its own."""

    def __init__(self, host: str, port: int) -> None:
        self.ended = threading.Event()
        self.found: list[str] = []
        self.error: OSError | None = None
        self._asked = (host, port)
        # Nothing ends getaddrinfo, so nobody can join this thread.
        threading.Thread(target=self._ask, name=f"lookup {host}", daemon=True).start()

    def _ask(self) -> None:
        try:
            answers = socket.getaddrinfo(*self._asked, type=socket.SOCK_STREAM)
            self.found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        except (OSError, UnicodeError) as error:
            self.error = error if isinstance(error, OSError) else socket.gaierror(str(error))
        finally:
            with _lock:
                _pending.pop(self._asked, None)
            self.ended.set()


_pending: dict[Asked, _Lookup] = {}
_lock = threading.Lock()


def look_up(host: str, port: int, seconds: float, stopped: Callable[[], bool] = lambda: False) -> list[str]:
    """Addresses of a host. Raises socket.gaierror where it has none, TimeoutError where nobody answers or as
    soon as `stopped`."""
    if _is_literal(host):
        return [host]
    with _lock:
        lookup = _pending.get((host, port))
        if lookup is None:
            lookup = _pending[host, port] = _Lookup(host, port)
    until = time.monotonic() + seconds
    while not lookup.ended.wait(max(0.0, min(LOOK_SECONDS, until - time.monotonic()))):
        if stopped() or time.monotonic() >= until:
            raise TimeoutError(f"no answer to a question for the name {host}")
    if lookup.error is not None:
        raise lookup.error
    return lookup.found


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def each_address(
    host: str,
    port: int,
    seconds: float,
    reach: Callable[[str], T],
    stopped: Callable[[], bool] = lambda: False,
) -> T:
    """What `reach` gives for the first address that it can reach; no other is begun after `seconds`.

    Raises socket.gaierror, TimeoutError, or what `reach` raised for the last one.
    """
    until = time.monotonic() + seconds
    error: Exception = TimeoutError(f"no connection to {host}")
    for address in look_up(host, port, seconds, stopped):
        if stopped() or time.monotonic() >= until:
            break
        try:
            return reach(address)
        except (OSError, HTTPError) as trouble:
            error = trouble
    raise error


def is_reached(host: str, port: int, seconds: float) -> None:
    """Connect, and leave. Raises socket.gaierror where there is no such name, OSError."""
    each_address(
        host, port, seconds, lambda address: socket.create_connection((address, port), seconds).close()
    )
