"""Screens over others are closed once, though two keys come in one burst, or an answer and its time-out.

Textual closes whatever lies on top: the second call would close the screen below, and with it the app.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from textual._styles_cache import StylesCache
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.screen import ModalScreen, Screen

Answer = TypeVar("Answer")


def closed_once(screen: Screen[Any], close: Callable[[], AwaitComplete]) -> AwaitComplete:
    """Close `screen` and what lies on it; where that has happened, nothing."""
    app = screen.app
    if screen not in app.screen_stack:
        return AwaitComplete()
    while app.screen is not screen:
        app.pop_screen()
    return close()


def forget_closed(app: App[Any]) -> None:
    """Let go, at each change of screen, of what closed screens had drawn.

    Textual remembers colours together with the widget that asked for them, so that 1,024 closed widgets and
    all their lines stay in memory: some 20 MB.
    """
    app.screen_change_signal.subscribe(
        app, lambda _: StylesCache.get_inner_outer.cache_clear(), immediate=True
    )


class Dialog(ModalScreen[Answer]):
    """A question over the screen that was there; the first answer counts."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        close = super().dismiss
        return closed_once(self, lambda: close(result))


class Palette(CommandPalette):
    """All commands, to be searched."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        close = super().dismiss
        return closed_once(self, lambda: close(result))
