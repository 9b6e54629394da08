"""What `make` does before anything is installed: found wanting in one sentence, never half done."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import bootstrap, environment, system_packages, tusd, wheels
from tests.tools.environment import LOCK, ROOT
from tests.tools.lock import ADDRESS
from tests.tools.system_packages import Group, Package, replaced, trouble

ABSENT = Group("something", (Package("libsomething", lambda: False),))
PRESENT = Group("something", (Package("libsomething", lambda: True),))


def bare(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The bootstrap under a Python that sees the standard library only."""
    return subprocess.run(
        [sys.executable, "-S", "-E", "-m", "tests.tools", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


# --- targets


def test_help_needs_nothing_installed() -> None:
    done = bare("help")
    assert done.returncode == 0, done.stderr
    assert all(f"  {name}" in done.stdout for name in bootstrap.TARGETS)


def test_unknown_target_is_a_sentence() -> None:
    done = bare("dmeo")
    assert done.returncode == 2
    assert "There is no target “dmeo”." in done.stdout
    assert done.stderr == ""


def test_every_target_is_in_the_makefile_and_says_what_it_does() -> None:
    line = re.search(r"^TARGETS := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line is not None
    assert {*line[1].split(), "help"} == set(bootstrap.TARGETS)
    assert all(target.__doc__ for target in bootstrap.TARGETS.values())


def test_every_target_starts_a_module_that_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []

    def run(*arguments: str) -> int:
        started.append(arguments[1])
        return 0

    monkeypatch.setattr(bootstrap, "run", run)
    monkeypatch.setattr(system_packages, "provide_for_tests", lambda: None)
    monkeypatch.setattr(system_packages, "provide_for_demo", lambda: None)
    own = (*bootstrap.BARE, "check", "test")
    for name, target in bootstrap.TARGETS.items():
        if name not in own:
            before = len(started)
            assert target([]) == 0
            assert len(started) > before, f"make {name} starts nothing"
    assert {"tests.tools.wheels", "tests.bench.upload", "station"} <= set(started)
    assert [name for name in set(started) if importlib.util.find_spec(name) is None] == []


# --- the environment


def test_environment_fits_only_what_it_was_made_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_bytes(LOCK.read_bytes())
    monkeypatch.setattr(environment, "LOCK", lock)
    before = environment.fingerprint()
    assert environment.fingerprint() == before
    lock.write_bytes(LOCK.read_bytes() + b"# more\n")
    assert environment.fingerprint() != before
    monkeypatch.setattr(environment, "LOCK", LOCK)
    assert environment.fingerprint() == before


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '"text"'])
def test_broken_stamp_means_a_new_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    stamp = tmp_path / "stamp.json"
    stamp.write_text(content, encoding="utf-8")
    monkeypatch.setattr(environment, "STAMP", stamp)
    assert environment.stamped() == {}


def test_reason_is_the_line_that_names_the_error() -> None:
    output = "Collecting a\nERROR: Could not find a version\nWARNING: retry\nsome more\n"
    assert environment.reason(output) == "ERROR: Could not find a version"
    assert environment.reason("first\nlast\n") == "last"
    assert environment.reason("") == "no reason given"


# --- system packages


def test_what_a_simulated_installation_would_remove_or_upgrade() -> None:
    simulation = (
        "NOTE: This is only a simulation!\n"
        "Remv pipewire-pulse [0.3.65-3]\n"
        "Inst libasound2 [1.2.8-1] (1.2.8-2 Debian:12 [amd64])\n"
        "Inst pulseaudio (16.1+dfsg1-2 Debian:12 [amd64])\n"
        "Conf pulseaudio (16.1+dfsg1-2 Debian:12 [amd64])\n"
    )
    assert replaced(simulation) == ["pipewire-pulse", "libasound2"]
    assert replaced("Inst pulseaudio (16.1+dfsg1-2 Debian:12 [amd64])\n") == []


class Apt:
    """Stands in for apt-get; remembers what it was asked."""

    def __init__(self, simulated: str = "", code: int = 0) -> None:
        self.simulated, self.code = simulated, code
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        self.asked.append(arguments)
        return subprocess.CompletedProcess(arguments, self.code, self.simulated, "E: broken")

    @property
    def installed(self) -> bool:
        return any(arguments[0] == "install" for arguments in self.asked)


@pytest.fixture
def rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_packages, "privilege", tuple)


@pytest.mark.usefixtures("rights")
def test_packages_are_added_only_where_nothing_else_changes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    apt = Apt("Inst libsomething (1.0 Debian:12 [amd64])\n")
    monkeypatch.setattr(system_packages, "apt", apt)
    assert trouble(PRESENT) is None
    assert apt.asked == []
    assert trouble(ABSENT) is None
    assert apt.installed
    assert apt.asked[0][0] == "--simulate"
    assert "Adding system packages for something: libsomething" in capsys.readouterr().out


