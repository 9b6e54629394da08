"""What is checked before anything is run: style, types, imports, translations."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.tools.environment import ROOT, executable, surroundings

PRODUCT = ("audio", "board", "config", "station", "uploader")
WINDOWS_TYPES = ("--platform", "win32", "--cache-dir", ".mypy_cache/win32", *PRODUCT)
"""The tests themselves run on Windows' Python."""
CHECKS: dict[str, Sequence[str]] = {
    "style": ("-m", "ruff", "check"),
    "format": ("-m", "ruff", "format", "--check"),
    "types": ("-m", "mypy"),
    "types on Windows": ("-m", "mypy", *WINDOWS_TYPES),
    "one-way imports": ("-c", "from importlinter.cli import lint_imports_command as run; run(['--no-logo'])"),
    "translations": ("-m", "tests.tools.messages", "--check"),
}


Checks = dict[str, "subprocess.Popen[str]"]
"""Name -> the process that checks it."""
LEAST = 19
"""The lowest priority that there is."""


def started_checks() -> Checks:
    return {name: started(*arguments) for name, arguments in CHECKS.items()}


def yielding(running: Checks) -> Checks:
    """They take what others leave of the processors."""
    if sys.platform != "win32":
        for process in running.values():
            os.setpriority(os.PRIO_PROCESS, process.pid, LEAST)
    return running


def failed_checks(running: Checks) -> list[str]:
    """Waits for them: the names of those that fail; each prints what it found."""
    failed = []
    for name, process in running.items():
        told, _ = process.communicate()
        print(f"== {name}\n{told}", end="", flush=True)
        if process.returncode:
            failed.append(name)
    return failed


def started(*arguments: str) -> subprocess.Popen[str]:
    """As `run`, but beside what follows, and without a word before its end."""
    return subprocess.Popen(
        [executable("python"), *arguments],
        cwd=ROOT,
        env={**surroundings(), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
