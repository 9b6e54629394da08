"""A scripted proctor at the real screens: looks, presses, and looks whether it did something.

Words are those of the catalogue, in the chosen language. Blanks do not count, since lines are broken and
Chinese has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from station.words.i18n import tr
from tests.station.terminal.keys import ENTER, F4
from tests.station.terminal.terminal import Terminal

SEEN_SECONDS = 0.8
"""A key counts only from somebody who has seen the screen, and no repeat of the same key."""
DRAWN_SECONDS = 2.0
CARD_SECONDS = 0.3
"""From one card to the next."""
PERPLEXED_SECONDS = 10.0
"""After this a key that did nothing is pressed once more."""
PATIENCE_SECONDS = 240.0
BACKSPACE = "\x7f"
DOT = "•"
"""Stands for a character that nobody may read."""
IDENTITY = "Is this the pupil in the chair?"
READY = "Press Enter when the pupil is ready"
SING = "RECORDING   Sing now"
BAD = "The recording is not fine"
LAST = "Thank you. That was the last song; Enter lets the pupil go"
FAILED = "The headset needs attention"
HEARD = "Ask the pupil: did you hear the melody? Enter: yes. N: no, it is played again."
RESTARTED = "The station was started again. Press Enter to go on where it stopped."
PROMPT = "The prompt broke off. Press Enter to play it from its beginning."
SKIP = "Why is the headset check skipped?"
TOTALS = "Expected {expected}   done {done}   absent {away}   to do {to_do}"
FIELD = "Scan or type a number; Enter alone calls the selected pupil"
KEYS = {
    SKIP: "1",
    RESTARTED: ENTER,
    PROMPT: ENTER,
    IDENTITY: ENTER,
    FAILED: "s",
    HEARD: ENTER,
    READY: ENTER,
    BAD: ENTER,
    LAST: ENTER,
}
"""What a proctor presses at each place; the first that is on the screen counts. At ten times the speed
a check may fail because the virtual singer is late: it is skipped then."""


def squeezed(text: str) -> str:
    return "".join(text.split())


@dataclass
class Proctor:
    screen: Terminal
    pictures: Path | None = None
    """Where the screens that somebody should look at are kept."""
    keys: int = 0
    """Pressed since the beginning; a scanned number is none."""
    _kept: list[str] = field(default_factory=list)

    # --- looking

    def sees(self, *words: str) -> bool:
        text, box = squeezed(self.screen.text()), squeezed(self.screen.box())
        return all(squeezed(word) in text or squeezed(word) in box for word in words)

    def wait(self, *words: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Until all `words` are on the screen, as they are shown. Raises AssertionError."""
        return self._until(lambda: self.sees(*words), words, seconds)

    def wait_for_one(self, *words: str) -> str:
        """Until any of `words` is on the screen. Raises AssertionError."""
        return self._until(lambda: any(map(self.sees, words)), words, PATIENCE_SECONDS)

    def _until(self, there: Callable[[], bool], words: Sequence[str], seconds: float) -> str:
        deadline = monotonic() + seconds
        while not there():
            ended = self.screen.process.poll()
            if monotonic() > deadline or ended is not None:
                raise AssertionError(f"never saw {words}; ended: {ended}\n{self.screen.text()}")
            sleep(0.05)
        return self.screen.text()

    def see(self, english: str, seconds: float = PATIENCE_SECONDS, **values: object) -> str:
        """Until a sentence of the program is on the screen."""
        return self.wait(tr(english).format(**values), seconds=seconds)

    def keep(self, name: str) -> None:
        """The screen as it is now, for somebody to look at."""
        if self.pictures is not None:
            self.rest()
            self.pictures.mkdir(parents=True, exist_ok=True)
            self._kept.append(name)
            file = self.pictures / f"{len(self._kept):02}-{name}.txt"
            file.write_text(self.screen.text() + "\n", encoding="utf-8")

    def rest(self) -> None:
        """Until the screen is drawn; one that moves is taken as it is after a while."""
        before, deadline = "", monotonic() + DRAWN_SECONDS
        while (text := self.screen.text()) != before and monotonic() < deadline:
            before = text
            sleep(0.4)

    # --- pressing

    def press(self, key: str) -> None:
        sleep(SEEN_SECONDS)
        self.screen.tap(key)
        self.keys += 1

    def go(self, key: str, here: str, then: str) -> None:
        """Press a key at a screen that says `here` until it says `then`: never at another one."""
        self.wait(here)
        deadline = monotonic() + PATIENCE_SECONDS
        while not self.sees(then) and monotonic() < deadline:
            if self.sees(here):
                self.press(key)
            self._comes(then)
        self.wait(then)

    def answer(self, asked: str, text: str, *, secret: bool = False) -> None:
        """Type an answer to what is asked, look whether it stands there, and press Enter."""
        self.wait(asked)
        typed, deadline = DOT * len(text) if secret else text, monotonic() + PATIENCE_SECONDS
        while self.sees(asked) and monotonic() < deadline:
            sleep(SEEN_SECONDS)
            if self.sees(typed):
                self.press(ENTER)
                self._gone(asked)
            else:
                self.screen.press(BACKSPACE * len(text))
                sleep(SEEN_SECONDS)
                self.screen.press(text)
                self._comes(typed)
        assert not self.sees(asked), self.screen.text()

    def sign(self, *codes: str) -> None:
        """The codes of the two persons, one after the other."""
        for number, code in enumerate(codes, 1):
            self.answer(person(number) + tr("Your code:"), code, secret=True)

    # --- a pupil

    def scan(self, student_id: str, then: str) -> None:
        """A card after the one before, until the screen says `then`; once more where nothing came of it."""
        deadline = monotonic() + PATIENCE_SECONDS
        while not self.sees(then) and monotonic() < deadline:
            sleep(CARD_SECONDS)
            self.screen.press(f"{student_id}\r")
            self._comes(then)
        self.wait(then)

    def go_on(self, *words: str, to_do: int | None = None, seconds: float = PATIENCE_SECONDS) -> None:
        """Do what each screen asks until all `words` are there, or so many are left to do at home."""
        deadline = monotonic() + seconds

        def there() -> bool:
            return self.sees(*words) if to_do is None else self.to_do == to_do

        while not there():
            assert monotonic() < deadline, f"never saw {words or to_do}\n{self.screen.text()}"
            here = next((place for place in KEYS if self.sees(tr(place))), "")
            if here:
                sleep(SEEN_SECONDS)
            if here and self.sees(tr(here)) and not there():
                self.screen.tap(KEYS[here])
                self.keys += 1
                self._gone(tr(here))
            else:
                sleep(0.05)

    def _comes(self, words: str) -> None:
        deadline = monotonic() + PERPLEXED_SECONDS
        while not self.sees(words) and monotonic() < deadline:
            sleep(0.05)

    def _gone(self, words: str, seconds: float = PERPLEXED_SECONDS) -> bool:
        """Whether they have gone in time."""
        deadline = monotonic() + seconds
        while (there := self.sees(words)) and monotonic() < deadline:
            sleep(0.05)
        return not there

    @property
    def to_do(self) -> int | None:
        """As home says it; None elsewhere."""
        pattern = re.sub(r"\\{\w+\\}", r"(\\d+)", re.escape(squeezed(tr(TOTALS))))
        found = re.search(pattern, squeezed(self.screen.text()))
        return int(found[4]) if found is not None and self.sees(tr(FIELD)) else None

    def call(self, student_id: str) -> None:
        """Scanned at home; identity is asked."""
        self._gone(tr("The headset is being opened. Please wait."), PATIENCE_SECONDS)
        sleep(SEEN_SECONDS)
        self.scan(student_id, tr(IDENTITY))

    def away(self, reason: str, student_id: str, name: str) -> None:
        """F4 about this pupil, and the number of the reason."""
        asked = tr("Why does {id} {name} not sing?").format(id=student_id, name=name)
        self.go(F4, student_id, asked)
        self.leave(reason, asked)

    def leave(self, key: str, words: str) -> None:
        """Press a key at a screen that says `words` until they are gone."""
        deadline = monotonic() + PATIENCE_SECONDS
        while self.sees(words) and monotonic() < deadline:
            self.press(key)
            self._gone(words)
        assert not self.sees(words), self.screen.text()


def person(number: int) -> str:
    """Whose answer is wanted."""
    return tr("Person {number}: {question}").format(number=number, question="")


def item(number: int, count: int = 3) -> str:
    return tr("Item {number} of {count}").format(number=number, count=count)
