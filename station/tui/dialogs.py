"""Questions that come before anything final: pick a reason, write a note, confirm. Esc changes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Key, Paste
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from station.tui.closing import Dialog
from station.tui.scanner import CODE, Burst
from station.tui.widgets.field import Field
from station.tui.widgets.qrcode import QrCode
from station.tui.widgets.words import even
from station.tui.widgets.wrapped import Sentences, Wrapped
from station.words.i18n import tr

Answer = TypeVar("Answer")
NOTE = 500
"""Characters of a note."""
BREAKS = re.compile(r"\s")
LINE = 8000
"""Characters of a line that is pasted: twice the longest status."""


class Keyless(Static):
    """Lies over the footer of the screen below: its keys do nothing while something is asked."""


class QuestionDialog(Dialog[Answer | None]):
    """Something is asked; None after Esc."""

    BINDINGS: ClassVar = [Binding("escape", "leave", show=False)]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def action_leave(self) -> None:
        self.dismiss(None)


class Choose(QuestionDialog[str]):
    """One of several answers, by arrow keys and Enter or by its number; None after Esc."""

    def __init__(self, question: str, answers: Sequence[tuple[str, str]]) -> None:
        """`answers`: (value, text in the chosen language)."""
        super().__init__(question)
        self._answers = answers

    def compose(self) -> ComposeResult:
        yield Keyless()
        with Vertical(classes="dialog"):
            yield Sentences(even(self._question))
            texts = (f"{number} {text}" for number, (_, text) in enumerate(self._answers, start=1))
            yield OptionList(*(Option(Wrapped(text)) for text in texts))
            yield Sentences(tr("Enter takes the answer, Esc changes nothing"))

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._answers[event.option_index][0])

    def on_key(self, event: Key) -> None:
        if event.key.isdecimal() and 0 < int(event.key) <= len(self._answers):
            self.dismiss(self._answers[int(event.key) - 1][0])


class NoteInput(Field):
    """A scanned number is neither a note nor a part of one."""

    takes_numbers = True

    def __init__(self, placeholder: str = "") -> None:
        super().__init__(compact=True, max_length=NOTE, placeholder=placeholder)
        self.cursor_blink = False
        self._burst = Burst()

    async def _on_key(self, event: Key) -> None:
        close, length = self._burst.feed(event), self._burst.length
        before, after = self.value[: self.cursor_position], self.value[self.cursor_position :]
        if event.key == "enter" and close and length >= CODE and before[-length:].isdecimal():
            event.stop()
            event.prevent_default()
            self.value = before[:-length] + after
            self.cursor_position = len(before) - length
            return
        await super()._on_key(event)


class Write(QuestionDialog[str]):
    """A short note; None after Esc."""

    def compose(self) -> ComposeResult:
        yield Keyless()
        with Vertical(classes="dialog"):
            yield Sentences(even(self._question))
            yield NoteInput()
            yield Sentences(tr("Enter keeps the note, Esc changes nothing"))

    @on(Input.Submitted)
    def written(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)


class PastedLine(Field):
    """One line, however a chat or a terminal has broken it."""

    def __init__(self) -> None:
        super().__init__(compact=True, max_length=LINE)
        self.cursor_blink = False

    def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(BREAKS.sub(" ", event.text[: LINE - len(self.value)]))


class PasteLine(QuestionDialog[str]):
    """A line of another program's text; None after Esc."""

    def compose(self) -> ComposeResult:
        yield Keyless()
        with Vertical(classes="dialog"):
            yield Sentences(even(self._question))
            yield PastedLine()
            yield Sentences(tr("Enter reads the line, Esc changes nothing"))

    @on(Input.Submitted)
    def pasted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)


class Happened(QuestionDialog[tuple[str, str, str]]):
    """What happened, how many minutes it cost, what was done; None after Esc. Enter goes to the next line."""

    def compose(self) -> ComposeResult:
        yield Keyless()
        with Vertical(classes="dialog"):
            yield Sentences(even(self._question))
            yield NoteInput()
            yield Sentences(even(tr("Minutes lost; Enter where it was none")))
            yield Field(compact=True, restrict="[0-9]{0,3}", placeholder="_" * 4)
            yield Sentences(even(tr("What was done")))
            yield NoteInput(placeholder="_" * 40)
            yield Sentences(tr("Enter goes on and keeps the note in the end, Esc changes nothing"))

    @on(Input.Submitted)
    def written(self, event: Input.Submitted) -> None:
        fields = list(self.query(Input))
        if not fields[0].value.strip():
            fields[0].focus()
        elif event.input is not fields[-1]:
            fields[fields.index(event.input) + 1].focus()
        else:
            what, minutes, remedy = (field.value.strip() for field in fields)
            self.dismiss((what, minutes, remedy))


class TellWithCode(Dialog[None]):
    """Something to read, and the same as a QR code at the right; any of Enter and Esc closes it."""

    BINDINGS: ClassVar = [Binding("escape,enter", "leave", show=False)]

    def __init__(self, text: str, rows: Sequence[str]) -> None:
        """`rows`: of widgets.qrcode.code_rows()."""
        super().__init__()
        self._text, self._rows = text, rows

    def compose(self) -> ComposeResult:
        with Horizontal(classes="beside"):
            with VerticalScroll():
                yield Sentences(even(f"{self._text}\n\n{tr('Enter closes this')}"))
            yield QrCode(self._rows)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_leave(self) -> None:
        self.dismiss(None)


class Tell(Dialog[None]):
    """Something to read, scrolled where it is long; any of Enter and Esc closes it."""

    BINDINGS: ClassVar = [Binding("escape,enter", "leave", show=False)]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield Keyless()
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_subtitle = tr("Enter closes this")
            yield Sentences(even(self._text))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_leave(self) -> None:
        self.dismiss(None)
