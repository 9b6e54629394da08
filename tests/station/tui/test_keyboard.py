"""Bytes of a terminal: letters in its encoding, mice of any age, pasted texts with an end, no rubbish."""

from __future__ import annotations

import time

import pytest
from textual.events import Event, Key, MouseDown, MouseUp, Paste, Resize
from textual.message import Message

from station.tui.terminal.encoding import REPLACED, terminal_encoding
from station.tui.terminal.keyboard import PASTE_CHARACTERS, InputLimit, Keyboard

PAUSE = 0.4


def typed(messages: list[Message]) -> str:
    return "".join(message.character or "" for message in messages if isinstance(message, Key))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_letter_that_comes_in_pieces_is_one_letter(encoding: str) -> None:
    keyboard = Keyboard(encoding)
    data = "题1".encode(encoding)
    found = [keyboard.feed(data[at : at + 1], 0.01 * at) for at in range(len(data))]
    assert typed([message for messages in found for message in messages]) == "题1"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_letter_that_was_cut_off_spoils_no_later_key(encoding: str) -> None:
    keyboard = Keyboard(encoding)
    assert typed(keyboard.feed("题".encode(encoding)[:1], 0.0)) == ""
    assert keyboard.idle(PAUSE) == []
    assert typed(keyboard.feed(b"0107", 1.0)) == "0107"


def test_a_mouse_of_an_old_terminal_is_understood_at_every_column() -> None:
    keyboard = Keyboard("utf-8")
    for column in range(1, 224):
        down, up = keyboard.feed(b"\x1b[M %c#\x1b[M#%c#" % (column + 32, column + 32), float(column))
        assert isinstance(down, MouseDown)
        assert isinstance(up, MouseUp)
        assert (down.x, down.y) == (up.x, up.y) == (column - 1, 2)


def test_a_mouse_report_in_pieces_types_nothing() -> None:
    keyboard = Keyboard("utf-8")
    assert [keyboard.feed(piece, 0.0) for piece in (b"\x1b[", b"M", b" ", b"\xf0")] == [[]] * 4
    assert isinstance(keyboard.feed(b"#", 0.0)[0], MouseDown)
    assert keyboard.feed(b"\x1b[M \xf0", 1.0) == []
    assert keyboard.idle(1.0 + PAUSE) == []
    assert typed(keyboard.feed(b"5", 3.0)) == "5"


def test_a_pasted_text_has_bounds_and_an_end() -> None:
    keyboard = Keyboard("utf-8")
    keyboard.feed(b"\x1b[20", 0.0)
    keyboard.feed(b"0~" + b"x" * 100_000, 0.1)
    keyboard.feed(b"\x1b[201", 0.2)
    [pasted, key] = keyboard.feed(b"~y", 0.3)
    assert isinstance(pasted, Paste)
    assert pasted.text == "x" * PASTE_CHARACTERS
    assert typed([key]) == "y"


def test_the_keyboard_comes_back_when_a_pasted_text_never_ends() -> None:
    keyboard = Keyboard("utf-8")
    assert keyboard.feed(b"\x1b[200~0107\r", 0.0) == []
    assert keyboard.idle(PAUSE) == [], "what comes late is no key"
    [pasted] = keyboard.idle(2.0)
    assert isinstance(pasted, Paste)
    assert typed(keyboard.feed(b"5", 3.0)) == "5"


@pytest.mark.parametrize(
    "sequence",
    [
        b"\x1b[48;0;0;0;0t",
        b"\x1b[48;99999;99999;1;1t",
        b"\x1b[99999999999;1;1u",
        b"\x1b[1;1;99999999u",
        b"\x1b[<0;99999;1M",
        b"\x1b[?2048;1$y",
        b"\x1b[1;1R",
        b"\xc2\x9b",
        b"\xff\xfe",
    ],
)
def test_what_can_not_be_is_dropped_and_the_next_key_works(sequence: bytes) -> None:
    keyboard = Keyboard("utf-8")
    found = keyboard.feed(sequence, 0.0)
    assert not any(isinstance(message, Resize | MouseDown) for message in found)
    assert typed(keyboard.feed(b"5", 1.0)) == "5"


def test_a_mouse_stays_in_cells_after_a_report_in_pixels() -> None:
    keyboard = Keyboard("utf-8")
    keyboard.feed(b"\x1b[48;24;80;480;1600t", 0.0)
    [down] = keyboard.feed(b"\x1b[<0;40;12M", 1.0)
    assert isinstance(down, MouseDown)
    assert (down.x, down.y) == (39, 11)


def test_esc_alone_is_a_key_after_a_moment() -> None:
    keyboard = Keyboard("utf-8")
    assert keyboard.feed(b"\x1b", 0.0) == []
    time.sleep(0.15)
    [key] = keyboard.idle(0.15)
    assert isinstance(key, Event)
    assert key.key == "escape"  # type: ignore[attr-defined]


def test_more_keys_than_anybody_sends_are_dropped_and_soon_the_next_one_works() -> None:
    keyboard = Keyboard("utf-8")
    assert len(keyboard.feed(b"5" * 65536, 0.0)) < 300
    assert typed(keyboard.feed(b"0107\r", 1.0)) == "0107\r"


def test_two_scans_and_a_key_that_is_held_are_not_too_many() -> None:
    keyboard = Keyboard("utf-8")
    assert len(keyboard.feed(b"\x02310105017000107\r\n" * 2, 0.0)) == 36
    assert all(keyboard.feed(b"\r", 1 + number / 30) for number in range(300))


def test_a_limit_never_lets_more_through_at_once_later() -> None:
    limit = InputLimit(2, 1)
    assert [limit.take(100.0) for _ in range(3)] == [True, True, False]
    assert [limit.take(101.0) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({"LANG": "zh_CN.GBK"}, "gb18030"),
        ({"LANG": "zh_CN.gb2312"}, "gb18030"),
        ({"LANG": "zh_CN.GB18030", "LC_ALL": "en_US.UTF-8"}, "utf-8"),
        ({"LANG": "zh_CN.GBK", "LC_CTYPE": "C.UTF-8"}, "gb18030"),
        ({"LANG": "zh_CN.GBK", "LC_CTYPE": "zh_CN.UTF-8"}, "utf-8"),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, "iso8859-15"),
        ({"LANG": "zh_CN.UTF-8"}, "utf-8"),
    ],
)
def test_the_encoding_is_the_one_that_the_locale_names(environment: dict[str, str], encoding: str) -> None:
    assert terminal_encoding(environment) == encoding


def test_letters_that_can_not_be_shown_keep_their_cells() -> None:
    assert "甲─é😀乙".encode("gb2312", REPLACED) == "甲─é??乙".encode("gb2312")


@pytest.mark.parametrize(
    "pasted", ["S1 run=0a1b2c3d seq=1 at=2026-11-27T03:49:42+00:00 station=310105-017-B check=MYQXDJ"]
)
def test_a_line_pasted_into_a_console_without_a_word_for_pasting_comes_whole(pasted: str) -> None:
    long = " ".join([pasted] * 20)
    [event] = Keyboard("utf-8").feed(long.encode(), 0.0)
    assert isinstance(event, Paste)
    assert event.text == long


@pytest.mark.parametrize("held", ["n" * 900, " " * 900, "\r" * 900, "0107\r" * 50])
def test_a_key_that_was_held_while_the_terminal_stood_still_is_no_pasted_text(held: str) -> None:
    messages = Keyboard("utf-8").feed(held.encode(), 0.0)
    assert len(messages) == 128
    assert not any(isinstance(message, Paste) for message in messages)
