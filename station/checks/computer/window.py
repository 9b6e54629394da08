"""The window in which the station runs: its size, its letters, and how wide it draws them."""

from __future__ import annotations

import os
import re
import sys
from time import monotonic

from config.base import is_console, is_keyboard, say
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, fail, ok, skipped, warn
from station.words.i18n import tr_noop

PROBE = "汉─"
PROBE_CELLS = 3
"""A Chinese letter takes two cells and a line of a frame one; old Chinese consoles draw it two wide."""
ANSWER_SECONDS = 1.0


def terminal(bench: Bench) -> Finding:
    # While the screens are open, sys.stdout is theirs.
    out = sys.__stdout__
    if not bench.wishes.interactive or out is None or not is_console(out):
        return skipped(say("No terminal is open here; look at the screens once with “station demo”."))
    columns, lines = os.get_terminal_size(out.fileno())
    encoding = (out.encoding or "").lower().replace("-", "")
    numbers = {"columns": columns, "lines": lines, "encoding": encoding}
    if columns < 80 or lines < 24:
        return fail(
            say("The window has {columns} x {lines} characters; 80 x 24 are needed.", **numbers),
            say("Make the window larger, or the letters smaller (Ctrl and minus)."),
            **numbers,
        )
    if encoding != "utf8":
        return warn(
            say("The window shows letters as {encoding}, not UTF-8.", **numbers),
            say("Start it in Windows Terminal, or type “chcp 65001” before."),
            **numbers,
        )
    cells = drawn_cells() if sys.stdout is out else None
    if cells is not None and cells != PROBE_CELLS:
        return warn(
            say("The window draws letters or lines wider or narrower than usual; screens may look torn."),
            say("Choose another font for this window, or start the station in Windows Terminal."),
            cells=cells,
            **numbers,
        )
    return ok(say("The window has {columns} x {lines} characters, UTF-8.", **numbers), cells=cells, **numbers)


def drawn_cells() -> int | None:
    """Cells that the window moves on for PROBE; None where it does not tell."""
    try:
        return _windows_cells() if sys.platform == "win32" else _asked_cells()
    except (OSError, ValueError):
        return None


def _asked_cells() -> int | None:
    """By the answer of the terminal to the question where its cursor is."""
    answer = b""
    if sys.platform != "win32" and sys.__stdin__ is not None and sys.__stdout__ is not None:
        import select
        import termios
        import tty

        if not is_keyboard(sys.__stdin__):
            return None
        keyboard, screen = sys.__stdin__.fileno(), sys.__stdout__.fileno()
        before, deadline = termios.tcgetattr(keyboard), monotonic() + ANSWER_SECONDS
        try:
            tty.setcbreak(keyboard)
            os.write(screen, f"\r{PROBE}\x1b[6n".encode())
            while b"R" not in answer and select.select([keyboard], [], [], max(0, deadline - monotonic()))[0]:
                answer += os.read(keyboard, 32)
        finally:
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
            os.write(screen, b"\r\x1b[K")
    found = re.search(rb"\x1b\[\d+;(\d+)R", answer)
    return int(found[1]) - 1 if found else None


def _windows_cells() -> int | None:
    """By where the console says that its cursor is: dwCursorPosition.X, the third number of its facts."""
    if sys.platform != "win32" or sys.__stdout__ is None:
        return None
    import ctypes
    import struct

    facts = ctypes.create_string_buffer(22)
    console = ctypes.windll.kernel32.GetStdHandle(-11)
    sys.__stdout__.write(f"\r{PROBE}")
    sys.__stdout__.flush()
    told = ctypes.windll.kernel32.GetConsoleScreenBufferInfo(console, facts)
    sys.__stdout__.write("\r" + " " * (2 * PROBE_CELLS) + "\r")
    sys.__stdout__.flush()
    return int(struct.unpack_from("<hhh", facts)[2]) if told else None


CHECKS = (
    Check(
        "terminal", Group.COMPUTER, tr_noop("Window"),
        tr_noop("Pupils read the notation on this screen."),
        tr_noop("Size and letters of the window in which the station runs, and how wide it draws them."),
        terminal, asks=True,
    ),
)  # fmt: skip
