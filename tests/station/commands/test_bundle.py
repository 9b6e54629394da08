"""What doctor and self-test say of a bundle, of a changed one, and of an installation that is none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from config.samples import write_samples
from station.release import LIST, digests, listing
from tests.station.commands.called import station
from tests.tools.environment import ROOT

PACKAGES = ("station", "audio", "uploader", "config")
CHANGED = "app/station/run/pace.py"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bundle") / "演唱 测试"
    for package in PACKAGES:
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, root / "app" / package, ignore=unwanted)
    (root / LIST).write_bytes(listing(digests(root)))
    return root


@pytest.fixture
def bundle(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "bundle")


@pytest.fixture
def changed(bundle: Path) -> Path:
    content = bytearray((bundle / CHANGED).read_bytes())
    content[3] ^= 1
    (bundle / CHANGED).write_bytes(content)
    return bundle


def run(bundle: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """The station of the bundle, as a process that leaves no byte code there."""
    return station(*arguments, env={"PYTHONDONTWRITEBYTECODE": "1"}, cwd=bundle / "app")


def doctor(bundle: Path, *arguments: str | Path) -> tuple[str, dict[str, object]]:
    """The release that doctor tells, and what it says of the files."""
    code, out, _ = run(bundle, "doctor", "--json", *arguments)
    found = json.loads(out)
    (check,) = (check for check in found["checks"] if check["id"] == "release")
    assert code == 0
    return found["release"], check


@pytest.mark.costly
def test_doctor_tells_the_release_and_that_all_files_are_its(bundle: Path) -> None:
    release, check = doctor(bundle)
    assert (len(release), check["outcome"]) == (64, "ok")
    assert f"those of release {release[:12]}…" in str(check["what"])


def test_doctor_names_a_module_with_one_changed_byte(changed: Path) -> None:
    _, out, _ = run(changed, "doctor")
    assert f"[X]  Files of the software: Not as in this release: {CHANGED} (1 in all)." in out


@pytest.mark.costly
def test_selftest_fails_with_one_changed_byte(changed: Path, tmp_path: Path) -> None:
    write_samples(tmp_path / "home")
    settings = tmp_path / "home" / "station.toml"
    code, out, _ = run(changed, "selftest", "--config", settings, "--only", "release", "--json")
    (check,) = json.loads(out)["checks"]
    assert (code, check["numbers"]["changed"]) == (1, [CHANGED])


@pytest.mark.costly
@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize(("asked", "outcome"), [("this", "ok"), ("another", "fail")])
def test_the_release_of_the_settings_is_compared(
    bundle: Path, tmp_path: Path, asked: str, outcome: str
) -> None:
    release, _ = doctor(bundle)
    wanted = release.upper() if asked == "this" else "0" * 64
    write_samples(tmp_path / "home")
    settings = tmp_path / "home" / "station.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("[station]", f'[station]\nrelease = "sha256:{wanted}"'), encoding="utf-8"
    )
    _, check = doctor(bundle, "--config", settings)
    assert check["outcome"] == outcome
    assert ("asks for 000000000000…" in str(check["what"])) is (asked == "another")


@pytest.mark.costly
def test_a_damaged_list_is_said_and_stops_nothing(bundle: Path) -> None:
    (bundle / LIST).write_bytes(b"\x00")
    release, check = doctor(bundle)
    assert "RELEASE.sha256, is damaged" in release
    assert check["outcome"] == "fail"


def test_sources_are_no_bundle_and_that_is_said(tmp_path: Path) -> None:
    code, out, _ = station("doctor", "--json", "--config", tmp_path / "none.toml")
    found = json.loads(out)
    (check,) = found["checks"]
    assert (code, found["release"], check["outcome"]) == (0, "not a bundle", "skipped")
    assert "it has no list of files" in str(check["what"])


def test_settings_that_ask_for_a_release_fail_where_there_is_none(
    config: Callable[[str, str], Path],
) -> None:
    settings = config("[station]", f'[station]\nrelease = "{"0" * 64}"')
    code, out, _ = station("selftest", "--config", settings, "--only", "release", "--json")
    assert (code, json.loads(out)["checks"][0]["outcome"]) == (1, "fail")
