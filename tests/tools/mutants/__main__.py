"""`make mutants`: an hour at most; the next run goes on where this one ended. ARGS: see docs/mutants.md."""

from __future__ import annotations

import argparse
import os
import random
import sys
from time import monotonic

from tests.tools.mutants.measure import Plan, measured
from tests.tools.mutants.page import PAGE, page
from tests.tools.mutants.reasons import reasons
from tests.tools.mutants.table import AREAS, CLOSE, FILES
from tests.tools.mutants.trial import Trial, all_mutants, all_names, results

MINUTES = 60.0


def wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--sample", type=int, help="so many of each module")
    parser.add_argument("--area", choices=AREAS, action="append", help="only these")
    parser.add_argument("--keep", action="store_true", help="measure no test anew")
    parser.add_argument("--close", action="store_true", help="only tests that are about these areas")
    parser.add_argument("--tests", action="append", help="only these folders or files of tests/")
    parser.add_argument("--workers", type=int, default=2, help="side by side")
    return parser.parse_args()


def main() -> int:
    options = wishes()
    if not hasattr(os, "fork"):
        print("make mutants needs a system that can fork a process: Linux.")
        return 2
    until = monotonic() + 60 * options.minutes
    areas = options.area or list(AREAS)
    said = reasons()
    # One area after the other where each has tests of its own: something is tried before all is measured.
    for some in [[area] for area in areas] if options.close else [areas]:
        places = options.tests or [place for area in some for place in CLOSE[area]]
        only = options.close or bool(options.tests)
        first = tuple(f"tests/{place}" for place in places)
        plan = Plan(until, first, only=only, keep=options.keep, workers=options.workers)
        wanted = [
            mutant for area in some for file in AREAS[area] for mutant in all_mutants(file)[: options.sample]
        ]
        # An hour that ends early has seen something of everything.
        random.Random(0).shuffle(wanted)
        print(f"{', '.join(some)}: {len(wanted)} mutants", flush=True)
        Trial(measured(plan), until, options.workers, said).run(wanted)
    names, told = all_names(FILES), results()
    found = {
        area: {name: told[name] for file in files for name in names[file] if name in told}
        for area, files in AREAS.items()
    }
    totals = {area: sum(len(names[file]) for file in files) for area, files in AREAS.items()}
    PAGE.write_text(page(found, totals, said), encoding="utf-8", newline="\n")
    print(f"{PAGE}: {sum(map(len, found.values()))} of {sum(totals.values())} mutants tried")
    return 0


if __name__ == "__main__":
    sys.exit(main())
