"""Chinese sentences fill their lines, and no sign stands where it may not."""
# ruff: noqa: RUF001 - the signs of both scripts

from __future__ import annotations

import pytest

from station.words.present import cells
from station.words.wrapping import CLOSES, OPENS, wrapped

TEXT = (
    "演唱测试 示例小学：还有 30 名学生待测（其中 2 名缺考，1 名中途停止）。请按 F10 键结束并封存；"
    "「还有没有送达的录音」请不要关机，F9 写表格。"
)


def joined(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("width", range(8, 81))
def test_no_line_begins_or_ends_with_a_sign_that_may_not_stand_there(width: int) -> None:
    lines = wrapped(TEXT, width).split("\n")
    assert joined("".join(lines)) == joined(TEXT), "nothing is lost"
    assert all(0 < cells(line) <= width for line in lines)
    assert not [line for line in lines if line[0] in CLOSES or line[-1] in OPENS]


@pytest.mark.parametrize("width", range(12, 81))
def test_a_number_stays_with_what_it_counts(width: int) -> None:
    for text in (TEXT, TEXT.replace(" ", "")):
        assert not [line for line in wrapped(text, width).split("\n") if line[-1].isdecimal()]


@pytest.mark.parametrize("width", range(30, 81))
def test_a_chinese_line_is_filled_before_the_next_begins(width: int) -> None:
    """What keeps a piece from the line is at most a number, or a name of a key, with its signs."""
    lines = wrapped(TEXT, width).split("\n")
    assert all(cells(line) > width - 12 for line in lines[:-1])


def test_english_is_broken_at_blanks_alone_and_what_is_too_long_wherever_it_must() -> None:
    assert wrapped("  Call a pupil (scan, or type).", 16) == "  Call a pupil\n  (scan, or\n  type)."
    assert wrapped("See /a/very/long/path/of/a/file now", 10).split("\n") == [
        "See",
        "/a/very/lo",
        "ng/path/of",
        "/a/file",
        "now",
    ]


def test_the_rows_of_a_table_go_on_below_their_last_column() -> None:
    assert wrapped("  1  Call a pupil (scan, or go).", 18) == "  1  Call a pupil\n     (scan, or\n     go)."
    assert wrapped("  学号 N   没听到就再放一遍", 22) == "  学号 N   没听到就再\n           放一遍"
    assert wrapped("  a name that is long   b c d e f", 30) == "  a name that is long   b c d\n  e f"


def test_lines_that_fit_stay_as_they_are() -> None:
    assert wrapped("  两  只  老  虎\n\n  F10   结束", 20) == "  两  只  老  虎\n\n  F10   结束"
    assert wrapped("   \n" + " " * 40, 20).split("\n") == ["   ", ""]
