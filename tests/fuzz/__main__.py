"""`make fuzz`: ten minutes for each reader, or ARGS="--minutes 1 settings sidecar"."""

from __future__ import annotations

import argparse
import faulthandler
import logging
import sys
import time
from pathlib import Path

from tests.fuzz.readers import READERS
from tests.fuzz.run import MAX_MEMORY_MB, fuzz

KEEP = Path("build") / "fuzz"
HANGS_SECONDS = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    options = parser.parse_args()
    logging.disable()
    unknown = set(options.readers) - READERS.keys()
    if unknown:
        parser.error(f"no reader {', '.join(sorted(unknown))}")
    broken = 0
    for name in options.readers or READERS:
        faulthandler.dump_traceback_later(60 * options.minutes + HANGS_SECONDS, exit=True)
        # Other inputs every day; the number with the name makes the same one again.
        found = fuzz(name, 60 * options.minutes, keep=KEEP, first=int(time.time()) // 86400 * 1_000_000)
        print(
            f"{name}: {found.runs} inputs, {found.refused} refused, slowest {found.slowest_seconds:.2f} s, "
            f"{found.memory_mb:.0f} MB, {len(found.broken)} broken",
            flush=True,
        )
        for trouble in found.broken[:5]:
            print(trouble, flush=True)
        broken += len(found.broken) + (found.memory_mb > MAX_MEMORY_MB)
    faulthandler.cancel_dump_traceback_later()
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
