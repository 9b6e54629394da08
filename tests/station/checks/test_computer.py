"""Every check of computer, restart and material against its fault: exactly that check fails, with advice."""

from __future__ import annotations

import os
import shutil
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

from config.base.message import say
from config.settings import Settings
from station.checks.bench import Bench
from station.checks.catalogue import BY_ID
from station.checks.check import Check, Finding, Group, Outcome, ok
from station.checks.computer import hardware, preparation, restart, system, window
from station.checks.runner import run_check, run_checks
from tests.station.checks.found import failed

CHECKS = (*preparation.CHECKS, *hardware.CHECKS, *window.CHECKS, *system.CHECKS, *restart.CHECKS)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What this machine happens to be must not decide."""
    monkeypatch.setattr(psutil, "cpu_percent", lambda interval: 3.0)
    monkeypatch.setattr(restart, "memory_files", lambda root: [tmp_path / "memory" / "restart.json"])
    monkeypatch.setattr(system, "_restart_pending", lambda: False)
    monkeypatch.setattr(system, "_output", lambda *command: "Noto Sans CJK SC\n")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=4e9, total=8e9))
    monkeypatch.setattr(hardware, "FSYNCS", 3)
    monkeypatch.setattr(hardware, "SLOW_FSYNC_MS", hardware.BAD_FSYNC_MS)
    monkeypatch.setattr(hardware, "own_share", lambda: 99.0)


def run(settings: Settings, checks: tuple[Check, ...] = CHECKS) -> dict[str, Finding]:
    return {result.check.id: result.finding for result in run_checks(checks, Bench(settings))}


def test_a_healthy_computer(settings: Settings) -> None:
    found = run(settings)
    assert failed(found) == set()
    for finding in found.values():
        assert str(finding.what)


Break = Callable[[pytest.MonkeyPatch, Settings], Any]
GRAVE: dict[str, Break] = {
    "disk_space": lambda patch, _: patch.setattr(shutil, "disk_usage", lambda path: Usage(1e9, 9e8, 1e8)),
    "disk_speed": lambda patch, _: patch.setattr(os, "fsync", slow(os.fsync, 0.16)),
    "memory": lambda patch, _: free_memory(patch, 1e8),
    "battery": lambda patch, _: patch.setattr(
        psutil, "sensors_battery", lambda: SimpleNamespace(percent=80, power_plugged=False), raising=False
    ),
    "sleep": lambda patch, _: patch.setattr(system, "_output", sleepy),
    "microphone_allowed": lambda patch, _: patch.setattr(system, "_microphone_refused", lambda: True),
    "letters": lambda patch, _: patch.setattr(system, "_output", lambda *command: ""),
    "kit": lambda _, settings: (settings.session.kit / "kit.toml").write_text("id = 3", encoding="utf-8"),
    "roster": lambda _, settings: settings.session.roster.write_text("学号\n0107\n0107\n", encoding="utf-8"),
}
"""What would make recordings fail."""
CARE: dict[str, Break] = {
    "processor": lambda patch, _: patch.setattr(psutil, "cpu_percent", lambda interval: 97.0),
    "restart_pending": lambda patch, _: patch.setattr(system, "_restart_pending", lambda: True),
    "quarantine": lambda patch, _: patch.setattr(
        psutil, "process_iter", lambda names: [SimpleNamespace(info={"name": "360Tray.exe"})]
    ),
    "screensaver": lambda patch, _: patch.setattr(
        system, "_output", lambda *command: "uint32 60\n" if command[-1] == "idle-delay" else "'nothing'\n"
    ),
    "microphone_users": lambda patch, _: patch.setattr(system, "_microphone_users", lambda: ["meeting.exe"]),
}
"""What only needs care: each finding says why."""


def free_memory(patch: pytest.MonkeyPatch, free: float) -> None:
    patch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free, total=4e9))


def slow(function: Callable[[int], None], seconds: float) -> Callable[[int], None]:
    def fsync(descriptor: int) -> None:
        time.sleep(seconds)
        function(descriptor)

    return fsync


def sleepy(*command: str) -> str:
    if command[0] == "powercfg":
        return "0x00000384\n0x00000258\n"
    return "900\n" if command[-1].endswith("timeout") else "Noto Sans CJK SC\n"


@pytest.mark.sampled(9, fewest=1)
@pytest.mark.parametrize("check_id", GRAVE)
def test_each_fault_fails_its_check_only(
    check_id: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if check_id == "disk_speed":
        monkeypatch.setattr(hardware, "BAD_FSYNC_MS", hardware.BAD_FSYNC_MS / 10)
    # Written before the disk becomes slow.
    run(settings, restart.CHECKS)
    GRAVE[check_id](monkeypatch, settings)
    assert failed(run(settings)) == {check_id}


@pytest.mark.sampled(5, fewest=1)
@pytest.mark.parametrize("check_id", CARE)
def test_what_needs_care_is_a_warning_with_its_reason(
    check_id: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    CARE[check_id](monkeypatch, settings)
    found = run(settings)
    spoken = {name: finding.outcome for name, finding in found.items() if finding.todo is not None}
    assert spoken == {check_id: Outcome.WARN}
    assert BY_ID[check_id].mild


def test_little_memory_is_a_warning_and_next_to_none_a_failure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for free, outcome in ((6e8, Outcome.OK), (4e8, Outcome.WARN), (2e8, Outcome.FAIL)):
        free_memory(monkeypatch, free)
        assert hardware.memory(Bench(settings)).outcome is outcome


@pytest.mark.skipif(sys.platform == "win32", reason="what a Linux desktop answers")
@pytest.mark.parametrize(
    ("kind", "seconds", "outcome"),
    [
        ("'suspend'", "900", Outcome.FAIL),
        ("'suspend'", "7200", Outcome.WARN),
        ("'suspend'", "0", Outcome.OK),
        ("'nothing'", "900", Outcome.OK),
    ],
)
def test_sleep_of_a_desktop(
    kind: str, seconds: str, outcome: Outcome, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        system, "_output", lambda *command: kind if command[-1].endswith("type") else f"int32 {seconds}\n"
    )
    assert system.sleeping(Bench(settings)).outcome is outcome


@pytest.mark.skipif(sys.platform == "win32", reason="Windows always has Chinese letters")
def test_letters_are_those_of_the_desktop(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "_output", lambda *command: "")
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert system.letters(Bench(settings)).outcome is Outcome.SKIPPED
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "Install a Chinese font" in str(system.letters(Bench(settings)).todo)
    monkeypatch.setenv("TERM", "linux")
    assert "Log in to the desktop" in str(system.letters(Bench(settings)).todo)


def test_no_check_of_the_computer_is_without_a_fault_test() -> None:
    elsewhere = {"version", "time_left", "second_volume", "time_zone", "terminal", "restart"}
    assert {check.id for check in CHECKS} == GRAVE.keys() | CARE.keys() | elsewhere


@pytest.mark.parametrize(
    ("zone", "outcome"), [("Asia/Shanghai", "ok"), ("UTC", "skipped"), ("Asia/Tokyo", "warn")]
)
@pytest.mark.skipif(sys.platform == "win32", reason="the zone of a process is a variable on Linux only")
def test_time_zone(zone: str, outcome: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        return
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        found = hardware.time_zone(Bench(settings))
    time.tzset()
    assert found.outcome == outcome


def test_a_second_drive_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hardware, "other_volumes", lambda path: [])
    assert "USB stick" in str(hardware.second_volume(Bench(settings)).what)
    monkeypatch.setattr(hardware, "other_volumes", lambda path: [tmp_path])
    assert str(tmp_path) in str(hardware.second_volume(Bench(settings)).what)


def test_time_left(settings: Settings) -> None:
    for hours, outcome in ((3, Outcome.OK), (-1, Outcome.WARN)):
        starts = datetime.now().astimezone() + timedelta(hours=hours)
        session = settings.session.model_copy(update={"starts": starts})
        bench = Bench(settings.model_copy(update={"session": session}))
        assert preparation.time_left(bench).outcome is outcome


def test_sleep_minutes_of_powercfg() -> None:
    text = "Current AC Power Setting Index: 0x00000384\nCurrent DC Power Setting Index: 0x0000012c\n"
    assert system.sleep_minutes(text) == 15
    assert system.sleep_minutes("") is None


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
