"""Codes of persons: what is stored tells nobody the code, and what nobody stored is never right."""

from __future__ import annotations

import pytest

from station.run.pins import fits, is_code, kept


def test_a_code_is_known_again_and_stands_nowhere() -> None:
    stored = kept("204711")
    assert "204711" not in stored
    assert is_code("204711", stored)
    assert not is_code("204712", stored)
    assert stored != kept("204711"), "two persons with one code don't look alike"


@pytest.mark.parametrize("stored", ["", "204711", "scrypt:", "scrypt:xx:yy", "scrypt::", "plain:00:00"])
def test_what_nobody_stored_is_no_code(stored: str) -> None:
    assert not is_code("204711", stored)


@pytest.mark.parametrize("code", ["", "12345", "12345a", "\uff11" * 6, "²²²²²²", "1" * 33])
def test_a_code_has_six_digits_or_more(code: str) -> None:
    assert not fits(code)
    assert fits("123456")
