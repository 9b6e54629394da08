"""Numbers as Excel shows them, by its own rules: what the child's list has on paper is the child's number."""

from __future__ import annotations

import pytest

from config.roster.numberformat import number_format


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0000", 101, "0101"),
        ("0000", 20101, "20101"),
        ('"A"000-000', 3105, "A003-105"),
        ("#0000", 101, "0101"),
        ("0###", 101, "0101"),
        ("??0000", 101, "0101"),
        ("000 000", 3105, "003 105"),
        ("0000_)", 101, "0101"),
        ("* 0000", 101, "0101"),
        ("[Red]0000", 101, "0101"),
        ("0000;-0000", 0, "0000"),
        ("0000;-0000;0", 0, "0"),
        ('"a;b"00', 1, "a;b01"),
        ("[<=9999]0000;000000", 101, "0101"),
        ("[<=9999]0000;000000", 10101, "010101"),
        ("[>9999]000000;0000", 101, "0101"),
        ('[>=1000][Blue]"A"0000;[>=100]"B"0000;0000', 1234, "A1234"),
        ('[>=1000][Blue]"A"0000;[>=100]"B"0000;0000', 234, "B0234"),
        ('[>=1000][Blue]"A"0000;[>=100]"B"0000;0000', 34, "0034"),
        ("[=5]000;0000", 5, "005"),
        ("[<>5]000;0000", 5, "0005"),
        ("[>9999]0;0000", 12345, "12345"),
    ],
)
def test_a_number_is_read_as_its_cell_shows_it(code: str, value: int, shown: str) -> None:
    shape = number_format(code)
    assert shape is not None
    assert shape.show(value) == shown


@pytest.mark.parametrize("code", ["", "General", "0", "#,##0", "#", "0.00", "yyyy-mm-dd", "@", "0" * 300])
def test_other_formats_leave_the_number(code: str) -> None:
    assert number_format(code) is None


def test_a_section_that_adds_nothing_leaves_the_number() -> None:
    shape = number_format("[>9999]#,##0;0000")
    assert shape is not None
    assert shape.show(12345) == "12345"
    assert shape.show(101) == "0101"
