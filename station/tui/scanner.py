"""Tells a person's key from a barcode scanner and from a key that is held down.

1. A scanner types faster than anybody: what comes in one burst acts in a field for numbers, and nowhere else.
2. Terminals send no “key up”, only repeats: a key acts again when it was quiet for longer than any keyboard
   waits before it repeats.
3. So a key that acts waits for a moment: what follows it tells what it was.

Times are those at which the keys came, not those at which a busy screen looked at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from textual.events import Key

GAP_SECONDS = 0.05
SETTLE_SECONDS = 0.08
"""After this no further character belongs to the one before."""
REPEAT_SECONDS = 0.7
"""Keyboards wait 0.25 to 0.66 s before a held key repeats (Windows' default 0.5, X11's 0.66), and then repeat
it at least twice in a second: the same key within this time is no new press."""
DOUBT_SECONDS = 1.3
"""Windows' longest setting waits for one second, give or take a fifth."""
DOUBT_SETTLE_SECONDS = 0.25
"""The same key within DOUBT_SECONDS: if it is held, the next repeat comes within this."""
CODE = 3
"""So many characters in one burst are a number that was scanned."""
MOST = 64
"""No number is longer."""
ENDS = frozenset({"enter", "tab", "ctrl+j", "ctrl+c", "ctrl+d"})
"""What scanners send behind a number: CR, TAB, LF, ETX, EOT."""
MOVING = frozenset(
    {"up", "down", "left", "right", "pageup", "pagedown", "home", "end", "backspace", "delete", "tab"}
)
"""Keys that are held on purpose, and start nothing."""


class Burst:
    """Feed it every key; `length` characters came one right after another, the last one among them."""

    def __init__(self) -> None:
        self.length = 0
        self._last_at = float("-inf")

    def feed(self, event: Key) -> bool:
        """Whether the key came right after a character."""
        close = event.time - self._last_at < GAP_SECONDS
        if event.is_printable:
            self.length = self.length + 1 if close else 1
            self._last_at = event.time
        else:
            self._last_at = float("-inf")
        return close


class Takes(Enum):
    """What the place takes that a key would go to."""

    KEYS = "keys"
    TEXT = "text"
    """Characters, but no scanned number."""
    NUMBERS = "numbers"


@dataclass(frozen=True)
class Pressed:
    """A key that may act."""

    event: Key
    scanned: bool = False
    """The end of a scanned number."""
    waited: bool = False
    """It acts, and so it had to wait: the screen may be another one by now."""


@dataclass(frozen=True)
class Second:
    """Another number in the same burst: nobody has looked at the first one yet."""

    number: str


@dataclass(frozen=True)
class TooSoon:
    """The same key so soon after itself that it may be held down: it does nothing."""

    event: Key


@dataclass(frozen=True)
class Waiting:
    event: Key
    seconds: float


Found = Pressed | Second | TooSoon


class Presses:
    """Feed it every key; what it gives back may act, in this order. `release()` after `wait_seconds`."""

    def __init__(self) -> None:
        self._waiting: Waiting | None = None
        self._last = ""
        self._last_at = float("-inf")
        self._burst = 0
        """Characters in the burst since its begin, or since the end of its first number."""
        self._ended = False
        """The burst has had a whole number."""
        self._second = ""

    @property
    def wait_seconds(self) -> float | None:
        """How long the key that waits has to; None where none does."""
        return self._waiting.seconds if self._waiting is not None else None

    def release(self) -> list[Found]:
        """The key that waited long enough."""
        waiting, self._waiting = self._waiting, None
        return [Pressed(waiting.event, waited=True)] if waiting is not None else []

    def feed(self, event: Key, takes: Takes) -> list[Found]:
        close = 0 <= event.time - self._last_at < GAP_SECONDS
        found = [] if close else self.release()
        # Right before another key: the begin of a burst, or a key that is held.
        self._waiting = None
        if not close:
            self._burst, self._ended, self._second = 0, False, ""
        found += self._judged(event, takes, close)
        self._last, self._last_at = event.key, event.time
        return found

    def _judged(self, event: Key, takes: Takes, close: bool) -> list[Found]:
        if close and event.key in ENDS and self._burst:
            return self._code_ended(event, takes)
        if event.is_printable:
            return self._character(event, takes, close)
        if event.key in MOVING:
            return [] if close and event.key in ENDS else [Pressed(event)]
        return self._hold(event, close)

    def _character(self, event: Key, takes: Takes, close: bool) -> list[Found]:
        self._burst += 1
        if self._ended:
            self._second = (self._second + (event.character or ""))[:MOST]
            return []
        if takes is Takes.KEYS:
            return self._hold(event, close)
        return [Pressed(event)]

    def _code_ended(self, event: Key, takes: Takes) -> list[Found]:
        code, self._burst = self._burst >= CODE, 0
        if self._ended:
            second, self._second = self._second, ""
            return [Second(second)] if second else []
        if takes is Takes.KEYS or (code and takes is Takes.TEXT) or (not code and event.key != "enter"):
            return []
        self._ended = code
        enter = Key("enter", "\r")
        enter.time = event.time
        return [Pressed(enter, scanned=code)]

    def _hold(self, event: Key, close: bool) -> list[Found]:
        """Wait for what follows; nothing where it is a part of a burst or a repeat."""
        quiet = event.time - self._last_at if event.key == self._last else float("inf")
        if close:
            return []
        if 0 <= quiet < REPEAT_SECONDS:
            return [TooSoon(event)]
        doubt = 0 <= quiet < DOUBT_SECONDS
        self._waiting = Waiting(event, DOUBT_SETTLE_SECONDS if doubt else SETTLE_SECONDS)
        return []
