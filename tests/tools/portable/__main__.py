"""`python -m tests.tools.portable FOLDER [--tests]`: Windows' Python with the locked packages."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.tools.environment import SetupError
from tests.tools.portable.folder import lay_out
from tests.tools.portable.wheelhouse import WINDOWS, wheels


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.portable")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tests", action="store_true", help="with the packages that the tests need")
    arguments = parser.parse_args()
    if arguments.folder.exists():
        print(f"{arguments.folder} exists already.")
        return 2
    try:
        lay_out(arguments.folder, wheels(WINDOWS, arguments.tests))
    except SetupError as error:
        print(error)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
