"""Every check of computer, restart and material against its fault: exactly that check fails, with advice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections import namedtuple
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from config.message import say
from config.settings import Settings
from station.checks import computer, material, restart, system
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, Outcome, ok
from station.checks.runner import run_check, run_checks

CHECKS = (*material.CHECKS, *computer.CHECKS, *system.CHECKS, *restart.CHECKS)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What this machine happens to be must not decide."""
    monkeypatch.setattr(psutil, "cpu_percent", lambda interval: 3.0)
    monkeypatch.setattr(restart, "memory_file", lambda root: tmp_path / "memory" / "restart.json")
    monkeypatch.setattr(system, "_restart_pending", lambda: False)
    monkeypatch.setattr(system, "_output", lambda *command: "Noto Sans CJK SC\n")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=4e9, total=8e9))
    monkeypatch.setattr(computer, "FSYNCS", 3)
    monkeypatch.setattr(computer, "own_share", lambda: 99.0)


def run(settings: Settings, checks: tuple[Check, ...] = CHECKS) -> dict[str, Finding]:
    return {result.check.id: result.finding for result in run_checks(checks, Bench(settings))}


def failed(found: dict[str, Finding]) -> set[str]:
    bad = {check_id for check_id, finding in found.items() if finding.outcome in (Outcome.FAIL, Outcome.WARN)}
    assert all(found[check_id].todo is not None for check_id in bad), "every failure says what to do"
    return bad


def test_a_healthy_computer(settings: Settings) -> None:
    found = run(settings)
    assert failed(found) == set()
    for finding in found.values():
        assert str(finding.what)


Break = Callable[[pytest.MonkeyPatch, Settings], Any]
FAULTS: dict[str, Break] = {
    "disk_space": lambda patch, _: patch.setattr(shutil, "disk_usage", lambda path: Usage(1e9, 9e8, 1e8)),
    "disk_speed": lambda patch, _: patch.setattr(os, "fsync", slow(os.fsync, 1.6)),
    "memory": lambda patch, _: patch.setattr(
        psutil, "virtual_memory", lambda: SimpleNamespace(available=1e8, total=4e9)
    ),
    "processor": lambda patch, _: patch.setattr(psutil, "cpu_percent", lambda interval: 97.0),
    "battery": lambda patch, _: patch.setattr(
        psutil, "sensors_battery", lambda: SimpleNamespace(percent=80, power_plugged=False), raising=False
    ),
    "restart_pending": lambda patch, _: patch.setattr(system, "_restart_pending", lambda: True),
    "sleep": lambda patch, _: patch.setattr(system, "_output", sleepy),
    "quarantine": lambda patch, _: patch.setattr(
        psutil, "process_iter", lambda names: [SimpleNamespace(info={"name": "360Tray.exe"})]
    ),
    "microphone_users": lambda patch, _: patch.setattr(system, "_microphone_users", lambda: ["meeting.exe"]),
    "letters": lambda patch, _: patch.setattr(system, "_output", lambda *command: ""),
    "kit": lambda _, settings: (settings.session.kit / "kit.toml").write_text("id = 3", encoding="utf-8"),
    "roster": lambda _, settings: settings.session.roster.write_text("学号\n0107\n0107\n", encoding="utf-8"),
}


def slow(function: Callable[[int], None], seconds: float) -> Callable[[int], None]:
    def fsync(descriptor: int) -> None:
        time.sleep(seconds)
        function(descriptor)

    return fsync


def sleepy(*command: str) -> str:
    if command[0] == "powercfg":
        return "0x00000384\n0x00000258\n"
    return "900\n" if command[0] == "gsettings" else "Noto Sans CJK SC\n"


@pytest.mark.parametrize("check_id", FAULTS)
def test_each_fault_fails_its_check_only(
    check_id: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Written before the disk becomes slow.
    run(settings, restart.CHECKS)
    FAULTS[check_id](monkeypatch, settings)
    assert failed(run(settings)) == {check_id}


def test_no_check_of_the_computer_is_without_a_fault_test() -> None:
    elsewhere = {"version", "time_left", "second_volume", "time_zone", "terminal", "restart"}
    assert {check.id for check in CHECKS} == FAULTS.keys() | elsewhere


def test_time_left(settings: Settings) -> None:
    for hours, outcome in ((3, Outcome.OK), (-1, Outcome.WARN)):
        starts = datetime.now().astimezone() + timedelta(hours=hours)
        session = settings.session.model_copy(update={"starts": starts})
        bench = Bench(settings.model_copy(update={"session": session}))
        assert material.time_left(bench).outcome is outcome


def test_sleep_minutes_of_powercfg() -> None:
    text = "Current AC Power Setting Index: 0x00000384\nCurrent DC Power Setting Index: 0x0000012c\n"
    assert system.sleep_minutes(text) == 15
    assert system.sleep_minutes("") is None


def test_a_restore_card_is_found_after_a_restart(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    token = settings.data.dir / restart.TOKEN
    assert run(settings, restart.CHECKS)["restart"].outcome is Outcome.SKIPPED
    assert run(settings, restart.CHECKS)["restart"].outcome is Outcome.SKIPPED
    # A folder that somebody removes is not one that a restart sets back.
    token.unlink()
    assert run(settings, restart.CHECKS)["restart"].outcome is Outcome.SKIPPED
    # A restart after which everything is there.
    boot = psutil.boot_time()
    monkeypatch.setattr(psutil, "boot_time", lambda: boot + 3600)
    assert run(settings, restart.CHECKS)["restart"].outcome is Outcome.OK
    # Another restart, after which the data folder is as it was before.
    monkeypatch.setattr(psutil, "boot_time", lambda: boot + 7200)
    token.unlink()
    found = run(settings, restart.CHECKS)["restart"]
    assert found.outcome is Outcome.FAIL
    assert "restore card" in str(found.todo)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="mounting a small disk needs root on Linux"
)
def test_a_small_disk(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", folder], check=False).returncode:
        pytest.skip("this machine does not let root mount")
    try:
        data = settings.data.model_copy(update={"dir": folder / "data"})
        assert failed(run(settings.model_copy(update={"data": data}), computer.CHECKS)) == {"disk_space"}
    finally:
        subprocess.run(["umount", folder], check=True)


def check_of(run: Callable[[Bench], Finding], seconds: float = 5.0) -> Check:
    return Check("x", Group.COMPUTER, "X", "why", "how", run, seconds)


def test_a_check_that_hangs_is_left(settings: Settings) -> None:
    never = threading.Event()

    def hang(bench: Bench) -> Finding:
        never.wait(20)
        return ok_finding()

    results = run_checks([check_of(hang, 0.3), check_of(lambda bench: ok_finding())], Bench(settings))
    never.set()
    assert [result.finding.outcome for result in results] == [Outcome.FAIL, Outcome.OK]
    assert results[0].seconds < 2


def test_a_check_that_breaks_has_failed(settings: Settings) -> None:
    def broken(bench: Bench) -> Finding:
        raise ZeroDivisionError

    result = run_check(check_of(broken), Bench(settings))
    assert result.finding.outcome is Outcome.FAIL
    assert "ZeroDivisionError" in str(result.finding.what)


def ok_finding() -> Finding:
    return ok(say("Fine."))
