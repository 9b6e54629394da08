"""Bytes of a terminal into messages for the screens: what can be understood is, the rest is dropped.

1. Mouse reports of old terminals are bytes, not letters: they are taken out before anything is decoded.
2. Letters are in the encoding of the terminal. What is none in it is dropped; a letter that was cut off and
   does not go on is forgotten, so that it spoils no key that is pressed later.
3. What is pasted has bounds, and an end, also when the terminal never sends one. Old consoles paste as if
   somebody typed: more words at once than anybody types or scans are pasted, too.
4. Sizes come from the system, never from the keyboard. More keys than a person or a scanner sends are
   dropped: whatever lies on the keyboard, the screens stay as quick as they are.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterable, Iterator

from textual._xterm_parser import XTermParser
from textual.events import CursorPosition, Key, MouseEvent, Paste, Resize
from textual.message import Message
from textual.messages import InBandWindowResize

log = logging.getLogger(__name__)
X10_MOUSE = re.compile(rb"\x1b\[M([^\x00-\x1f])([^\x00-\x1f])([^\x00-\x1f])", re.DOTALL)
"""Button, column and row, each with 32 added (xterm, ctlseqs: “Normal tracking mode”)."""
X10_BEGUN = re.compile(rb"\x1b\[(M[^\x00-\x1f]{0,2})?\Z", re.DOTALL)
X10_RELEASED = 3
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"
PASTE_BEGUN = re.compile(r"\x1b(\[(2(0(0)?)?)?)?\Z")
C1_CONTROLS = re.compile("[\x80-\x9f]")
PASTE_CHARACTERS = 8000
"""More than any note, any number and any station's line that somebody means to paste."""
TYPED_AT_ONCE = 64
"""No scanned number is longer, and no hand so fast."""
CUT_SECONDS = 0.3
"""What belongs together comes at once, over a slow line too: after such a pause the rest does not come."""
PASTE_SECONDS = 1.0
"""The same for a pasted text; what came late would be keys, and act."""
FARTHEST_CELL = 2000
"""No window is wider or higher."""


class InputLimit:
    """Lets `capacity` through at once, and `per_second` for ever."""

    def __init__(self, capacity: int, per_second: float) -> None:
        self._capacity = self._left = float(capacity)
        self._per_second = per_second
        self._at = 0.0

    def take(self, now: float) -> bool:
        """Whether one more may pass. `now`: monotonic, in seconds."""
        self._left = min(self._capacity, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Parser(XTermParser):
    """Textual's, with the mouse in cells: only a report that we never ask for switches to pixels."""

    @property
    def mouse_pixels(self) -> bool:
        return False

    @mouse_pixels.setter
    def mouse_pixels(self, value: bool) -> None:
        if value:
            log.debug("a report in pixels was dropped")


class Typing:
    """The text of one terminal; `feed_text()` what was read, `idle()` when nothing came for a moment."""

    def __init__(self) -> None:
        self._parser = Parser()
        self._text = ""
        """Perhaps the begin of a pasted text."""
        self._pasted: str | None = None
        """What was pasted so far; None outside."""
        self._fed_at = 0.0
        # A scanner sends 20 characters at once, a key that is held 30 in a second.
        self._keys = InputLimit(128, 60)
        self._mouse = InputLimit(256, 200)

    def feed_text(self, text: str, now: float) -> list[Message]:
        """What it means. `now`: monotonic, in seconds."""
        self._fed_at = now
        return list(self._passed(self._read(C1_CONTROLS.sub("", text)), now))

    def idle(self, now: float) -> list[Message]:
        """What a pause means: the Esc key, the end of what was cut off."""
        found: list[Message] = []
        if now - self._fed_at > CUT_SECONDS:
            self.forget_cut()
            text, self._text = self._text, ""
            found += self._parsed(text)
        if self._pasted is not None and now - self._fed_at > PASTE_SECONDS:
            found.append(self._paste())
        found += self._ticked()
        return list(self._passed(found, now))

    def forget_cut(self) -> None:
        """The rest of a letter does not come any more."""

    def _read(self, text: str) -> Iterator[Message]:
        """Pasted texts and keys, in their order."""
        text, self._text = self._text + text, ""
        while text:
            if self._pasted is None:
                keys, begin, text = text.partition(PASTE_BEGIN)
                if begin:
                    self._pasted = ""
                elif cut := PASTE_BEGUN.search(keys):
                    # A lone Esc goes to the parser, which knows how long to wait for more.
                    held = cut.group() if len(cut.group()) > 1 else ""
                    keys, self._text = keys.removesuffix(held), held
                yield from self._parsed(keys)
                continue
            pasted, end, text = (self._pasted + text).partition(PASTE_END)
            # Its end may come in two parts: so much stays behind the bound.
            self._pasted = pasted if end else pasted[:PASTE_CHARACTERS] + pasted[PASTE_CHARACTERS:][-5:]
            if end:
                yield self._paste()

    def _paste(self) -> Paste:
        pasted, self._pasted = self._pasted or "", None
        return Paste(pasted[:PASTE_CHARACTERS].replace("\x00", ""))

    def _parsed(self, text: str) -> Iterator[Message]:
        if not text:
            # To the parser an empty text is the end of everything.
            return
        if len(text) > TYPED_AT_ONCE and text.isprintable() and " " in text.strip():
            yield Paste(text[:PASTE_CHARACTERS])
            return
        try:
            yield from self._parser.feed(text)
        except Exception as error:  # noqa: BLE001 - numbers in a sequence may be anything
            self._begin_anew(error)

    def _ticked(self) -> Iterator[Message]:
        try:
            yield from self._parser.tick()
        except Exception as error:  # noqa: BLE001
            self._begin_anew(error)

    def _begin_anew(self, error: Exception) -> None:
        log.warning("the keyboard sent what nobody understands: %r", error)
        self._parser = Parser()

    def _passed(self, messages: Iterable[Message], now: float) -> Iterator[Message]:
        for message in messages:
            if isinstance(message, Resize | InBandWindowResize | CursorPosition):
                continue
            if isinstance(message, MouseEvent):
                if max(message.screen_x, message.screen_y) < FARTHEST_CELL and self._mouse.take(now):
                    yield message
            elif not isinstance(message, Key | Paste) or self._keys.take(now):
                yield message


class Keyboard(Typing):
    """The bytes of one terminal, in its encoding."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._decoder = codecs.getincrementaldecoder(encoding)("ignore")
        self._bytes = b""
        """A mouse report that is not whole."""

    def feed(self, data: bytes, now: float) -> list[Message]:
        """What the bytes mean. `now`: monotonic, in seconds."""
        data, self._bytes = self._bytes + data, b""
        begun = X10_BEGUN.search(data)
        if begun is not None:
            data, self._bytes = data[: begun.start()], begun.group()
        return self.feed_text(self._decoder.decode(X10_MOUSE.sub(_as_sgr, data)), now)

    def forget_cut(self) -> None:
        self._bytes = b""
        self._decoder.reset()


def _as_sgr(report: re.Match[bytes]) -> bytes:
    """The same report as new terminals write it, in digits."""
    button, column, row = (byte[0] - 32 for byte in report.groups())
    released = button & 3 == X10_RELEASED and not button & 96
    return b"\x1b[<%d;%d;%d%c" % (0 if released else button, column, row, b"m" if released else b"M")
