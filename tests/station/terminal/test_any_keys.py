"""Twenty thousand keys by chance over the whole afternoon; then a terminal that takes nothing for a while.

Bursts, pastes, held keys, bytes that are no text, windows of other sizes. Only a key that comes alone, after
a look, may do anything to a song; and none that may end one comes alone while somebody sings.
ANY_KEYS=N for another number, ANY_KEYS_SEED=N for other keys; of fewer no memory is compared.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from config.disk import DataDir
from station.session.journal import Journal
from station.words.i18n import worded
from tests.station.book.accelerated import DIARY
from tests.station.book.material import sampled
from tests.station.terminal.keys import ENGLISH, ENTER, ESC, F1, F3, F4
from tests.station.terminal.terminal import Terminal, terminal
from tests.uploader.tusserver import TusServer

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux"),
]
COUNT = int(os.environ.get("ANY_KEYS", "20000"))
SEED = int(os.environ.get("ANY_KEYS_SEED", "17"))
WARM = 5000
"""Keys after which everything has been shown once."""
GROWTH_MB = 15.0
LOOK_SECONDS = 0.9
"""A key counts only from somebody who has seen the screen, and no repeat of the same key."""
STILL_SECONDS = 30.0
STILL_AT = COUNT // 2
LONE_SHARE, ENTER_SHARE, RESIZE_SHARE = 0.35, 0.5, 0.02
SINGS = ("ready", "recording", "saving")
SIZES = ((80, 24), (120, 40), (60, 24), (80, 12), (20, 5), (200, 50))
FUNCTION = (F1, F3, F4, *(f"\x1b[{number}~" for number in (15, 17, 18, 19, 20, 21, 24)))
CONTROL = tuple(chr(number) for number in range(1, 27) if number not in (3, 17, 26))
"""Not those that close the program or stop its job."""
OTHERS = ("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\x7f", ESC, "\t")
TEXT = "abcdefghijklmnopqrstuvwxyz0123456789 ,./;'[]-=中文「」录音"
ONE: tuple[str, ...] = (*FUNCTION, *CONTROL, *OTHERS, *TEXT, ENTER)
HELD: tuple[str, ...] = (*TEXT, ENTER, ESC, F4)
BY_ENTER = {"ItemBegun": "instruction", "IdentityConfirmed": "identity", "CheckAccepted": "check_result"}
"""What Enter alone does, and where."""


class Keys:
    """What comes, by chance but the same each time."""

    def __init__(self) -> None:
        self._chance = random.Random(SEED)
        self.sent = 0
        self.lone = 0
        self.entered: Counter[str] = Counter()
        """How often Enter came alone in each phase."""

    def chance(self, share: float) -> bool:
        return self._chance.random() < share

    def one(self) -> str:
        return self._chance.choice(ONE)

    def size(self) -> tuple[int, int]:
        return self._chance.choice(SIZES)

    def burst(self) -> bytes:
        """A scanner's, a paste, a key that is held, a cat on the keys, or bytes that are no text."""
        kind, count = self._chance.randrange(5), self._chance.randint(4, 40)
        self.sent += count
        if kind == 0:
            return f"01{self._chance.randint(7, 36):02}{ENTER}".encode()
        if kind == 1:
            return f"\x1b[200~{''.join(self._chance.choices(TEXT, k=count))}\r\n\x1b[201~".encode()
        if kind == 2:
            return (self._chance.choice(HELD) * count).encode()
        if kind == 3:
            return "".join(self.one() for _ in range(count)).encode()
        return self._chance.randbytes(count).translate(None, b"\x03\x11\x1a\x0d\x0a")


def phase(home: Path) -> str:
    """As the station's diary says it."""
    diary = home / DIARY
    lines = diary.read_text(encoding="utf-8").splitlines() if diary.exists() else []
    return lines[-1].split()[2] if lines else "home"


