"""The encoding of the terminal: what its keyboard sends, and what it shows.

It is what LC_ALL, LC_CTYPE or LANG name, also where this computer does not have that locale installed: Python
then speaks UTF-8 with a terminal that does not.
"""

from __future__ import annotations

import codecs
import locale
import sys
from collections.abc import Mapping
from unicodedata import east_asian_width

SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "ascii": "utf-8"}
"""Whoever means the first one understands the second one, too."""
COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python itself puts into LC_CTYPE where the locale is not installed (PEP 538)."""
REPLACED = "station-cells"


def terminal_encoding(environment: Mapping[str, str]) -> str:
    """Python's name of a codec."""
    named = [environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if named[1] in COERCED and "." in named[2]:
        named[1] = ""
    first = next(filter(None, named), "")
    codeset = first.partition(".")[2].partition("@")[0]
    for wanted in (codeset, locale.getencoding()):
        try:
            found = codecs.lookup(wanted).name if wanted else ""
        except LookupError:
            continue
        if found:
            return SUPERSETS.get(found, found)
    return "utf-8"


def draws_half_blocks(environment: Mapping[str, str]) -> bool:
    """Whether they are one cell wide: in Chinese fonts the old console of Windows has them two wide."""
    if sys.platform == "win32":
        return "WT_SESSION" in environment
    return terminal_encoding(environment) == "utf-8"


def _question_marks(error: UnicodeError) -> tuple[str, int]:
    """As many cells as the letters that can't be shown: everything behind them stays in its place."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join("??" if east_asian_width(char) in "WF" else "?" for char in missing), error.end


codecs.register_error(REPLACED, _question_marks)
