"""A console of Windows below Textual's driver: hands over INPUT_RECORDs as ReadConsoleInputW does.

The driver's own thread reads them, so what is tested is what it makes of them: keys, bursts, sizes. On Linux
the module is imported with a stand-in for what ctypes has on Windows only; its structures are the same.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any
from unittest import mock

KEY, MOUSE, SIZE, FOCUS = 0x0001, 0x0002, 0x0004, 0x0010
SHIFT_PRESSED = 0x0010
VK_SHIFT = 0x10
POLL_SECONDS = 0.01


@cache
def textual_win32() -> ModuleType:
    """Textual's module for consoles of Windows."""
    if sys.platform == "win32":
        return importlib.import_module("textual.drivers.win32")
    with (
        mock.patch.object(ctypes, "WinDLL", mock.MagicMock(), create=True),
        mock.patch.dict(sys.modules, {"msvcrt": ModuleType("msvcrt")}),
    ):
        return importlib.import_module("textual.drivers.win32")


class Console:
    """What was typed and not yet read; stands in for kernel32 in Textual's module."""

    def __init__(self, win32: Any) -> None:
        self._win32 = win32
        self._batches: deque[list[Any]] = deque()
        self.read = threading.Semaphore(0)

    def type(self, text: str, *, control: int = 0, virtual_key: int = 0) -> None:
        """Every UTF-16 unit goes down and up again, all in one batch, as with VT input."""
        raw = text.encode("utf-16-le", "surrogatepass")
        units = [raw[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(raw), 2)]
        records = [self._key(unit, down, control, virtual_key) for unit in units for down in (True, False)]
        self._batches.append(records)

    def resize(self, columns: int, rows: int) -> None:
        record = self._win32.INPUT_RECORD()
        record.EventType = SIZE
        record.Event.WindowBufferSizeEvent.dwSize.X = columns
        record.Event.WindowBufferSizeEvent.dwSize.Y = rows
        self._batches.append([record])

    def other(self) -> None:
        """What is no key: the mouse moves, the window loses the focus."""
        records = []
        for kind in (MOUSE, FOCUS):
            record = self._win32.INPUT_RECORD()
            record.EventType = kind
            records.append(record)
        self._batches.append(records)

    def _key(self, unit: str, down: bool, control: int, virtual_key: int) -> Any:
        record = self._win32.INPUT_RECORD()
        record.EventType = KEY
        key = record.Event.KeyEvent
        key.bKeyDown, key.wRepeatCount, key.wVirtualKeyCode = down, 1, virtual_key
        key.uChar.UnicodeChar, key.dwControlKeyState = unit, control
        return record

    # --- kernel32

    def wait(self, handles: list[Any], timeout: int = -1) -> Any:
        """WaitForMultipleObjects on the one handle."""
        if self._batches:
            return handles[0]
        time.sleep(POLL_SECONDS)
        return None

    def ReadConsoleInputW(self, handle: Any, records: Any, most: int, count: Any) -> int:  # noqa: N802
        """Fills the caller's array, `most` records at a time."""
        batch = self._batches.popleft()
        if batch[most:]:
            self._batches.appendleft(batch[most:])
        for place, record in enumerate(batch[:most]):
            records._obj[place] = record
        count._obj.value = len(batch[:most])
        self.read.release()
        return 1


@contextmanager
def scripted() -> Iterator[Console]:
    """A console that Textual's thread reads from while the block runs."""
    win32 = textual_win32()
    console = Console(win32)
    with (
        mock.patch.object(win32, "KERNEL32", console),
        mock.patch.object(win32, "wait_for_handles", console.wait),
        mock.patch.object(win32, "GetStdHandle", lambda number: number),
    ):
        yield console
