"""Nothing that a keyboard or a terminal can send ends the screens, and letters come in its encoding."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.station.terminal.keys import CTRL_Q, ENGLISH, ESC, F1, F6, close, leave, show
from tests.station.terminal.terminal import Terminal, terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux")
HELP = "The afternoon in five steps"
CHINESE = "中文「题」录"
BURST = 65536
SECONDS = 90.0
"""Enough for a busy computer; a quick one needs two."""


@pytest.fixture
def screen(home: Path) -> Iterator[Terminal]:
    with terminal("-m", "station", "--config", home / "station.toml", env=ENGLISH) as found:
        found.see("Expected 30")
        found.gone("The headset is being opened")
        yield found


def still_works(screen: Terminal) -> None:
    """Out of whatever was opened, to the help and home again."""
    deadline = monotonic() + SECONDS
    while HELP not in screen.text():
        assert monotonic() < deadline, screen.text()
        assert screen.process.poll() is None, screen.text()
        for key in (ESC, ESC, F1):
            sleep(0.5)
            screen.press(key)
        sleep(1)
    close(screen, HELP)
    screen.see("Expected 30")


def rubbish(encoding: str) -> list[bytes]:
    """Cut letters, reports of old mice at every column, sequences that begin and never end."""
    cut = [CHINESE.encode(encoding)[:length] for length in range(1, 12)]
    mice = [b"\x1b[M" + bytes((32, column, 40)) for column in range(33, 256)]
    huge = b"9" * 20
    sequences = [
        b"\x1b[", b"\x1b[<", b"\x1b[<0;1", b"\x1b]0;", b"\x1bP1$r", b"\x1b[M", b"\x1b[M ", b"\x1bO",
        b"\x1b[200~", b"\x1b[200~abc\x1b[20", b"\x1b[48;0;0;0;0t", b"\x1b[48;99999;99999;1;1t",
        b"\x1b[" + huge + b";1u", b"\x1b[1;" + huge + b"u", b"\x1b[<" + huge + b";" + huge + b";1M",
        b"\x1b[<0;9999;9999M", b"\x1b[?2048;1$y", b"\x1b[?2026;2$y", b"\x1b[1;1R", b"\x1b[I\x1b[O\x1b[I",
        b"\x1b" * 50, b"\xc2\x9b", "\ud800".encode("utf-8", "surrogatepass"), b"\xf4\x90\x80\x80",
    ]  # fmt: skip
    return [*cut, *mice, *sequences]


@pytest.mark.timeout(300)
def test_every_byte_and_every_cut_sequence_leaves_the_screens_alive(screen: Terminal) -> None:
    for value in range(256):
        screen.press(bytes([value]))
        sleep(0.01)
    still_works(screen)
    for piece in [*rubbish("utf-8"), *rubbish("gbk")]:
        screen.press(piece)
        sleep(0.01)
    still_works(screen)
    leave(screen)


@pytest.mark.costly
@pytest.mark.timeout(300)
def test_64_kb_at_once_leave_the_screens_alive_and_quick(screen: Terminal) -> None:
    chance = random.Random(11)
    # Leaving, and Enter, which calls a pupil for a check that lasts: the test before presses that, too.
    leading_away = CTRL_Q.encode() + b"\r\n"
    bursts = (
        chance.randbytes(BURST).translate(None, leading_away),
        b"5" * BURST,
        b"\x1b" * BURST,
        b"\x1b[200~" + "录".encode() * (BURST // 3),
    )
    for burst in bursts:
        screen.press(burst)
        still_works(screen)
    leave(screen)


@pytest.mark.sampled(3, fewest=1)
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "language", ["zh_CN.GBK", pytest.param("zh_CN.GB18030", marks=pytest.mark.long), "zh_CN.UTF-8"]
)
def test_a_chinese_letter_is_typed_in_the_encoding_of_the_terminal(home: Path, language: str) -> None:
    encoding = language.partition(".")[2]
    env = {**ENGLISH, "LANG": language}
    place = ("--config", home / "station.toml")
    with terminal("-m", "station", *place, env=env, encoding=encoding) as screen:
        screen.see("Expected 30", "陈一诺")
        show(screen, F6, "What sort of thing happened?")
        show(screen, "1", "keeps the note")
        screen.press(CHINESE.encode(encoding))
        screen.see(CHINESE)
        # A letter that was cut off spoils none that comes later.
        screen.press(CHINESE.encode(encoding)[:1])
        sleep(1.0)
        screen.press("好".encode(encoding) + b"ab")
        screen.see(CHINESE + "好ab")
        close(screen, "keeps the note")
        leave(screen)
