"""What commands read and write where no person is: NUL, pipes, files of other code pages."""

from __future__ import annotations

import io
import json
import sys
from threading import Event

import pytest

from config.base.errors import ConfigError
from station.commands.proofs import _agreed
from station.commands.record import stop_on_enter
from station.words import talk


@pytest.mark.parametrize(("typed", "stopped"), [("", False), ("\n", True), ("x\n", True)])
def test_only_a_key_ends_a_take_and_not_the_end_of_the_input(typed: str, stopped: bool) -> None:
    stop = Event()
    stop_on_enter(io.StringIO(typed), stop)
    assert stop.is_set() is stopped


def test_a_keyboard_that_is_taken_away_ends_no_take() -> None:
    keyboard, stop = io.StringIO(), Event()
    keyboard.close()
    stop_on_enter(keyboard, stop)
    assert not stop.is_set()


@pytest.mark.parametrize("encoding", ["utf-8", "cp936", "cp1252"])
def test_json_is_utf_8_in_any_pipe(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    talk.document({"name": "张😀", "file": "\udcff.wav"})
    assert json.loads(raw.getvalue().decode("utf-8")) == {"name": "张😀", "file": "\udcff.wav"}


def test_json_on_a_console_of_another_encoding_has_ascii_only(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp936"))
    monkeypatch.setattr(talk, "is_console", lambda stream: True)
    talk.document({"name": "张"})
    assert raw.getvalue().isascii()
    assert json.loads(raw.getvalue()) == {"name": "张"}


def test_who_can_not_be_asked_removes_nothing_and_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(ConfigError) as caught:
        _agreed(3)
    assert "--yes" in str(caught.value.todo)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert _agreed(3)
