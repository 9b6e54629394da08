"""What is installed elsewhere is whole: every file of the packages is in the wheel, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("station", "audio", "uploader", "config", "board")
NEEDED = (
    "station/tui/station.tcss",
    "station/words/locale/zh_CN/LC_MESSAGES/tui.mo",
    "station/words/locale/zh_CN/LC_MESSAGES/click.mo",
    "config/samples/station.toml",
    "config/samples/kit/kit.toml",
    "config/samples/phrase.wav",
    "station/py.typed",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    (found,) = folder.glob("*.whl")
    return found


def test_wheel_has_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    there = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert packed == there
    assert set(NEEDED) <= packed


def test_wheel_names_what_it_needs_and_its_command(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        folder = next(name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name)
        entry_points = archive.read(f"{folder}/entry_points.txt").decode("utf-8")
        facts = message_from_string(archive.read(f"{folder}/METADATA").decode("utf-8"))
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())
    assert "station = station.__main__:main" in entry_points
    needed = [line for line in facts.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert len(needed) == len(project["dependencies"])
    assert facts["License-Expression"] == "MIT"


def test_wheel_runs_without_the_project_folder(wheel: Path, tmp_path: Path) -> None:
    """From the wheel alone, as a package path of its own."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "import station, config; assert 'site' in station.__file__ and 'site' in config.__file__\n"
        "from station.commands.cli import run_cli; sys.exit(run_cli(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "site"), "init", str(tmp_path / "home")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "home" / "kit" / "kit.toml").is_file()
