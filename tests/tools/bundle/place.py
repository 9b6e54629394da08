"""An unpacked bundle, and how its command is called where nothing else helps it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from station.release import Differences

SECONDS = 600
ASTRAY = {"PYTHONHOME": "/nonexistent", "PYTHONPATH": "/nonexistent", "PYTHONSTARTUP": "/nonexistent"}
"""What would break any Python that listens to its variables."""


@dataclass
class Place:
    """An unpacked bundle and how its command is called."""

    folder: Path
    home: Path
    differences: Differences = field(default_factory=Differences)
    """What doctor must name from the beginning."""

    def station(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The bundle's command in an environment with nothing in it. Raises TimeoutExpired."""
        env = {"PATH": "", "HOME": str(self.home), "TMPDIR": str(self.home), "LC_ALL": "C.UTF-8", **ASTRAY}
        return self.run([str(self.folder / "station"), *arguments], env, self.home)

    def run(
        self, command: Sequence[str], env: Mapping[str, str], cwd: Path
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
        )

    def path(self, file: Path) -> str:
        """How the bundle names a file of this computer."""
        return str(file)
