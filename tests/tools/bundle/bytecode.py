"""Modules compiled ahead, so that a slow computer starts the station in seconds and writes nothing.

The byte code says nothing of times: it is used whatever its source is like (`unchecked-hash`), and the list
of the bundle's files guards both. The same sources give the same bytes: one process, one order, no random
hashes.
"""

from __future__ import annotations

import os
import platform as this
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.tools.bundle import interpreter
from tests.tools.bundle.platforms import PLATFORMS, Platform
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


def compile_all(platform: Platform, version: str, bundle: Path) -> bool:
    """Compile every module of the bundle; False where no Python of that version is here.

    Raises SetupError.
    """
    with _compiler(platform, version, bundle) as python:
        if python is None:
            return False
        done = _run(python, PROGRAM, str(bundle))
    if done.returncode:
        raise SetupError(f"A module of the bundle can't be compiled: {reason(done.stderr)}")
    return True


def _run(python: str, *program: str) -> subprocess.CompletedProcess[str]:
    """A program with nothing but the standard library. Raises OSError."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [python, "-S", "-s", "-B", "-c", *program],
        env={**own, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )


@contextmanager
def _compiler(platform: Platform, version: str, bundle: Path) -> Iterator[str | None]:
    """A Python of this version: the pinned one where it runs, else that of the bundle, else another."""
    pinned = PLATFORMS["linux-x86_64"]
    if version == PINNED and sys.platform == "linux" and this.machine() == pinned.machine:
        with tempfile.TemporaryDirectory() as folder:
            interpreter.put(pinned, None, Path(folder))
            yield str(interpreter.program(pinned, version, Path(folder) / interpreter.FOLDER))
        return
    own = interpreter.program(platform, version, bundle / interpreter.FOLDER)
    candidates = (str(own), sys.executable, shutil.which(f"python{version}"))
    yield next((python for python in candidates if python and is_a(python, version)), None)


def is_a(python: str, version: str) -> bool:
    """Whether a program runs here and is a Python of this version; a version manager's starter may not be."""
    try:
        done = _run(python, "import sys; print('%d.%d' % sys.version_info[:2])")
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version
