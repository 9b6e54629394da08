"""The virtual environments: made once, installed from the lock with hashes, left alone while they fit.

1. `.venv` belongs to the Python that was first used here; any other has `.venv-3.13` and so on beside it.
2. A stamp in each holds what it was made from; only a difference reinstalls, so a second run needs no
   network.
3. Stdlib only: this runs before anything is installed. pip keeps the index, mirror, proxy and certificates
   that the user has configured for it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.tools.system_packages import Group, Package, by_hand, trouble

ROOT = Path(__file__).parents[2]
FIRST = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
QUIET = ("--quiet", "--disable-pip-version-check", "--no-input")
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"


def place(first: Path = FIRST, minor: str = MINOR) -> Path:
    """The environment for a minor version of Python: `first`, unless another Python lives there."""
    if Path(sys.prefix).parent == first.parent and minor == MINOR:
        return Path(sys.prefix)
    try:
        settings = (first / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return first
    made = dict(re.findall(r"^(\w+) = (.+)$", settings, re.MULTILINE))
    # An environment whose Python was uninstalled is of no use to anybody.
    deserted = not Path(made.get("home", "")).is_dir() or not executable("python", first).exists()
    if deserted or f"{made.get('version', made.get('version_info'))}.".startswith(f"{minor}."):
        return first
    return first.with_name(f"{first.name}-{minor}")


def executable(name: str, folder: Path | None = None) -> Path:
    """A program inside an environment; without a folder, of this Python's."""
    programs = (folder or VENV) / ("Scripts" if os.name == "nt" else "bin")
    return programs / (f"{name}.exe" if os.name == "nt" else name)


VENV = place()
STAMP = VENV / "station-installed.json"

VENV_PACKAGE = Group(
    "the virtual environment",
    (
        Package(
            f"python{MINOR}-venv",
            lambda: all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")),
        ),
    ),
)
"""Debian and Ubuntu split this off the standard library."""


class SetupError(Exception):
    """The environment can't be made; the text is one sentence for the person at the keyboard."""


def prepare() -> None:
    """Make this Python's environment fit the lock. Raises SetupError."""
    wanted = fingerprint()
    found = stamped()
    usable = found.get("root", wanted["root"]) == wanted["root"] and runs()
    if usable and found == wanted:
        return
    if not usable:
        print(f"Creating the virtual environment {VENV.name} ...", flush=True)
        create(VENV)
    print(f"Installing the locked packages into {VENV.name} (once; some 100 MB) ...", flush=True)
    pip(VENV, "install", "--require-hashes", "-r", str(LOCK))
    pip(VENV, "install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")


def fingerprint() -> dict[str, str]:
    """What an environment is made from: the project's place, the interpreter, the locked packages."""
    content = b"".join(file.read_bytes() for file in (LOCK, ROOT / "pyproject.toml"))
    python = f"{sys.implementation.name} {'.'.join(map(str, sys.version_info[:3]))}"
    return {"root": str(ROOT), "python": python, "packages": hashlib.sha256(content).hexdigest()}


def stamped() -> dict[str, str]:
    """The fingerprint of the last complete installation; empty when there is none."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def runs() -> bool:
    """Whether the environment has pip and an interpreter that starts and is our own, to the patch.

    Where an update brings a new patch in the old one's place, the environment has it, too.
    """
    probe = f"import pip, sys; sys.exit(sys.version_info[:3] != {sys.version_info[:3]})"
    try:
        return subprocess.run([executable("python"), "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


def create(folder: Path) -> None:
    """Make an empty environment, with Debian's separate package for it where that is missing."""
    if why := trouble(VENV_PACKAGE):
        raise SetupError(f"Python's venv is missing and {why}. To have it: {by_hand(VENV_PACKAGE)}")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", folder], capture_output=True, text=True, errors="replace"
    )
    if made.returncode:
        raise SetupError(f"The virtual environment can't be made: {reason(made.stdout + made.stderr)}")


def pip(folder: Path, command: str, *arguments: str) -> None:
    """Run pip of an environment. Raises SetupError."""
    done = subprocess.run(
        [executable("python", folder), "-m", "pip", command, *QUIET, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise SetupError(
            f"The packages could not be installed: {reason(done.stderr)}\n"
            "Check the network, or name a nearer index (PIP_INDEX_URL or pip.conf), then run the same again."
        )


def reason(output: str) -> str:
    """The line of a failed program's output that names the error."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"error:", line, re.IGNORECASE)]
    return (named or lines or ["no reason given"])[-1]


def surroundings() -> dict[str, str]:
    """The variables for what runs, which may write bytecode, but not into the tree where that is unwanted.

    Tests start hundreds of processes; each would compile the whole station anew.
    """
    variables = dict(os.environ)
    if variables.pop("PYTHONDONTWRITEBYTECODE", ""):
        variables.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "bytecode"))
    return variables
