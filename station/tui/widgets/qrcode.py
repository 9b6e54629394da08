"""A QR code in half blocks, two modules in a cell, for the telephone of who stands before the screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

HALVES = " \u2584\u2580\u2588"
"""Neither half is dark, the lower one, the upper one, both."""
STYLE = "#000000 on #ffffff"
"""Readers want dark modules on a light ground, whatever the colours of the screens are."""
QUIET = 4
"""Light modules around it, as ISO/IEC 18004 wants them..."""
LEAST_QUIET = 1
"""...and as few as telephones get by with."""


def code_rows(text: str, columns: int, rows: int) -> tuple[str, ...]:
    """The cells of the code of `text`; empty where it has no room in so many columns and rows."""
    import segno  # nobody waits for it at the first screen

    try:
        code = segno.make_qr(text, error="l", encoding="utf-8")
    except segno.DataOverflowError:
        return ()
    size = len(code.matrix)
    quiet = min(QUIET, (2 * rows - size) // 2, (columns - size) // 2)
    if quiet < LEAST_QUIET:
        return ()
    modules = [[bool(module) for module in row] for row in code.matrix_iter(border=quiet)]
    modules += [[False] * len(modules[0])] * (len(modules) % 2)
    pairs = zip(modules[::2], modules[1::2], strict=True)
    return tuple(
        "".join(HALVES[2 * upper + lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs
    )


class QrCode(Static):
    DEFAULT_CSS = "QrCode { width: auto; height: auto; }"

    def __init__(self, rows: Sequence[str]) -> None:
        """`rows`: of code_rows()."""
        super().__init__(Content.assemble(("\n".join(rows), STYLE)), markup=False)
