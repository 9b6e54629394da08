"""The folder `app` of a bundle: the station and the locked packages, unpacked from their wheels."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from station.release import APP
from tests.tools.environment import LOCK, ROOT, SetupError, reason
from tests.tools.portable.artifacts import digest
from tests.tools.portable.folder import unpack_wheel
from tests.tools.portable.wheelhouse import System, wheels

CUSTOM = '''\
"""Python starts this by itself: nothing is ever written beside the modules, not even byte code."""

import sys

sys.dont_write_bytecode = True
'''


def put(system: System, bundle: Path) -> list[Path]:
    """Write `app`; the wheels of the packages in it. Raises SetupError."""
    found = checked(wheels(system))
    with tempfile.TemporaryDirectory() as folder:
        for wheel in (*found, own_wheel(Path(folder))):
            unpack_wheel(wheel, bundle / APP)
    (bundle / APP / "sitecustomize.py").write_text(CUSTOM, encoding="utf-8", newline="\n")
    return found


def checked(files: Sequence[Path]) -> list[Path]:
    """The same wheels, each of which the lock names by its hash. Raises SetupError."""
    lock = LOCK.read_text(encoding="utf-8")
    for file in files:
        if f"sha256:{digest(file)}" not in lock:
            raise SetupError(
                f"{file.name} is not the file that requirements.lock names: delete {file.parent}."
            )
    return list(files)


def own_wheel(folder: Path) -> Path:
    """The station's wheel. Raises SetupError."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise SetupError(f"The wheel of the station can't be built: {reason(done.stderr)}")
    (wheel,) = folder.glob("*.whl")
    return wheel


def told(files: Sequence[Path], platform: str) -> str:
    """How many wheels there are, how large, and which of them hold machine code."""
    native = sorted(file.name.split("-")[0] for file in files if not file.name.endswith("-any.whl"))
    size = sum(file.stat().st_size for file in files) / 1e6
    return f"{len(files)} wheels for {platform}, {size:.1f} MB; built for it: {', '.join(native)}."
