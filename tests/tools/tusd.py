"""`python -m tests.tools.tusd`: the server tusd for tests, built once into the user's cache.

Where the command tusd is installed, that one serves and nothing is built.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs

from tests.tools.environment import ROOT

SOURCE = ROOT / "tests" / "uploader" / "apps" / "tusd"
CACHE = Path(platformdirs.user_cache_dir("singing-test-station"))
SECONDS = 300
"""More than that is not waited for."""


class BuildError(Exception):
    """Why there is no tusd; the text ends a sentence that begins with “because”."""


def program() -> Path:
    """The installed command, or the place of the one that build() makes of SOURCE as it is now."""
    if installed := shutil.which("tusd"):
        return Path(installed)
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum", "main.go"):
        digest.update((SOURCE / name).read_bytes())
    return CACHE / f"tusd-{digest.hexdigest()[:12]}{'.exe' if os.name == 'nt' else ''}"


def build() -> None:
    """Make program() if it is not there. Raises BuildError."""
    target = program()
    if target.exists():
        return
    go = shutil.which("go")
    if go is None:
        raise BuildError("Go is not installed")
    print("Building the server tusd (once; some 10 MB to download) ...", flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        made = Path(folder) / target.name
        run(go, "build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-o", str(made), ".")
        # Renamed when whole: others may build at the same time.
        made.replace(target)


def run(*command: str) -> None:
    """In SOURCE. Raises BuildError."""
    # Settings of the user are for other programs; a toolchain of its own would be a far bigger download.
    ours = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off"}
    try:
        done = subprocess.run(
            command,
            cwd=SOURCE,
            env={**os.environ, **ours},
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"it takes more than {SECONDS} s") from error
    if done.returncode:
        raise BuildError(f"go failed: {' '.join((done.stderr or done.stdout).split())[-300:]}")


def main() -> int:
    try:
        build()
    except BuildError as error:
        print(f"Skipped: tests against tusd, because {error}.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