def alone(screen: Terminal, keys: Keys, home: Path) -> None:
    """One key after a look. Enter most of the time, so that somebody sings; not while somebody does."""
    sleep(LOOK_SECONDS)
    key = ENTER if keys.chance(ENTER_SHARE) else keys.one()
    if key == ENTER:
        now = phase(home)
        if now in SINGS:
            return
        keys.entered[now] += 1
    screen.press(key)
    keys.sent += 1
    keys.lone += 1
    sleep(0.1)


def disturb(screen: Terminal, keys: Keys, home: Path) -> None:
    """Some keys more, now and then in a window of another size."""
    if keys.chance(RESIZE_SHARE):
        screen.resize(*keys.size())
    if keys.chance(LONE_SHARE):
        alone(screen, keys, home)
    else:
        screen.press(keys.burst())
        sleep(0.2)


@contextmanager
def standing_still(screen: Terminal) -> Iterator[None]:
    screen.taking.clear()
    yield
    screen.taking.set()


def told(home: Path) -> Counter[str]:
    """How often each event stands in the journal."""
    data = DataDir(home / "data")
    names: Counter[str] = Counter()
    for session in {path.name for path in data.takes.iterdir() if path.is_dir()}:
        journal = Journal(data, session, readonly=True)
        try:
            names.update(type(event).__name__ for event, _ in journal.entries())
        finally:
            journal.close()
    return names


def megabytes(screen: Terminal) -> float:
    return float(psutil.Process(screen.process.pid).memory_info().rss / 1e6)


def test_any_keys_end_no_song_begin_none_and_leave_the_screens_alive(tmp_path: Path) -> None:
    keys, memory, still = Keys(), 0.0, False
    with TusServer() as server:
        sampled(tmp_path, server.url)
        soon(tmp_path / "kit" / "kit.toml")
        command = ("-m", "tests.station.book.accelerated", tmp_path)
        with terminal(
            *command, env={**ENGLISH, "BROWSER": "true", "TMPDIR": str(tmp_path / "tmp")}
        ) as screen:
            screen.see("Your name")
            for letter in "Wang\r":
                sleep(LOOK_SECONDS)
                screen.press(letter)
            screen.see("Expected 30")
            while keys.sent < COUNT:
                assert screen.process.poll() is None, screen.text()
                disturb(screen, keys, tmp_path)
                if keys.sent > WARM and not memory:
                    memory = megabytes(screen)
                if keys.sent > STILL_AT and not still:
                    still = True
                    with standing_still(screen):
                        screen.press(keys.burst())
                        sleep(STILL_SECONDS)
            screen.resize(80, 24)
            grown = megabytes(screen) - memory if memory else 0.0
            begun = monotonic()
            alive(screen)
            print(
                f"{keys.sent} keys, {keys.lone} alone, {grown:+.1f} MB; help in {monotonic() - begun:.0f} s"
            )
    found = told(tmp_path)
    print(dict(found))
    assert found["TakeSaved"] > 0, "nobody sang"
    assert found["StopRequested"] == 0, "a song was ended"
    for event, at in BY_ENTER.items():
        assert found[event] <= keys.entered[at], f"{event} without its key"
    assert grown < GROWTH_MB


def soon(kit: Path) -> None:
    """Enter may end a song after a second: the songs are ten times as fast, their minimum is not."""
    text, count = re.subn(r"min_seconds = \d+", "min_seconds = 1", kit.read_text(encoding="utf-8"))
    assert count == 3
    kit.write_text(text, encoding="utf-8")


def alive(screen: Terminal) -> None:
    """Help is shown, after as many Esc as it takes and the song that runs."""
    help_page = "The afternoon in five steps"
    for _ in range(40):
        if any(worded(language, help_page) in screen.text() for language in ("en", "zh_CN")):
            return
        screen.tap(ESC)
        screen.tap(F1)
        sleep(LOOK_SECONDS)
    raise AssertionError(screen.text())
