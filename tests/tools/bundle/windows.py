"""The trial of the bundle for Windows, under Wine.

Wine lacks two things that every Windows has. They are put into the unpacked folder, and doctor must name
exactly these two files.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from station.release import Differences
from tests.tools.bundle.place import ASTRAY, Place
from tests.tools.wine.machine import SITE_CUSTOMIZE, Machine
from tests.tools.wine.session import Session, windows_path

PRNG = "bcryptprimitives.dll"
PTH = "python/Lib/site-packages/wine.pth"
ADDED = (PTH, f"python/{PRNG}")


@dataclass
class WindowsPlace(Place):
    """Called by `station.cmd`, as a person would."""

    session: Session | None = None

    def station(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        assert self.session is not None
        # By its name in its own folder, as a double click does: cmd.exe drops quotes around a first word.
        command = ["wine", "cmd", "/c", "station.cmd", *arguments]
        return self.run(command, {**self.session.env, **ASTRAY}, self.folder)

    def path(self, file: Path) -> str:
        return windows_path(file)


def equipped(folder: Path, home: Path, machine: Machine, session: Session) -> WindowsPlace:
    """The unpacked bundle with what Wine lacks."""
    shutil.copyfile(machine.python / PRNG, folder / "python" / PRNG)
    text = SITE_CUSTOMIZE.read_text(encoding="utf-8")
    (folder / PTH).parent.mkdir()
    # A line of a .pth that begins with “import” is run when Python starts.
    (folder / PTH).write_text(f"import sys; exec({text!r})\n", encoding="utf-8", newline="\n")
    return WindowsPlace(folder, home, Differences(added=ADDED), session)
