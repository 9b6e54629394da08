"""A student's number as it stands in a cell -> one that is fit for a file name, or the reason why not."""

from __future__ import annotations

import re
import unicodedata

from config.base.message import Message, say, shown
from config.base.problems import Severity
from config.disk.filenames import fits_windows
from config.roster.excel import DateCell

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
EXACT_DIGITS = 15
"""Excel stores numbers with 15 exact digits; longer ones end in wrong zeros."""


def clean_student_id(cell: object) -> tuple[str | None, tuple[Severity, Message] | None]:
    """The number (None when it can't be used), and what was wrong or repaired."""
    if isinstance(cell, bool) or cell is None:
        return None, ("error", say("the number is missing."))
    if isinstance(cell, int | float):
        return _from_number(float(cell))
    if isinstance(cell, DateCell):
        return None, (
            "error",
            say("{text} is a date. Format the column as text and type the number again.", text=cell.text),
        )
    text = str(cell).strip().lstrip("'")
    folded = unicodedata.normalize("NFKC", text).strip()
    if not folded:
        return None, ("error", say("the number is missing."))
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", folded):
        return None, (
            "error",
            say(
                "{text} is a number that Excel has shortened. Format the column as text and type it again.",
                text=shown(text),
            ),
        )
    if not SAFE.fullmatch(folded) or not fits_windows(folded):
        return None, (
            "error",
            say(
                "“{text}” can't be a number here: use only letters a-z, digits, dot and dash.",
                text=shown(text),
            ),
        )
    if folded != text:
        return folded, ("repaired", say("“{text}” was read as {id}.", text=shown(text), id=folded))
    return folded, None


def _from_number(value: float) -> tuple[str | None, tuple[Severity, Message] | None]:
    if not value.is_integer() or value < 0 or abs(value) >= 10**EXACT_DIGITS:
        text = f"{value:g}"
        return None, (
            "error",
            say(
                "{text} is a number that Excel has shortened. Format the column as text and type it again.",
                text=shown(text),
            ),
        )
    return str(int(value)), None
