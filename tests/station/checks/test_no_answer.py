"""A check that can't be made on a computer is skipped with its reason; it is neither broken nor failed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from config.disk import datadir
from config.disk.datadir import existing
from config.settings import DataSection, Settings
from station.checks.bench import Bench
from station.checks.catalogue import BY_ID, CHECKS
from station.checks.check import Check, Finding, Group, NoAnswerError, Outcome, ask, ok
from station.checks.computer import hardware, restart, system
from station.checks.fingerprint import NOTHING, fingerprint
from station.checks.runner import run_check

ERRORS: list[Exception] = [
    FileNotFoundError(2, "The system cannot find the file specified"),
    OSError(22, "The parameter is incorrect"),
    PermissionError(13, "Access is denied"),
    psutil.AccessDenied(4),
    psutil.NoSuchProcess(4),
    subprocess.TimeoutExpired("powercfg", 8),
    NotImplementedError(),
]


def check_of(run: Callable[[Bench], Finding], asks: bool) -> Check:
    return Check("x", Group.COMPUTER, "X", "why", "how", run, asks=asks)


def raising(error: Exception) -> Callable[..., Finding]:
    def run(*arguments: object, **options: object) -> Finding:
        raise error

    return run


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_the_system_does_not_tell_is_skipped_with_its_reason(
    error: Exception, settings: Settings
) -> None:
    found = run_check(check_of(raising(error), asks=True), Bench(settings)).finding
    assert found.outcome is Outcome.SKIPPED
    text = str(found.what)
    assert text.startswith("Not tested, since this computer does not tell it: ")
    assert "Error" not in text.removeprefix("Not tested") or isinstance(error, NotImplementedError)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_the_station_itself_can_not_do_has_failed_with_advice(
    error: Exception, settings: Settings
) -> None:
    found = run_check(check_of(raising(error), asks=False), Bench(settings)).finding
    assert found.outcome is Outcome.FAIL
    assert found.todo is not None
    assert "broke" not in str(found.what)


def test_a_question_within_such_a_check_is_only_a_question(settings: Settings) -> None:
    def run(bench: Bench) -> Finding:
        ask(raising(PermissionError(13, "Access is denied")))
        raise AssertionError

    found = run_check(check_of(run, asks=False), Bench(settings)).finding
    assert (found.outcome, "no permission" in str(found.what)) == (Outcome.SKIPPED, True)
    with pytest.raises(NoAnswerError):
        ask(raising(psutil.Error()))
    assert ask(lambda: 3) == 3


def test_a_system_without_powercfg_psutil_or_a_desktop_fails_no_check(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What psutil and the programs of the system say under Wine."""
    refuse = raising(OSError(22, "The parameter is incorrect"))
    for name in ("cpu_percent", "virtual_memory", "process_iter", "boot_time", "disk_partitions"):
        monkeypatch.setattr(psutil, name, refuse)
    monkeypatch.setattr(psutil, "sensors_battery", refuse, raising=False)
    monkeypatch.setattr(system, "_output", raising(FileNotFoundError(2, "no such program")))
    monkeypatch.setattr(system, "_restart_pending", raising(PermissionError(13, "Access is denied")))
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(restart, "memory_files", lambda root: [])
    asked = {"processor", "memory", "quarantine", "battery", "sleep", "restart_pending", "restart"}
    found = {name: run_check(BY_ID[name], Bench(settings)).finding for name in sorted(asked)}
    assert {name: finding.outcome for name, finding in found.items()} == dict.fromkeys(
        sorted(asked), Outcome.SKIPPED
    )
    drives = run_check(BY_ID["second_volume"], Bench(settings)).finding
    assert drives.outcome is Outcome.OK


def test_every_check_that_writes_or_records_says_that_it_failed() -> None:
    asking = {check.id for check in CHECKS if check.asks}
    assert not asking & {"disk_speed", "restart", "device", "opens", "capture", "server", "kit", "roster"}
    assert asking >= {"sleep", "battery", "memory", "processor", "restart_pending", "microphone_users"}


def test_an_empty_card_reader_does_not_hide_the_other_drives(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty, usage = Path("E:\\"), shutil.disk_usage

    def asked(path: Path) -> object:
        if path == empty:
            raise OSError(21, "The device is not ready")
        return usage(path)

    monkeypatch.setattr(hardware, "other_volumes", lambda path: [empty, tmp_path])
    monkeypatch.setattr(shutil, "disk_usage", asked)
    found = run_check(BY_ID["second_volume"], Bench(settings)).finding
    assert (found.outcome, found.numbers["volumes"]) == (Outcome.OK, 1)
    assert str(tmp_path) in str(found.what)
    assert ok(hardware.better_drive(Bench(settings))).what


def test_a_data_folder_on_a_drive_that_is_gone_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datadir, "is_there", lambda path: False)
    assert existing(Path("E:/data")) is None
    monkeypatch.undo()
    gone = settings.model_copy(update={"data": DataSection(dir=Path("/gone/data"))})
    for module in ("computer.hardware", "fingerprint"):
        monkeypatch.setattr(f"station.checks.{module}.existing", lambda path: None)
    found = run_check(BY_ID["disk_space"], Bench(gone)).finding
    assert found.outcome is Outcome.FAIL
    assert "drive of the data folder" in str(found.what)
    assert fingerprint(gone)["volume"] == NOTHING
