"""The tests of the project under Wine, but for those that tests/windows/left_out.toml names."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.tools.portable.artifacts import CACHE
from tests.tools.wine.bench import Bench
from tests.tools.wine.session import windows_path
from tests.tools.wine.steps import StepError, Steps

SUITES = ("config", "audio", "uploader", "station", "windows")
SECONDS = 900.0
TEST_SECONDS = "180"
"""A test that needs more hangs; on a busy machine a process under Wine may need 20 s to start."""
WORKERS = "4"
"""Most tests wait, so there are more of them than cores."""
SUMMARY = re.compile(r"^=*\s*((?:\d+ \w+, )*\d+ \w+) in ", re.MULTILINE)
BAD = re.compile(r"^(?:FAILED|ERROR) (.+)$", re.MULTILINE)
SHOWN = 15
SHORT = (
    "tests/windows",
    "tests/config/disk",
    "tests/audio/file",
    "tests/audio/capture_process/test_child.py",
)
"""What depends on the system most: files that are replaced, locks, the recorder's process."""


def run(steps: Steps, bench: Bench, *, short: bool) -> None:
    if short:
        steps.run("tests of files, locks and processes", lambda: suite(bench, *SHORT))
        return
    for name in SUITES:
        steps.run(f"tests/{name}", partial(suite, bench, f"tests/{name}"))


def suite(bench: Bench, *places: str) -> str:
    """The tests in these places; what is named in left_out.toml has to fail there."""
    name = Path(places[0]).stem
    try:
        done = run_pytest(bench, places, name)
    except subprocess.TimeoutExpired as late:
        keep(name, late.stdout.decode("utf-8", "replace") if isinstance(late.stdout, bytes) else "")
        raise
    log = keep(name, done.stdout + done.stderr)
    found = SUMMARY.findall(done.stdout)
    told = found[-1] if found else done.stdout[-500:] + done.stderr[-500:]
    if done.returncode:
        bad = BAD.findall(done.stdout)
        more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise StepError(told + "".join(f"\n    {line[:200]}" for line in bad[:SHOWN]) + f"{more} ({log})")
    return told


def run_pytest(bench: Bench, places: Sequence[str], name: str) -> subprocess.CompletedProcess[str]:
    temporary = bench.folder / "pytest"
    temporary.mkdir(exist_ok=True)
    return bench.session.python(
        "-m", "pytest", *places, "-v", "-n", WORKERS, "--dist", "worksteal", "-m", "not alone",
        "-p", "tests.windows.left_out", "-rfEX", "--tb=short", "--timeout", TEST_SECONDS,
        "-o", f"cache_dir={windows_path(temporary / 'cache')}", "--basetemp", windows_path(temporary / name),
        seconds=SECONDS,
    )  # fmt: skip


def keep(name: str, output: str) -> Path:
    """Everything that the tests printed, beside Wine in the cache."""
    log = CACHE / "wine" / "logs" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text(output, encoding="utf-8")
    return log
