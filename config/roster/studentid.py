"""A student's number as it stands in a cell -> one that is fit for a file name, or the reason why not."""

from __future__ import annotations

import re
import unicodedata

from config.base.message import Message, say, shown
from config.base.problems import Severity
from config.disk.filenames import fits_windows
from config.roster.excel import DateCell, FormulaCell

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
PLAIN = re.compile(r"[A-DF-Za-df-z0-9]{1,40}")
"""Nothing in it that may mean something else, such as 1e5."""
LONGEST = 1000
"""Characters of a cell that are looked at."""
EXACT_DIGITS = 15
"""Excel stores numbers with 15 exact digits; longer ones end in wrong zeros."""


def clean_student_id(cell: object) -> tuple[str | None, tuple[Severity, Message] | None]:
    """The number (None when it can't be used), and what was wrong or repaired."""
    if isinstance(cell, str) and PLAIN.fullmatch(cell) and fits_windows(cell):
        return cell, None
    if isinstance(cell, bool) or cell is None:
        return None, ("error", say("the number is missing."))
    if isinstance(cell, int | float):
        return _from_number(float(cell))
    if isinstance(cell, DateCell | FormulaCell):
        return None, ("error", _not_typed(cell))
    text = str(cell).strip().lstrip("'")
    # What makes Excel keep zeros of a CSV file.
    inner = re.sub(r'^="([^"]*)"$', r"\1", text)
    folded = unicodedata.normalize("NFKC", _without_invisible(inner)).strip()
    if re.fullmatch(rf"\d{{1,{EXACT_DIGITS}}}\.0+", folded):
        folded = folded.partition(".")[0]
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
                text=shown(named(text)),
            ),
        )
    if folded != text:
        return folded, ("repaired", say("“{text}” was read as {id}.", text=shown(named(text)), id=folded))
    return folded, None


def _not_typed(cell: DateCell | FormulaCell) -> Message:
    if isinstance(cell, DateCell):
        return say("{text} is a date. Format the column as text and type the number again.", text=cell.text)
    return say("here is a formula without its result. Open the file in Excel and save it there.")


def _without_invisible(text: str) -> str:
    """Without marks of direction, joiners and spaces of no width: nobody typed them, nobody sees them."""
    return "".join(char for char in text[:LONGEST] if unicodedata.category(char) != "Cf")


def named(text: str) -> str:
    """Text in which what can't be seen is named: 0101<U+200B>."""
    return "".join(
        f"<U+{ord(char):04X}>" if unicodedata.category(char) == "Cf" else char for char in text[:LONGEST]
    )


def cut_by_excel(student_id: str) -> bool:
    """Whether all digits beyond the fifteenth are zeros: what Excel makes of a long number."""
    behind = student_id[EXACT_DIGITS:]
    return student_id.isdigit() and len(behind) >= 2 and not behind.strip("0")


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
