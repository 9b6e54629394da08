"""The virtual environment `.venv`: made once, installed from the lock with hashes, left alone while it fits.

A stamp in `.venv` holds what it was made from; only a difference reinstalls, so a second run needs no
network. Stdlib only: this runs before anything is installed. pip keeps the index, mirror, proxy and
certificates that the user has configured for it.
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
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "station-installed.json"
QUIET = ("--quiet", "--disable-pip-version-check", "--no-input")


VENV_PACKAGE = Group(
    "the virtual environment",
    (
        Package(
            f"python{sys.version_info.major}.{sys.version_info.minor}-venv",
            lambda: all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")),
        ),
    ),
)
"""Debian and Ubuntu split this off the standard library."""


class SetupError(Exception):
    """The environment can't be made; the text is one sentence for the person at the keyboard."""


def executable(name: str, folder: Path = VENV) -> Path:
    """A program inside an environment."""
    return folder / ("Scripts" if os.name == "nt" else "bin") / (f"{name}.exe" if os.name == "nt" else name)


def prepare() -> None:
    """Make `.venv` fit the lock. Raises SetupError."""
    wanted = fingerprint()
    found = stamped()
    usable = found.get("root", wanted["root"]) == wanted["root"] and runs()
    if usable and found == wanted:
        return
    if not usable:
        print("Creating the virtual environment .venv ...", flush=True)
        create(VENV)
    print("Installing the packages of requirements.lock into .venv (once; some 100 MB) ...", flush=True)
    pip(VENV, "install", "--require-hashes", "-r", str(LOCK))
    pip(VENV, "install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")


def fingerprint() -> dict[str, str]:
    """What an environment is made from: the project's place, the interpreter, the locked packages."""
    content = b"".join(file.read_bytes() for file in (LOCK, ROOT / "pyproject.toml"))
    python = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    return {"root": str(ROOT), "python": python, "packages": hashlib.sha256(content).hexdigest()}


def stamped() -> dict[str, str]:
    """The fingerprint of the last complete installation; empty when there is none."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def runs() -> bool:
    """Whether `.venv` has pip and an interpreter of our own version that starts."""
    probe = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    try:
        return subprocess.run([executable("python"), "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


def create(folder: Path) -> None:
    """Make an empty environment, with Debian's separate package for it where that is missing."""
    if why := trouble(VENV_PACKAGE):
        raise SetupError(f"Python's venv is missing and {why}. To have it: {by_hand(VENV_PACKAGE)}")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", folder], capture_output=True, text=True)
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
