"""Numbers of students as cells hold them."""

from __future__ import annotations

import pytest

from config.disk.filenames import RESERVED
from config.roster.excel import DateCell
from config.roster.studentid import EXACT_DIGITS, SAFE, clean_student_id


@pytest.mark.parametrize(
    ("cell", "student_id"),
    [
        ("0107", "0107"),
        (" 0107 ", "0107"),
        ("'0107", "0107"),
        ("G310105201501011234", "G310105201501011234"),
        ("4-2.17", "4-2.17"),
        ("a" * 40, "a" * 40),
        (107, "107"),
        (0, "0"),
        (107.0, "107"),
        (999999999999999.0, "999999999999999"),
        ("con1", "con1"),
    ],
)
def test_good_numbers_pass_silently(cell: object, student_id: str) -> None:
    assert clean_student_id(cell) == (student_id, None)


@pytest.mark.parametrize(
    ("cell", "student_id"),
    [
        ("\uff10\uff11\uff10\uff17", "0107"),
        ("\uff21\uff10\uff11", "A01"),
        ("4\uff0d2", "4-2"),
        ("\uff10\uff11\u3000", "01"),
    ],
)
def test_full_width_characters_are_repaired_and_said(cell: str, student_id: str) -> None:
    found, finding = clean_student_id(cell)
    assert found == student_id
    assert finding is not None
    assert finding[0] == "repaired"
    assert str(finding[1]) == f"“{cell.strip()}” was read as {student_id}."


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000", "'", True, False])
def test_missing_numbers(cell: object) -> None:
    found, finding = clean_student_id(cell)
    assert found is None
    assert finding is not None
    assert (finding[0], str(finding[1])) == ("error", "the number is missing.")


@pytest.mark.parametrize(
    "cell",
    ["1.23E+17", "3.10105E+17", "1e5", 3.10105e17, 1e15, 107.5, -1.0, float("inf"), float("nan"), 1e300],
)
def test_numbers_that_excel_has_shortened(cell: object) -> None:
    found, finding = clean_student_id(cell)
    assert found is None
    assert finding is not None
    assert finding[0] == "error"
    assert "Excel has shortened" in str(finding[1])


def test_dates_are_refused() -> None:
    found, finding = clean_student_id(DateCell("2025-03-12"))
    assert found is None
    assert finding is not None
    assert "2025-03-12 is a date" in str(finding[1])


@pytest.mark.parametrize(
    "cell",
    [
        "陈一诺",
        "01 07",
        "01/07",
        "..",
        "../etc",
        "0107.",
        "-1",
        ".5",
        "01_07",
        "01:07",
        "a" * 41,
        "01\x0007",
        "\x1b[2J",
        "a\nb",
        "9" * 10_000_000,
        *sorted(RESERVED),
        "NUL",
        "Com1.txt",
    ],
)
def test_unfit_characters_and_names_of_windows_devices(cell: str) -> None:
    found, finding = clean_student_id(cell)
    assert found is None
    assert finding is not None
    severity, message = finding
    assert severity == "error"
    assert len(str(message)) < 200
    assert str(message).isprintable()


def test_what_passes_is_fit_for_a_file_name() -> None:
    for code in [*range(0x250), *range(0x2000, 0x2100), *range(0xFF00, 0x10000), 0x4E00]:
        if 0xD800 <= code < 0xE000:
            continue
        found, _ = clean_student_id(f"a{chr(code)}b")
        assert found is None or (SAFE.fullmatch(found) and found.isascii())


def test_excel_keeps_fifteen_digits_exactly() -> None:
    exact = int("9" * EXACT_DIGITS)
    assert int(float(exact)) == exact
    assert clean_student_id(float(exact))[0] == str(exact)
