"""`station` and `python -m station`."""

import sys

from station import pythons


def main():
    # type: () -> None
    pythons.refuse()
    try:
        from station.commands.cli import run_cli
    except ModuleNotFoundError as error:
        pythons.refuse_without(error.name or "")
        raise
    sys.exit(run_cli(sys.argv[1:]))


if __name__ == "__main__":
    main()
