"""Pages and licences in a bundle, and for whom its wheels are."""

from __future__ import annotations

from pathlib import Path

import pytest

from station.release import LIST
from tests.folders import inside
from tests.tools.bundle import (
    launchers,
    licences,
    startpage,
    texts,
)
from tests.tools.bundle.platforms import PLATFORMS, Platform


@pytest.mark.parametrize("windows", [True, False])
def test_the_page_to_read_first_names_what_to_double_click_in_both_languages(
    windows: bool, tmp_path: Path
) -> None:
    startpage.put(windows, "some-platform", "0.2.0", tmp_path)
    text = (tmp_path / startpage.NAME).read_text(encoding="utf-8-sig")
    assert "@" not in text
    assert "some-platform" in text
    assert all(text.count(button.name) >= 2 for button in launchers.BUTTONS)
    assert ("apt install libportaudio2" in text) is not windows
    assert ("全部解压缩" in text) is windows


def test_a_word_that_is_not_given_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="english"):
        texts.filled("button.desktop", name="演练")


def test_every_package_has_its_licence_and_those_without_are_named(tmp_path: Path) -> None:
    app = tmp_path / "app"
    for name, extra in (("one", ["licenses/LICENSE", "licenses/THIRD"]), ("two", [])):
        info = app / f"{name}-1.0.dist-info"
        record = [f"{name}/__init__.py", *(f"{info.name}/{file}" for file in extra)]
        for file in record:
            (app / file).parent.mkdir(parents=True, exist_ok=True)
            (app / file).write_text(file, encoding="utf-8")
        info.mkdir(exist_ok=True)
        metadata = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: MIT\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        (info / "RECORD").write_text("".join(f"{file},,\n" for file in record), encoding="utf-8")
    (tmp_path / "python" / "Lib").mkdir(parents=True)
    (tmp_path / "python" / "Lib" / "LICENSE.txt").write_text("PSF", encoding="utf-8")
    assert licences.put(tmp_path) == ["two"]
    found = inside(tmp_path / "licences")
    assert {"LICENSE", "README.txt", "python/LICENSE.txt", "python/INSIDE.txt"} <= found
    assert {"one-1.0/licenses-LICENSE", "one-1.0/licenses-THIRD"} <= found
    lines = (tmp_path / "licences" / "README.txt").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == ["one-1.0: MIT", f"two-1.0: MIT ({licences.NONE})"]


def test_every_platform_says_for_whom_wheels_are(tmp_path: Path) -> None:
    def first(platform: Platform) -> str:
        return platform.system("3.13").platforms[0]

    assert {name: first(platform) for name, platform in PLATFORMS.items()} == {
        "windows-x86_64": "win_amd64",
        "linux-x86_64": "manylinux_2_28_x86_64",
        "linux-arm64": "manylinux_2_28_aarch64",
    }
    assert LIST == "RELEASE.sha256"