@pytest.mark.usefixtures("rights")
def test_packages_that_replace_others_are_not_added(monkeypatch: pytest.MonkeyPatch) -> None:
    apt = Apt("Remv pipewire-pulse [0.3]\nInst libsomething (1.0)\n")
    monkeypatch.setattr(system_packages, "apt", apt)
    assert trouble(ABSENT) == "it would remove or replace pipewire-pulse"
    assert not apt.installed


@pytest.mark.usefixtures("rights")
def test_packages_that_are_not_found_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    apt = Apt(code=100)
    monkeypatch.setattr(system_packages, "apt", apt)
    assert trouble(ABSENT) == "apt-get does not find the packages"
    assert ("update",) in apt.asked
    assert not apt.installed


@pytest.mark.parametrize(
    ("apt_there", "rights", "says"),
    [(False, True, "this system has no apt-get"), (True, False, "needs administrator rights")],
)
def test_without_apt_or_rights_nothing_is_tried(
    monkeypatch: pytest.MonkeyPatch, apt_there: bool, rights: bool, says: str
) -> None:
    apt = Apt()
    monkeypatch.setattr(system_packages, "apt", apt)
    monkeypatch.setattr("shutil.which", lambda name: name if apt_there else None)
    monkeypatch.setattr(system_packages, "privilege", lambda: () if rights else None)
    assert says in str(trouble(ABSENT))
    assert apt.asked == []


@pytest.mark.skipif(sys.platform != "linux", reason="packages are added on Linux only")
@pytest.mark.parametrize("ci", [True, False])
def test_dozens_of_packages_are_added_only_where_a_machine_exists_for_tests(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: bool
) -> None:
    provided: list[Group] = []
    monkeypatch.setattr(system_packages, "provide", provided.append)
    monkeypatch.setattr(system_packages, "HEAVY", (ABSENT,))
    monkeypatch.setenv("CI", "true" if ci else "")
    system_packages.provide_for_tests()
    assert (ABSENT in provided) is ci
    assert ("Skipped: something." in capsys.readouterr().out) is not ci


# --- the lock


def test_lock_has_a_hash_for_everything_and_no_address() -> None:
    text = LOCK.read_text(encoding="utf-8")
    packages = re.findall(
        r"^[a-z0-9][^\n]*(?:\\\n(?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n?)+)", text, re.MULTILINE
    )
    named = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)
    assert len(packages) == len(named) > 30
    assert not ADDRESS.search(text)


@pytest.mark.parametrize("python", wheels.PYTHONS)
def test_lock_has_every_run_time_package_for_windows(python: str) -> None:
    """That each has a wheel there is proven from the index: `make wheels`."""
    versions = wheels.locked(wheels.windows(python))
    needed = wheels.run_time(wheels.windows(python))
    assert {"textual", "numpy", "sounddevice", "cryptography", "resumable-upload"} <= needed
    assert "linkify-it-py" in needed, "textual asks for markdown-it-py[linkify]"
    assert needed <= set(versions)


# --- a server in Go


def test_without_go_tusd_is_left_out_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tusd, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tusd.main() == 0
    assert capsys.readouterr().out == "Skipped: tests against tusd, because Go is not installed.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="go is a script here")
def test_a_build_that_fails_says_why_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    go = tmp_path / "go"
    go.write_text("#!/bin/sh\necho 'dial tcp: no such host' >&2\nexit 1\n", encoding="utf-8")
    go.chmod(0o755)
    monkeypatch.setattr(tusd, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tusd.main() == 0
    assert "because go failed: dial tcp: no such host." in capsys.readouterr().out
    assert not list((tmp_path / "cache").iterdir())


def test_an_installed_tusd_serves_and_nothing_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = tmp_path / ("tusd.exe" if os.name == "nt" else "tusd")
    installed.touch(mode=0o755)
    monkeypatch.setattr(tusd, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tusd.main() == 0
    assert (tusd.program(), capsys.readouterr().out) == (installed, "")


@pytest.mark.parametrize("name", ["go.mod", "go.sum", "main.go"])
def test_a_change_of_the_program_is_built_anew(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    before = tusd.program()
    changed = shutil.copytree(tusd.SOURCE, tmp_path / "source")
    monkeypatch.setattr(tusd, "SOURCE", changed)
    assert tusd.program() == before
    with (changed / name).open("a", encoding="utf-8") as file:
        file.write("// changed\n")
    assert tusd.program() != before
