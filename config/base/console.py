"""The standard streams: whether a person sits at one, and letters that are never lost on it.

1. To the C library of Windows NUL and serial ports are terminals, too: only a real console has a mode.
2. A console keeps its encoding. So does a file or a pipe that can take Chinese letters (GBK is what other
   programs on a Chinese Windows expect); where it can't, UTF-8 goes there. PYTHONIOENCODING goes before.
3. What an encoding can't hold after all is written as \\uXXXX: it never ends a command, and never is a “?”.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TextIO

LETTERS = "录音「题」"
"""An encoding that takes these takes what the station says; Japanese and traditional Chinese ones don't."""


def is_console(stream: TextIO | None) -> bool:
    """Whether what is written here is seen by a person now, or what is read here is typed."""
    try:
        return stream is not None and stream.isatty() and _answers(stream.fileno())
    except (AttributeError, OSError, ValueError):
        # Closed, taken apart, or replaced by something that is no file.
        return False


def is_keyboard(stream: TextIO | None) -> bool:
    """Whether a person can press keys that are read here: not while a shell has us in the background."""
    return stream is not None and is_console(stream) and _in_front(stream.fileno())


def _answers(descriptor: int) -> bool:
    """Ask the system itself."""
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        handle, mode = ctypes.c_void_p(msvcrt.get_osfhandle(descriptor)), ctypes.c_uint32()
        return bool(ctypes.windll.kernel32.GetConsoleMode(handle, ctypes.byref(mode)))
    return os.isatty(descriptor)


def _in_front(descriptor: int) -> bool:
    if sys.platform != "win32":
        try:
            return os.tcgetpgrp(descriptor) == os.getpgrp()
        except OSError:
            # A terminal that controls nobody stops nobody who reads it.
            return True
    return True


def prepare_streams() -> None:
    """Make sure that there is something to read and to write, and that no letter is too much for it.

    Python has no streams where they were closed before (services and pythonw of Windows have none).
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - open as long as the process
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding_for(stream), errors="backslashreplace")


def encoding_for(stream: io.TextIOWrapper) -> str:
    """What a stream of ours is written in from now on."""
    decided = os.environ.get("PYTHONIOENCODING") or is_console(stream) or _takes(stream.encoding, LETTERS)
    return stream.encoding if decided else "utf-8"


def _takes(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True
