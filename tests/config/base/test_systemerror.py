"""The system's words become sentences; what is not known stays as the system says it."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from config.base.systemerror import REASONS, reason_of, toml_fault
from station.words.i18n import render, set_language


def test_a_missing_file_is_said_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        (tmp_path / "roster.csv").read_bytes()
    reason = reason_of(caught.value)
    assert not isinstance(reason, str)
    set_language("zh_CN")
    try:
        assert render(reason) == "找不到文件"
    finally:
        set_language("en")


@pytest.mark.parametrize("code", sorted(REASONS))
def test_known_reasons_are_not_the_system_s_words(code: int) -> None:
    assert str(reason_of(OSError(code, "what the system says"))) == str(REASONS[code])


def test_a_list_that_is_open_in_excel_is_no_riddle() -> None:
    assert "another program" in str(reason_of(PermissionError(errno.EACCES, "Permission denied")))


def test_an_unknown_reason_is_the_system_s() -> None:
    assert reason_of(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"
    assert reason_of(OSError("no number")) == "no number"


def test_the_place_of_a_typing_error_is_told() -> None:
    text = str(toml_fault("kit.toml", ValueError("Invalid value (at line 6, column 8)")))
    assert "kit.toml" in text
    assert "line 6, column 8" in text
    assert "Invalid" not in text
    assert "ends too early" in str(toml_fault("kit.toml", ValueError("Unclosed array (at end of document)")))
