"""`python -m tests.tools.bundle PLATFORM [--python FOLDER] [--out FOLDER]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.tools.bundle import packages
from tests.tools.bundle.build import make
from tests.tools.bundle.platforms import PLATFORMS, Platform
from tests.tools.environment import ROOT, SetupError
from tests.tools.portable.artifacts import PYTHON_VERSION
from tests.tools.portable.wheelhouse import wheels


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bundle ARGS=PLATFORM")
    parser.add_argument("platform", choices=sorted(PLATFORMS))
    parser.add_argument("--python", type=Path, help="a folder with a Python for that platform")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    arguments = parser.parse_args()
    platform = PLATFORMS[arguments.platform]
    try:
        if platform.python is None and arguments.python is None:
            return count(platform)
        made = make(platform, arguments.python, arguments.out)
    except SetupError as error:
        print(error)
        return 2
    print(f"{made.file}: {made.megabytes:.1f} MB, {made.files} files")
    print(f"sha256 of the archive  {made.sha256}")
    print(f"release                {made.release}")
    if not made.compiled:
        print("No Python of its version is here to compile modules ahead: the station starts more slowly.")
    if made.silent:
        print(f"No text of a licence comes with: {', '.join(made.silent)}.")
    print("Left out of Python: tests, tkinter, IDLE, pip, venv, headers, static libraries, help texts.")
    return 0


def count(platform: Platform) -> int:
    """Resolve and count the wheels where there is no Python to put them to. Raises SetupError."""
    version = PYTHON_VERSION.rpartition(".")[0]
    found = packages.checked(wheels(platform.system(version)))
    print(packages.told(found, platform.name))
    print(
        f"There is no Python for {platform.name} to fetch. With a folder that has one: "
        f'make bundle ARGS="{platform.name} --python FOLDER"'
    )
    return 2


if __name__ == "__main__":
    sys.exit(main())
