"""One start of Wine: everything that runs in it ends with it.

1. A wineserver that stays lets Python start in a second instead of half a minute. It and Windows' services
   start before any program of ours: they would keep its pipes open after its end.
2. Python 3.13 can't start where a standard stream is a file or /dev/null that is only written to, so
   programs get pipes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from audio.device.priority import AUTOGROUP, NICENESS
from tests.tools.environment import ROOT
from tests.tools.wine.output import run_to_end

NATIVE = "ucrtbase,vcruntime140,vcruntime140_1,msvcp140=n,b"
"""Microsoft's runtime beside python.exe goes before Wine's own, which lacks functions."""
OVERRIDES = f"mscoree=;mshtml=;winedbg.exe=d;winemenubuilder.exe=d;{NATIVE}"
NO_SERVER = "unix:/nonexistent/pulse"
START_SECONDS = 120
END_SECONDS = 30
KEPT = ("PATH", "LANG", "TMPDIR")


def environment(prefix: Path, home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """For all programs of Wine: nothing of the caller's settings but where programs are."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "USER": "proctor",
        "LC_ALL": "C.UTF-8",
        "WINEPREFIX": str(prefix),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": OVERRIDES,
        # As if installed: the capture process is started with -P, which leaves the present folder out.
        "PYTHONPATH": windows_path(ROOT),
        **variables,
    }


def windows_path(path: Path) -> str:
    """How a program under Wine names a file of this computer."""
    return "Z:" + str(path.absolute()).replace("/", "\\")


def _before_others() -> None:
    """For a child: what the station asks Windows for, and Wine passes over, is done where we may."""
    if sys.platform != "win32":
        # Processor time is shared out among sessions first.
        os.setsid()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
            AUTOGROUP.write_text(str(NICENESS), encoding="ascii")


class Session:
    """Wine is started while the block runs."""

    def __init__(self, prefix: Path, python: Path, variables: Mapping[str, str]) -> None:
        self.prefix = prefix
        self._begin: Callable[[], None] | None = None
        self._python = python
        self._booted = (prefix / "system.reg").exists()
        self.env = dict(variables)

    def before_others(self) -> Session:
        """All that runs in it goes before other programs: sound has to be taken in time."""
        self._begin = _before_others
        return self

    def aside(self) -> Session:
        """The same start for programs that have no sound card and no precedence; the block is the other's."""
        variables = {**self.env, "PULSE_SERVER": NO_SERVER}
        return Session(self.prefix, self._python, variables)

    def __enter__(self) -> Session:
        self.quietly(["wineserver", "-p"], END_SECONDS)
        if self._booted:
            # The first program starts Windows' services, which keep the streams that it has for ever.
            self.quietly(["wine", "cmd", "/c", "exit"], START_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        self.quietly(["wineserver", "-w"], END_SECONDS)

    def end(self) -> None:
        """Ends what is left of this prefix, and of this one only."""
        self.quietly(["wineserver", "-k"], END_SECONDS)

    def quietly(self, command: Sequence[str], seconds: float) -> int:
        """A program of Wine's own that prints nothing that counts; its exit code."""
        return subprocess.run(
            command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            preexec_fn=self._begin,
        ).returncode

    def command(self, *arguments: str) -> list[str]:
        """How to start Windows' Python with these arguments."""
        return ["wine", str(self._python / "python.exe"), *arguments]

    def python(
        self, *arguments: str, seconds: float, env: Mapping[str, str] | None = None, cwd: Path = ROOT
    ) -> subprocess.CompletedProcess[str]:
        """Run Windows' Python to its end. Raises TimeoutExpired; the program is killed then."""
        return run_to_end(
            self.command(*arguments),
            seconds,
            cwd=cwd,
            env={**self.env, "PYTHONUTF8": "1", **(env or {})},
            stdin=subprocess.DEVNULL,
            preexec_fn=self._begin,
        )

    def start(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start Windows' Python; the caller ends it."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=ROOT,
            env={**self.env, "PYTHONUTF8": "1", **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=self._begin,
        )
