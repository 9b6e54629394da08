"""`station selftest --report` says where the page for the inspector is."""

from __future__ import annotations

from pathlib import Path

from tests.station.commands.called import station


def test_the_page_is_there_and_its_place_is_said(home: Path) -> None:
    page = home / "page.html"
    _, _, err = station(
        "selftest", "--only", "disk_space", "--report", page, "--config", home / "station.toml"
    )
    assert str(page) in err
    assert page.is_file()
