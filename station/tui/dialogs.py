"""Questions that come before anything final: pick a reason, write a note, confirm. Esc changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from station.i18n import tr


class Keyless(Static):
    """Lies over the footer of the screen below: its keys do nothing while something is asked."""


class Choose(ModalScreen[str | None]):
    """One of several answers, by arrow keys and Enter or by its number; None after Esc."""

    BINDINGS: ClassVar = [Binding("escape", "leave", show=False)]

    def __init__(self, question: str, answers: Sequence[tuple[str, str]]) -> None:
        """`answers`: (value, text in the chosen language)."""
        super().__init__()
        self._question = question
        self._answers = answers

    def compose(self) -> ComposeResult:
        yield Keyless()
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            texts = (f"{number} {text}" for number, (_, text) in enumerate(self._answers, start=1))
            yield OptionList(*(Option(text) for text in texts))
            yield Static(tr("Enter takes the answer, Esc changes nothing"), markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._answers[event.option_index][0])

    def on_key(self, event: object) -> None:
        key = getattr(event, "key", "")
        if key.isdigit() and 0 < int(key) <= len(self._answers):
            self.dismiss(self._answers[int(key) - 1][0])

    def action_leave(self) -> None:
        self.dismiss(None)


class Write(ModalScreen[str | None]):
    """A short note; None after Esc."""

    BINDINGS: ClassVar = [Binding("escape", "leave", show=False)]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        yield Keyless()
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield Input(compact=True)
            yield Static(tr("Enter keeps the note, Esc changes nothing"), markup=False)

    @on(Input.Submitted)
    def written(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)

    def action_leave(self) -> None:
        self.dismiss(None)


class Tell(ModalScreen[None]):
    """Something to read, scrolled where it is long; any of Enter and Esc closes it."""

    BINDINGS: ClassVar = [Binding("escape,enter", "leave", show=False)]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield Keyless()
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_subtitle = tr("Enter closes this")
            yield Static(self._text, markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_leave(self) -> None:
        self.dismiss(None)
