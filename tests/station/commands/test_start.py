"""`station start`: who double-clicks finds their settings, and nothing is written into the bundle."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from station.commands import start
from station.release import Release
from tests.station.commands.called import station


def test_the_first_start_writes_samples_and_says_what_to_do(tmp_path: Path) -> None:
    home = tmp_path / "我的 文档"
    code, _, told = station("start", "--home", home)
    assert code == 2
    assert f"were written to {home}" in told
    assert "start again" in told
    assert (home / "station.toml").is_file()


def test_the_second_start_takes_the_settings_that_are_there(tmp_path: Path) -> None:
    station("start", "--home", tmp_path)
    (tmp_path / "station.toml").write_text("[statoin]\n", encoding="utf-8")
    code, _, told = station("start", env={"STATION_HOME": str(tmp_path)})
    assert code == 2
    assert f"Settings: {tmp_path / 'station.toml'}" in told
    assert "unknown key “statoin”" in told
    assert (tmp_path / "station.toml").read_text(encoding="utf-8") == "[statoin]\n"


@pytest.mark.timeout(120)
def test_the_self_test_leaves_its_page_beside_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its checks have tests of their own: here they end at once, since nothing is served."""
    station("start", "--home", tmp_path)
    toml = tmp_path / "station.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('"builtin"', '"none"'), encoding="utf-8")
    code, out, _ = station("start", "--selftest", "--home", tmp_path)
    assert code == 1
    assert "[-]  Files of the software" in out
    assert "<!doctype html>" in (tmp_path / start.REPORT).read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="the documents of Windows have no variable")
def test_without_a_folder_the_documents_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path))
    assert start.place(None) == tmp_path / "演唱测试" / "station.toml"


def test_settings_that_the_district_put_into_the_bundle_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "installed", lambda: Release(tmp_path, "", {}))
    documents = platformdirs.user_documents_path() / "演唱测试" / "station.toml"
    assert start.place(None) == documents
    (tmp_path / "station.toml").touch()
    assert start.place(None) == tmp_path / "station.toml"
    assert start.place(tmp_path / "home") == tmp_path / "home" / "station.toml"


@pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")
def test_samples_from_a_read_only_stick_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from config import samples

    stick = tmp_path / "stick" / "kit"
    stick.mkdir(parents=True)
    (stick / "kit.toml").touch(0o444)
    stick.chmod(0o555)
    monkeypatch.setattr(samples, "FOLDER", tmp_path / "stick")
    monkeypatch.setattr(samples, "NAMES", ("kit",))
    samples.write_samples(tmp_path / "home")
    stick.chmod(0o755)
    kit = tmp_path / "home" / "kit"
    assert kit.stat().st_mode & 0o200
    assert (kit / "kit.toml").stat().st_mode & 0o200
