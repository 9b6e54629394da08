"""The command as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.station.commands import forked

ENV = {"STATION_STATION__LANGUAGE": "en", "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
"""Windows writes into pipes in the code page of the country; these tests read UTF-8."""
SECONDS = 55 if sys.platform != "win32" else 170
"""A process of Windows under Wine needs many times as long to start."""


OF_THE_START = ("PYTHON", "LANG", "LC_")
"""Variables that Python reads when it starts, and not later."""


def station(
    *arguments: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr. Where that shows nothing else, Python and its packages are not loaded
    anew for it (tests.station.commands.forked)."""
    words, changed = [*map(str, arguments)], env or {}
    if sys.platform == "win32" or any(name.startswith(OF_THE_START) for name in changed):
        found = _started(words, {**os.environ, **ENV, **changed}, cwd)
    else:
        found = forked.called(words, {**os.environ, **ENV, **changed}, cwd or Path.cwd(), SECONDS)
    assert "Traceback" not in found[2], found[2]
    return found


def _started(words: list[str], env: dict[str, str], cwd: Path | None) -> tuple[int, str, str]:
    """The packages in `cwd` go before those that are installed."""
    done = subprocess.run(
        [sys.executable, "-m", "station", *words],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def run_in_shell(command: str, home: Path) -> tuple[int, str]:
    """Exit code and stderr of a command with a shell's redirections."""
    return _run_in(home, ["sh", "-c", f'exec "{sys.executable}" -m station {command}'], {})


def run_in(home: Path, command: str, **env: str) -> tuple[int, str]:
    """Exit code and stderr of a command whose output is in another encoding."""
    return _run_in(home, [sys.executable, "-m", "station", *command.split()], env)


def _run_in(home: Path, command: list[str], env: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=home,
        env={**os.environ, **ENV, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stderr.decode("utf-8", "replace")
