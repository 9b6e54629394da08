"""Names that can be a file or folder on every system a school has.

Windows keeps some names for devices, whatever follows their first dot, and drops dots and blanks at the end
(learn.microsoft.com/windows/win32/fileio/naming-a-file). The rule holds on Linux, too: a kit or a data folder
is carried from one computer to another.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

RESERVED = frozenset(
    {
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
    }
)
REFUSED = re.compile(r'[<>:"|?*\\/\x00-\x1f]')
LONGEST_PATH = 259
"""Characters in a path that every program of Windows can open (MAX_PATH without its end)."""


def fits_windows(name: str) -> bool:
    """Whether one part of a path means the same file everywhere."""
    base = name.split(".")[0].rstrip(" ").casefold()
    return bool(name) and base not in RESERVED and name[-1] not in ". " and not REFUSED.search(name)


def too_long(path: Path, platform: str = sys.platform) -> bool:
    """Whether this system can't be trusted to open an absolute path for its length alone.

    Windows allows more only where an administrator has said so, and to some programs only.
    """
    # What it counts are units of UTF-16.
    return platform == "win32" and len(str(path).encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_PATH
