"""The tests of the project under Wine, but for those that tests/windows/left_out.toml names."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from tests.tools.portable.artifacts import CACHE
from tests.tools.wine.bench import Bench
from tests.tools.wine.session import windows_path
from tests.tools.wine.steps import StepError, Steps

SUITES = ("config", "audio", "uploader", "station", "windows")
SECONDS = 900.0
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
    temporary = bench.folder / "pytest"
    temporary.mkdir(exist_ok=True)
    done = bench.session.python(
        "-m", "pytest", *places, "-q", "-n", WORKERS, "--dist", "worksteal", "-m", "not alone",
        "-p", "no:cacheprovider", "-p", "tests.windows.left_out", "-rfEX", "--tb=line",
        "--basetemp", windows_path(temporary / Path(places[0]).name),
        seconds=SECONDS,
    )  # fmt: skip
    log = CACHE / "wine" / "logs" / f"{Path(places[0]).name}.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    found = SUMMARY.findall(done.stdout)
    told = found[-1] if found else done.stdout[-500:] + done.stderr[-500:]
    if done.returncode:
        bad = BAD.findall(done.stdout)
        more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise StepError(
            told + "".join(f"\n          {line[:300]}" for line in bad[:SHOWN]) + f"{more} ({log})"
        )
    return told
