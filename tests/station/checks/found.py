"""What a run of checks found, for tests that ask for exactly the checks that failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from config.base.message import say
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Outcome
from station.checks.headset import devices, microphone, playback, recording_rate, voice
from station.checks.runner import run_checks

Found = dict[str, Finding]
SOUND = (*devices.CHECKS, *microphone.CHECKS, *recording_rate.CHECKS, *playback.CHECKS, *voice.CHECKS)
QUICK = tuple(check for check in SOUND if check.id != "load")


MACHINE = {"processor", "memory", "sleep", "screensaver", "battery", "restart_pending", "quarantine"}
"""What only the machine decides on which the tests run."""


def command(config: Path, *arguments: str, env: Mapping[str, str]) -> tuple[int, bytes]:
    """Exit code and stdout of `station selftest`, on a computer without a desktop."""
    plain = {
        "STATION_STATION__LANGUAGE": "en",
        "TERM": "xterm",
        "DISPLAY": "",
        "WAYLAND_DISPLAY": "",
        "TZ": "UTC",
    }
    done = subprocess.run(
        [sys.executable, "-m", "station", "selftest", "--config", str(config), "--assume-heard", *arguments],
        env={**os.environ, **plain, "XDG_STATE_HOME": str(config.parent / "state"), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=110,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout


def by_command(config: Path, *arguments: str, env: Mapping[str, str]) -> tuple[int, Found]:
    """Exit code and findings, but for those of MACHINE."""
    code, out = command(config, "--json", *arguments, env=env)
    checks = json.loads(out)["checks"]
    return code, {
        check["id"]: Finding(
            Outcome(check["outcome"]),
            say("{text}", text=check["what"]),
            say("{text}", text=check["todo"]) if check["todo"] else None,
            check["numbers"],
        )
        for check in checks
        if check["id"] not in MACHINE
    }


def run(bench: Bench, checks: Iterable[Check] = QUICK) -> Found:
    return {result.check.id: result.finding for result in run_checks(checks, bench)}


def failed(found: Found) -> set[str]:
    """Ids of the checks that failed; none only warned, and each says what to do."""
    warned = {
        check_id: str(finding.what) for check_id, finding in found.items() if finding.outcome is Outcome.WARN
    }
    assert not warned, warned
    bad = {check_id for check_id, finding in found.items() if finding.outcome is Outcome.FAIL}
    assert all(found[check_id].todo is not None for check_id in bad), "every failure says what to do"
    return bad


def skipped(found: Found) -> set[str]:
    return {check_id for check_id, finding in found.items() if finding.outcome is Outcome.SKIPPED}
