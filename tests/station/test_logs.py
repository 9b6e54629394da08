"""The log where Windows holds files that are open, and with letters that are none."""

from __future__ import annotations

import faulthandler
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.run import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Handlers of pytest and its crash file stay as they were."""
    root, raising = logging.getLogger(), logging.raiseExceptions
    handlers, level = list(root.handlers), root.level
    was_on = faulthandler.is_enabled()
    yield
    logs.close_logs()
    root.handlers, logging.raiseExceptions = handlers, raising
    root.setLevel(level)
    if was_on:
        faulthandler.enable()


def test_nothing_is_lost_when_the_log_can_not_be_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody has it open in an editor."""
    logs.log_to(tmp_path)

    def held(source: str, target: str) -> None:
        raise PermissionError(13, "in use by another process")

    monkeypatch.setattr("os.rename", held)
    monkeypatch.setattr(logs.log, "disabled", False)
    for handler in logging.getLogger().handlers:
        assert isinstance(handler, logs.Log)
        handler.maxBytes = 200
    for number in range(20):
        logs.log.info("line %d", number)
    text = (tmp_path / "station.log").read_text(encoding="utf-8")
    assert [f"line {number}\n" in text for number in range(20)] == [True] * 20


def test_a_name_that_is_no_text_is_written_all_the_same(tmp_path: Path) -> None:
    logs.log_to(tmp_path)
    logs.log.info("file %s", "\udcff.wav")
    assert "\\udcff.wav" in (tmp_path / "station.log").read_text(encoding="utf-8")


def test_files_are_let_go_so_that_their_folder_can_be_removed(tmp_path: Path) -> None:
    logs.log_to(tmp_path)
    crashes = logs._open[0]
    handlers = [handler for handler in logging.getLogger().handlers if isinstance(handler, logs.Log)]
    logs.close_logs()
    assert crashes.closed
    assert all(handler.stream is None or handler.stream.closed for handler in handlers)
    assert not any(isinstance(handler, logs.Log) for handler in logging.getLogger().handlers)


@pytest.mark.parametrize(("wish", "told"), [("debug", True), (" DEBUG", True), ("", False), ("loud", False)])
def test_a_technician_who_asks_for_details_finds_them_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: str, told: bool
) -> None:
    monkeypatch.setenv(logs.DETAIL, wish)
    logs.log_to(tmp_path)
    logging.getLogger("uploader.send").debug("a small step")
    logging.getLogger("urllib3").debug("a header with a token")
    logs.close_logs()
    written = (tmp_path / "station.log").read_text(encoding="utf-8")
    assert ("a small step" in written) is told
    assert "token" not in written


def test_nothing_secret_is_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the token, nor what a server put into an address; not in a traceback either."""
    monkeypatch.setenv("STATION_TOKEN", "geheim-123")
    monkeypatch.setattr(logs.log, "disabled", False)
    logs.log_to(tmp_path)
    logs.log.warning("%s is gone", "https://centre.example/files/1?X-Signature=abcdef&e=1")
    logs.log.warning("sent with %r", {"Authorization": "Bearer eyJhbGciOi.J9"})
    logs.log.warning("http://me:passwort@centre.example/files/")
    try:
        raise ValueError("the token is geheim-123")
    except ValueError:
        logs.log.exception("broken")
    logs.close_logs()
    text = (tmp_path / "station.log").read_text(encoding="utf-8")
    for secret in ("geheim-123", "abcdef", "eyJhbGciOi", "passwort"):
        assert secret not in text
    for kept in ("https://centre.example/files/1?***", "Bearer ***", "@centre.example", "ValueError"):
        assert kept in text
