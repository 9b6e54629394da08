"""The test material.

melody   numbered notation -> notes
items    the kit and its items, as values
limits   thresholds that a kit may set
archive  a .zip, unpacked
kitfile  a folder or .zip -> Kit, or every problem in it
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = ["Item", "Kit", "Limits", "Note", "check_kit", "load_kit", "parse_notation"]

if TYPE_CHECKING:
    from config.kit.items import Item, Kit
    from config.kit.kitfile import check_kit, load_kit
    from config.kit.limits import Limits
    from config.kit.melody import Note, parse_notation
else:
    __getattr__ = lazy(
        __name__,
        {
            "items": ("Item", "Kit"),
            "kitfile": ("check_kit", "load_kit"),
            "limits": ("Limits",),
            "melody": ("Note", "parse_notation"),
        },
    )
