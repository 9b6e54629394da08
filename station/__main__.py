"""`station` and `python -m station`."""

import sys

from station import pythons


def main():
    # type: () -> None
    pythons.refuse()
    from station.commands.cli import run_cli

    sys.exit(run_cli(sys.argv[1:]))


if __name__ == "__main__":
    main()
