"""The list of a bundle's files: what was changed, is missing or was added is named."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from config.base.errors import DiskError
from station.release import LIST, Differences, Release, compare, digests, installed, listing, parse

FILES = {
    "app/station/release.py": b"print(1)\n",
    "app/numpy/算.pyd": b"\x00\x01",
    "python/python.exe": b"MZ",
    "station.cmd": b"@echo off\r\n",
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    root = tmp_path / "张老师 U盘" / "station"
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / LIST).write_bytes(listing(digests(root)))
    return root


def here(bundle: Path) -> Release:
    release = installed(bundle / "app" / "station" / "release.py")
    assert release is not None
    return release


def test_an_untouched_bundle_is_as_listed(bundle: Path) -> None:
    release = here(bundle)
    assert set(release.files) == set(FILES)
    assert release.digest == hashlib.sha256((bundle / LIST).read_bytes()).hexdigest()
    assert compare(release) == Differences()


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_named(bundle: Path, name: str) -> None:
    content = bytearray((bundle / name).read_bytes())
    content[-1] ^= 1
    (bundle / name).write_bytes(content)
    assert compare(here(bundle)) == Differences(changed=(name,))


def test_what_is_missing_and_what_was_added_is_named(bundle: Path) -> None:
    (bundle / "python/python.exe").unlink()
    (bundle / "app/station/helper.py").write_bytes(b"")
    found = compare(here(bundle))
    assert found == Differences(missing=("python/python.exe",), added=("app/station/helper.py",))
    assert (bool(found), found.count) == (True, 2)


def test_own_files_beside_the_folders_of_the_bundle_are_no_difference(bundle: Path) -> None:
    (bundle / "station.toml").write_bytes(b"")
    (bundle / "data" / "takes").mkdir(parents=True)
    (bundle / "data" / "takes" / "0107.wav").write_bytes(b"RIFF")
    assert not compare(here(bundle))


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_anybody_can_check_the_list_without_the_station(bundle: Path) -> None:
    command = ["sha256sum", "--strict", "--quiet", "-c", LIST]
    assert subprocess.run(command, cwd=bundle, capture_output=True).returncode == 0
    (bundle / "station.cmd").write_bytes(b"format c:\r\n")
    done = subprocess.run(command, cwd=bundle, capture_output=True, encoding="utf-8")
    assert (done.returncode, "station.cmd" in done.stdout) == (1, True)


def test_sources_are_no_bundle(tmp_path: Path) -> None:
    assert installed() is None
    (tmp_path / "station").mkdir()
    (tmp_path.parent / LIST).write_bytes(b"")
    assert installed(tmp_path / "station" / "release.py") is None


DIGEST = b"0" * 64


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"hello\n",
        DIGEST + b"  ../../home/secret\n",
        DIGEST + b"  /etc/passwd\n",
        DIGEST + b"  C:/windows/win.ini\n",
        DIGEST + b"  a\\b\n",
        DIGEST + b" *a\n",
        DIGEST[:-1] + b"  a\n",
        (DIGEST + b"  app/" + b"a" * 200 + b"\n") * 40_000,
    ],
)
def test_a_list_that_is_none_is_a_sentence(content: bytes) -> None:
    with pytest.raises(DiskError, match=r"RELEASE.sha256, is damaged"):
        parse(content)
