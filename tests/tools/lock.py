"""`make lock`: pyproject.toml -> requirements.lock, exact versions with hashes for every system.

Versions in the present lock are kept where they still fit; `--upgrade` takes newer ones. The lock names no
index: where packages come from is the affair of the machine that installs them.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from station.pythons import OLDEST, dotted
from tests.tools.environment import LOCK, ROOT, SetupError, create, executable, pip

COMPILE = f"""
    pip compile --quiet --universal --python-version {dotted(OLDEST)} --generate-hashes --no-header
    --no-emit-index-url --no-emit-find-links --extra demo --extra board --extra centre --group dev
"""
ADDRESS = re.compile(r"https?://|file://|--(?:extra-)?index-url|--find-links|--trusted-host")
"""What must never stand in the lock."""


def write_lock(arguments: Sequence[str]) -> int:
    """Write the lock with a resolver in an environment of its own, so that a broken lock can be mended."""
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder)
        create(environment)
        pip(environment, "install", "uv>=0.7")
        uv = str(executable("uv", environment))
        command = [uv, *COMPILE.split(), *arguments, "pyproject.toml", "-o", LOCK.name]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    if done.returncode == 0 and ADDRESS.search(LOCK.read_text(encoding="utf-8")):
        raise SetupError("requirements.lock names an index address; remove it from pyproject.toml.")
    return done.returncode
