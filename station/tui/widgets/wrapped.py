"""Sentences on screens: lines end where the language lets them, not only at blanks as Textual's do."""

from __future__ import annotations

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from station.words.wrapping import wrapped


class Wrapped(Visual):
    """`text` for widgets that take a visual, such as options of a list."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    def _content(self, width: int) -> Content:
        return Content(wrapped(self.text, width))

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._content(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return Content(self.text).get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._content(width).get_height(rules, width)


class Sentences(Static):
    """What a dialog says."""

    def __init__(self, text: str = "", *, name: str | None = None) -> None:
        """`name`: by which the style sheet and the screen know it."""
        super().__init__(text, id=name, markup=False)

    def render(self) -> Wrapped:
        return Wrapped(str(self.content))
