"""How long a key waits before it acts, and where the edges of a burst and of a held key lie."""

from __future__ import annotations

import pytest

from station.tui.scanner import (
    CODE,
    DOUBT_SECONDS,
    GAP_SECONDS,
    MOST,
    REPEAT_SECONDS,
    Burst,
    Pressed,
    Presses,
    Takes,
)
from tests.station.tui.test_presses import acted, burst, key


def waits(*times: float, name: str = "enter") -> float | None:
    """How long the last of these keys waits."""
    presses = Presses()
    for at in times:
        presses.feed(key(name, at), Takes.KEYS)
    return presses.wait_seconds


def test_a_key_acts_within_a_tenth_of_a_second_and_not_before_a_scanner_could_go_on() -> None:
    wait = waits(10.0)
    assert wait is not None
    assert GAP_SECONDS < wait <= 0.1
    assert waits(10.0, 10.0 + 1.5) == wait, "as long as nobody can take it for held"


@pytest.mark.parametrize("pause", [REPEAT_SECONDS, 0.75, 1.0, 1.25])
def test_a_key_that_may_be_held_waits_until_its_next_repeat_would_have_come(pause: float) -> None:
    wait = waits(0.0, pause)
    assert wait is not None
    assert 0.2 < wait <= 0.3


def test_what_comes_exactly_at_an_edge_is_a_new_press() -> None:
    assert acted([("r", 0.0), ("r", REPEAT_SECONDS)], soon=True) == ["r", "r"]
    assert waits(0.0, DOUBT_SECONDS) == waits(0.0)
    assert acted([("r", 0.0), ("k", GAP_SECONDS)]) == ["r", "k"], "no burst any more"


def test_nothing_waits_where_nothing_was_pressed_or_a_character_is_written() -> None:
    presses = Presses()
    assert presses.wait_seconds is None
    presses.feed(key("1", 10.0), Takes.NUMBERS)
    assert presses.wait_seconds is None
    assert presses.release() == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("01\r", [*"01", "enter"]),
        ("01\r\r", [*"01", "enter"]),
        ("01\t", [*"01"]),
        ("011\r", [*"011", "end"]),
        ("011\r\r", [*"011", "end"]),
        (f"0110\r{'1' * (MOST + 6)}\r", [*"0110", "end", f"second: {'1' * MOST}"]),
    ],
)
def test_three_characters_in_one_burst_are_a_number_and_two_are_a_persons(
    text: str, found: list[str]
) -> None:
    assert len("011") == CODE
    assert acted(burst(text), Takes.NUMBERS) == found


def test_the_end_of_a_number_has_the_time_at_which_it_came() -> None:
    presses = Presses()
    for char, at in burst("0110"):
        presses.feed(key(char, at), Takes.NUMBERS)
    [end] = presses.feed(key("\t", 10.016), Takes.NUMBERS)
    assert isinstance(end, Pressed)
    assert (end.event.key, end.event.time, end.scanned, end.waited) == ("enter", 10.016, True, False)


def test_a_key_that_had_to_wait_says_so() -> None:
    presses = Presses()
    presses.feed(key("r", 10.0), Takes.KEYS)
    [waited] = presses.release()
    assert isinstance(waited, Pressed)
    assert (waited.event.key, waited.waited, waited.scanned) == ("r", True, False)


def test_a_burst_is_counted_from_its_first_character_and_ends_with_any_other_key() -> None:
    seen = Burst()
    assert seen.length == 0
    found = [(seen.feed(key(char, at)), seen.length) for char, at in burst("0110")]
    assert found == [(False, 1), (True, 2), (True, 3), (True, 4)]
    assert seen.feed(key("\r", 10.016))
    assert not seen.feed(key("1", 10.02)), "after Enter a new one begins"
    assert seen.length == 1
    assert not seen.feed(key("2", 20.0))
    assert seen.length == 1
    edge = Burst()
    edge.feed(key("1", 0.0))
    assert not edge.feed(key("2", GAP_SECONDS))
