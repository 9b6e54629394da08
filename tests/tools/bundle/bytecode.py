"""Modules compiled ahead, so that a slow computer starts the station in seconds and writes nothing.

The byte code says nothing of times: it is used whatever its source is like (`unchecked-hash`), and the list
of the bundle's files guards both. The same sources give the same bytes: one process, one order, no random
hashes.
"""

from __future__ import annotations

import platform as this
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.tools.bundle import interpreter
from tests.tools.bundle.platforms import PLATFORMS
from tests.tools.environment import SetupError, reason
from tests.tools.portable.artifacts import PYTHON_VERSION

PINNED = PYTHON_VERSION.rpartition(".")[0]
PROGRAM = """
import os, py_compile, sys, warnings
warnings.simplefilter("ignore")
root = sys.argv[1]
for folder, folders, names in os.walk(root):
    folders.sort()
    for name in sorted(names):
        if name.endswith(".py"):
            path = os.path.join(folder, name)
            shown = os.path.relpath(path, root).replace(os.sep, "/")
            mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
            py_compile.compile(path, dfile=shown, doraise=True, invalidation_mode=mode)
"""


def compile_all(version: str, bundle: Path) -> bool:
    """Compile every module of the bundle; False where no Python of that version is here.

    Raises SetupError.
    """
    with _compiler(version) as python:
        if python is None:
            return False
        done = subprocess.run(
            [python, "-S", "-s", "-c", PROGRAM, str(bundle)],
            env={"PYTHONHASHSEED": "0", "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
    if done.returncode:
        raise SetupError(f"A module of the bundle can't be compiled: {reason(done.stderr)}")
    return True


@contextmanager
def _compiler(version: str) -> Iterator[str | None]:
    """A Python of this version: the pinned one where it runs, else one that is installed."""
    pinned = PLATFORMS["linux-x86_64"]
    if version != PINNED or sys.platform != "linux" or this.machine() != pinned.machine:
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        yield sys.executable if here == version else shutil.which(f"python{version}")
        return
    with tempfile.TemporaryDirectory() as folder:
        interpreter.put(pinned, None, Path(folder))
        yield str(interpreter.program(pinned, version, Path(folder) / interpreter.FOLDER))
