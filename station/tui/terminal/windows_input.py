"""The keyboard of Windows' console: UTF-16 in pieces, and a reading thread that does not end without a word.

Textual's own thread ends for good, and the keyboard with it, when half of a pair of UTF-16 units comes alone:
Windows cuts pairs where its buffer ends, and hands over what programs send it.
"""

from __future__ import annotations

import codecs
import ctypes
from time import monotonic
from typing import Any

from station.tui.terminal.keyboard import Typing

KEY_EVENT, WINDOW_BUFFER_SIZE_EVENT = 0x0001, 0x0004
MOST_RECORDS = 1024
POLL_MILLISECONDS = 100


class Pairs:
    """UTF-16 units in, text out: the first half of a pair waits for the second, a half alone is dropped."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-16-le")(errors="ignore")

    def feed(self, units: str) -> str:
        return self._decoder.decode(units.encode("utf-16-le", "surrogatepass"))


def units_and_size(records: Any) -> tuple[str, tuple[int, int] | None]:
    """What was typed and the window's last size, in INPUT_RECORDs."""
    units: list[str] = []
    size = None
    for record in records:
        if record.EventType == KEY_EVENT:
            key = record.Event.KeyEvent
            # Without a key of its own and with modifiers it is none that was pressed.
            if key.bKeyDown and (key.wVirtualKeyCode or not key.dwControlKeyState):
                units.append(key.uChar.UnicodeChar)
        elif record.EventType == WINDOW_BUFFER_SIZE_EVENT:
            area = record.Event.WindowBufferSizeEvent.dwSize
            size = (area.X, area.Y)
    return "".join(units), size


def lasting(win32: Any) -> Any:
    """Textual's thread from its module for Windows, with a reading of ours."""

    class ConsoleInput(win32.EventMonitor):  # type: ignore[misc]
        def run(self) -> None:
            try:
                self.read()
            except Exception as error:  # noqa: BLE001 - a keyboard that is dead must not look alive
                self.loop.call_soon_threadsafe(self.app._handle_exception, error)

        def read(self) -> None:
            """Hand over keys and sizes until the app leaves."""
            typing, pairs = Typing(), Pairs()
            handle = win32.GetStdHandle(win32.STD_INPUT_HANDLE)
            records = (win32.INPUT_RECORD * MOST_RECORDS)()
            count = ctypes.c_ulong()
            while not self.exit_event.is_set():
                if win32.wait_for_handles([handle], POLL_MILLISECONDS) is None:
                    for event in typing.idle(monotonic()):
                        self.process_event(event)
                    continue
                win32.KERNEL32.ReadConsoleInputW(
                    handle, ctypes.byref(records), MOST_RECORDS, ctypes.byref(count)
                )
                units, size = units_and_size(records[: count.value])
                for event in typing.feed_text(pairs.feed(units), monotonic()):
                    self.process_event(event)
                if size is not None:
                    self.on_size_change(*size)

    return ConsoleInput


def install(win32: Any) -> None:
    """Have Textual's driver start our thread: it looks the class up in its module, and takes no other."""
    if win32.EventMonitor.__name__ != "ConsoleInput":
        win32.EventMonitor = lasting(win32)
