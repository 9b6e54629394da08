"""Digits that are read from the back of the room, of plain ASCII: other glyphs are two cells wide on
some Chinese consoles."""

from __future__ import annotations

ROWS = 5
_SHAPES = {
    "0": ("####", "#  #", "#  #", "#  #", "####"),
    "1": ("  # ", " ## ", "  # ", "  # ", " ###"),
    "2": ("####", "   #", "####", "#   ", "####"),
    "3": ("####", "   #", " ###", "   #", "####"),
    "4": ("#  #", "#  #", "####", "   #", "   #"),
    "5": ("####", "#   ", "####", "   #", "####"),
    "6": ("####", "#   ", "####", "#  #", "####"),
    "7": ("####", "   #", "  # ", " #  ", " #  "),
    "8": ("####", "#  #", "####", "#  #", "####"),
    "9": ("####", "#  #", "####", "   #", "####"),
    "-": ("    ", "    ", "####", "    ", "    "),
    ".": ("  ", "  ", "  ", "  ", " #"),
    " ": ("  ", "  ", "  ", "  ", "  "),
}


def big(text: str) -> str:
    """`text` in five lines of equal width; letters are shown small beside, in the middle line."""
    lines = []
    for row in range(ROWS):
        parts = []
        for char in text:
            small = (char if row == ROWS // 2 else " ",) * ROWS
            parts.append(_SHAPES.get(char, small)[row])
        lines.append("  ".join(parts))
    return "\n".join(lines)
