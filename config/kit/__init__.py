"""The test material.

notationcheck  what is wrong in the notation
melody   numbered notation -> notes
items    the kit and its items, as values
limits   thresholds that a kit may set
archive  a .zip, unpacked
kitfile  a folder or .zip -> Kit, or every problem in it
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = [
    "DEGREES",
    "LETTERS",
    "Item",
    "Kit",
    "Limits",
    "NotationError",
    "Note",
    "Sign",
    "Tonality",
    "check_kit",
    "load_kit",
    "parse_key",
    "parse_lines",
    "parse_notation",
]

if TYPE_CHECKING:
    from config.kit.items import Item, Kit
    from config.kit.kitfile import check_kit, load_kit
    from config.kit.limits import Limits
    from config.kit.melody import (
        DEGREES,
        LETTERS,
        NotationError,
        Note,
        Sign,
        Tonality,
        parse_key,
        parse_lines,
        parse_notation,
    )
else:
    __getattr__ = lazy(
        __name__,
        {
            "items": ("Item", "Kit"),
            "kitfile": ("check_kit", "load_kit"),
            "limits": ("Limits",),
            "melody": (
                "DEGREES",
                "LETTERS",
                "Tonality",
                "NotationError",
                "Note",
                "Sign",
                "parse_key",
                "parse_lines",
                "parse_notation",
            ),
        },
    )
