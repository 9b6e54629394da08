"""Signals that ask a command to end: it ends in order, with 128 and the signal's number.

Ctrl-C (SIGINT) is Python's own KeyboardInterrupt. SIGTERM, and SIGHUP (the window was closed; SIGBREAK on
Windows), would end a process on the spot: a sound card of the demo would stay, a terminal as the screens
had it. What was ignored when the command began (nohup) stays ignored.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from station.exitcodes import Exit

_NAMES = {
    "SIGINT": Exit.INTERRUPTED,
    "SIGTERM": Exit.TERMINATED,
    "SIGHUP": Exit.HUNG_UP,
    "SIGBREAK": Exit.HUNG_UP,
}
CODES = {int(getattr(signal, name)): code for name, code in _NAMES.items() if hasattr(signal, name)}
"""Signals that this system has, and the exit codes they lead to."""


class Stopped(BaseException):
    """A signal asked the command to end. Like KeyboardInterrupt nothing catches it but the one who exits."""

    def __init__(self, code: Exit) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """SIGTERM and SIGHUP raise Stopped in the main thread, once: what is cleaned up then is not disturbed."""

    def stop(number: int, frame: FrameType | None) -> None:
        for other in CODES:
            if other != signal.SIGINT:
                signal.signal(other, signal.SIG_IGN)
        raise Stopped(CODES[number])

    with _handled(stop, [number for number in CODES if number != signal.SIGINT]):
        yield


@contextmanager
def told(tell: Callable[[Exit], None]) -> Iterator[None]:
    """All of them, Ctrl-C from outside too, are told to `tell`, which only takes note; nothing is raised."""

    def take_note(number: int, frame: FrameType | None) -> None:
        tell(CODES[number])

    with _handled(take_note, list(CODES)):
        yield


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], None], numbers: list[int]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        # Signals are the business of the main thread, and of nobody else.
        yield
        return
    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in numbers}
    before = {number: found for number, found in before.items() if found is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, found in before.items():
            signal.signal(number, found)
