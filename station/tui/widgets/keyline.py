"""The bottom line: the keys that do something now.

Textual's own Footer builds a widget per key anew each time and keeps the old ones in its watchers
(Textual #6666), and it does not follow while another window has the focus. This one is one line of text,
drawn when what is possible has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from station.words.i18n import tr, tr_noop

MORE = " ... "
"""Stands for the keys that a narrow window has no room for; the palette has them all."""
HELP = "f1"
"""Names all keys, so it is never among those that have no room."""
EARLY = tr_noop("too early, press again")
REMIND_SECONDS = 2.0
KEY_STYLE = "bold $footer-key-foreground"
OFF_STYLE = "dim"


class Key(NamedTuple):
    """One key as it is shown."""

    key: str
    """As Textual names it."""
    name: str
    """As it is printed on a keyboard."""
    text: str
    """In the chosen language."""
    enabled: bool = True

    @property
    def cells(self) -> int:
        return cell_len(f" {self.name} {self.text} ")

    def content(self) -> Content:
        parts = (f" {self.name}", KEY_STYLE), f" {self.text} "
        return Content.assemble(*parts) if self.enabled else Content.assemble(*parts).stylize(OFF_STYLE)


def fitting(keys: Sequence[Key], width: int) -> tuple[Key, ...]:
    """As many of `keys`, from the first one, as have room in `width` cells beside MORE and HELP, or all."""
    if sum(key.cells for key in keys) <= width:
        return tuple(keys)
    found: list[Key] = []
    room = width - len(MORE) - sum(key.cells for key in keys if key.key == HELP)
    for key in keys:
        if key.key != HELP:
            room -= key.cells
        if room >= 0 or key.key == HELP:
            found.append(key)
    return tuple(found)


class KeyLine(Static):
    """Follows the bindings of its screen; a click on a key presses it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; color: $footer-foreground; background: $footer-background; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.keys: tuple[Key, ...] = ()
        """All that can be pressed now, the palette's last."""
        self.shown: tuple[tuple[int, Key], ...] = ()
        """The keys on the line, each with the column it begins in."""
        self._early = ""
        """The key that was pressed too early to count, for a moment."""
        self._forgets: Timer | None = None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_resize(self) -> None:
        self._draw()

    def _follow(self, screen: Screen[object]) -> None:
        """Draw the line where it says something else than before."""
        found = [self._key(entry) for entry in screen.active_bindings.values() if self._wanted(entry.binding)]
        # A sort keeps the order of the others.
        now = tuple(sorted(found, key=lambda key: self._is_palette(key.key)))
        if now != self.keys:
            self.keys = now
            self._draw()

    def _wanted(self, binding: Binding) -> bool:
        return binding.show or self._is_palette(binding.key)

    def _is_palette(self, key: str) -> bool:
        return key == self.app.COMMAND_PALETTE_BINDING

    def _key(self, entry: ActiveBinding) -> Key:
        binding = entry.binding
        return Key(binding.key, self.app.get_key_display(binding), binding.description, entry.enabled)

    def remind(self, key: str) -> None:
        """Say at the place of a key that it has to be pressed again; nothing where it would do nothing."""
        if not any(entry.key == key and entry.enabled for _, entry in self.shown):
            return
        if self._forgets is not None:
            self._forgets.stop()
        self._forgets = self.set_timer(REMIND_SECONDS, lambda: self._say_early(""))
        if key != self._early:
            self._say_early(key)

    def _say_early(self, key: str) -> None:
        self._early = key
        self._draw()

    def _draw(self) -> None:
        at_end = tuple(key for key in self.keys if self._is_palette(key.key))
        keys = self.keys[: len(self.keys) - len(at_end)]
        keys = tuple(key._replace(text=tr(EARLY)) if key.key == self._early else key for key in keys)
        room = self.size.width - sum(key.cells for key in at_end)
        found, shown, column = fitting(keys, room), [], 0
        for key in found:
            shown.append((column, key))
            column += key.cells
        more = MORE if len(found) < len(keys) else ""
        gap = " " * max(0, room - column - len(more))
        self.shown = (*shown, *((room, key) for key in at_end))
        middle = Content(more + gap)
        parts = [*(key.content() for key in found), middle, *(key.content() for key in at_end)]
        self.update(Content.assemble(*parts), layout=False)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        hit = next((key for column, key in self.shown if column <= event.x < column + key.cells), None)
        if hit is not None:
            self.app.simulate_key(hit.key)
