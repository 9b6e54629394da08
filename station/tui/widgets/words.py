"""Text that is drawn where it says something else than before, and only there."""

from __future__ import annotations

from textual.visual import VisualType
from textual.widgets import Static


class Words(Static):
    """Static draws at every update(), and screens tell their texts what they say twelve times a second."""

    def __init__(self, name: str) -> None:
        """`name`: by which the style sheet and the screen know it."""
        super().__init__("", id=name, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        if content != self.content:
            super().update(content, layout=layout)
