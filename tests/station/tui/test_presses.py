"""What a key was: pressed, held, or a part of a scanned number: by the times at which keys came."""

from __future__ import annotations

import pytest
from textual.events import Key

from station.tui.scanner import Found, Presses, Second, Takes, TooSoon

NAMES = {"\r": "enter", "\n": "ctrl+j", "\t": "tab", "\x02": "ctrl+b", "\x03": "ctrl+c", "\x04": "ctrl+d"}
HELD = {
    "Windows' default": (0.5, 0.033),
    "Windows' shortest": (0.25, 0.033),
    "Windows' longest": (1.0, 0.033),
    "Windows' longest, a fifth more": (1.2, 0.033),
    "Windows' slowest": (0.5, 0.4),
    "X11's default": (0.66, 0.04),
    "GNOME's": (0.5, 0.03),
    "the Linux console's": (0.25, 0.092),
    "a slow one": (0.5, 0.5),
}


def key(name: str, at: float) -> Key:
    found = Key(NAMES.get(name, name), name if len(name) == 1 else None)
    found.time = at
    return found


def acted(keys: list[tuple[str, float]], takes: Takes = Takes.KEYS, *, soon: bool = False) -> list[str]:
    """What acts, in order: keys by name, `end` for that of a scanned number, `second: …`.

    With `soon` also what does not act because it came too soon.
    """
    presses, due = Presses(), float("inf")
    found: list[Found] = []
    for name, at in keys:
        if at >= due:
            found += presses.release()
        found += presses.feed(key(name, at), takes)
        due = at + presses.wait_seconds if presses.wait_seconds is not None else float("inf")
    found += presses.release()
    return [told(what) for what in found if soon or not isinstance(what, TooSoon)]


def told(what: Found) -> str:
    if isinstance(what, TooSoon):
        return f"too soon: {what.event.key}"
    if isinstance(what, Second):
        return f"second: {what.number}"
    return "end" if what.scanned else what.event.key


def burst(text: str, at: float = 10.0, gap: float = 0.004) -> list[tuple[str, float]]:
    return [(char, at + number * gap) for number, char in enumerate(text)]


@pytest.mark.parametrize("keyboard", HELD)
@pytest.mark.parametrize("name", ["enter", "r", "f4", "escape"])
def test_a_key_that_is_held_acts_once(name: str, keyboard: str) -> None:
    delay, gap = HELD[keyboard]
    keys = [(name, 10.0), *((name, 10.0 + delay + gap * number) for number in range(100))]
    assert acted(keys) == [name]


@pytest.mark.parametrize("pause", [0.75, 1.0, 2.0, 30.0])
def test_a_key_that_was_let_go_acts_again(pause: float) -> None:
    assert acted([("enter", 10.0 + number * pause) for number in range(4)]) == ["enter"] * 4


def test_the_same_key_too_soon_is_named_so_that_a_person_can_be_told() -> None:
    assert acted([("enter", 10.0), ("enter", 10.5)], soon=True) == ["enter", "too soon: enter"]
    assert acted(burst("aaaa"), soon=True) == [], "a scanner reads nothing"


def test_another_key_between_ends_no_hold_but_begins_none() -> None:
    assert acted([("enter", 10.0), ("r", 10.3), ("enter", 10.6)]) == ["enter", "r", "enter"]


def test_a_key_that_is_meant_to_be_held_moves_on() -> None:
    assert acted([("down", 10.0 + number * 0.03) for number in range(20)]) == ["down"] * 20


SUFFIXES = ["\r", "\n", "\t", "\x03", "\x04", "\r\n", "\t\r", "\x03\r\n", "\r\r"]
PREFIXES = ["", "\x02", "\r", "\n", "\x02\x02"]


@pytest.mark.parametrize("suffix", SUFFIXES, ids=repr)
@pytest.mark.parametrize("prefix", PREFIXES, ids=repr)
@pytest.mark.parametrize("gap", [0.0, 0.001, 0.02, 0.045])
def test_a_number_is_taken_whatever_the_scanner_sends_around_it(prefix: str, suffix: str, gap: float) -> None:
    assert acted(burst(f"{prefix}0110{suffix}", gap=gap), Takes.NUMBERS) == [*"0110", "end"]


@pytest.mark.parametrize(
    "text", ["0110\r", "r110\r", "\x02s-1t\x03", "k12345\n", "\rp1\t", "0110\r0111\r", "aaaa"]
)
@pytest.mark.parametrize("gap", [0.0, 0.001, 0.02, 0.045])
def test_a_number_that_is_scanned_elsewhere_does_nothing(text: str, gap: float) -> None:
    assert acted(burst(text, gap=gap)) == []


def test_a_second_number_in_the_same_burst_is_named_and_not_called() -> None:
    for end in ("\r", "\n", "\t", "\r\n"):
        assert acted(burst(f"0110{end}0111{end}"), Takes.NUMBERS) == [*"0110", "end", "second: 0111"]
    two = acted(burst("\x020110\x03\x020111\x03"), Takes.NUMBERS)
    assert two == [*"0110", "end", "second: 0111"]


def test_two_numbers_one_after_another_are_both_taken() -> None:
    keys = burst("0110\r", 10.0) + burst("0111\r", 10.2)
    assert acted(keys, Takes.NUMBERS) == [*"0110", "end", *"0111", "end"]


def test_a_scan_into_a_text_presses_no_enter() -> None:
    assert acted(burst("0110\r"), Takes.TEXT) == [*"0110"]
    assert acted([("n", 10.0), ("o", 10.1), ("enter", 10.2)], Takes.TEXT) == ["n", "o", "enter"]
