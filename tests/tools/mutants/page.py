"""docs/mutants.md: the score of each area, and every survivor with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from tests.tools.environment import ROOT
from tests.tools.mutants.answers import BECOMES
from tests.tools.mutants.reasons import Reason

PAGE = ROOT / "docs" / "mutants.md"
HEAD = """# Small changes that no test notices

`make mutants` changes the modules that protect recordings, proofs, accounts and identity, one place at a
time, and runs the tests that run the changed lines. It writes this page. What it found is kept in
`build/mutants`: the next run goes on with what is new or was not reached in its 60 minutes.
`ARGS="--minutes 10"` takes less time, `ARGS="--sample 20"` 20 mutants of each module, `ARGS="--area
carry"` one area; `ARGS="--keep"` measures no test anew; `ARGS="--close"` goes area by area and asks only
the tests that are about it, `ARGS="--area session --tests station/session"` those of one folder.

The operators are those of [mutmut](https://github.com/boxed/mutmut) that change a meaning, and four of
our own: a statement is left out, a condition is turned round, a `case` never matches, an argument with a
name is left out. The runner is our own, since mutmut 3 leaves properties and other decorated functions
alone and wraps all functions of a module, and cosmic-ray 8 starts a whole Python with all tests for each
mutant; neither leaves out a statement, which is how an fsync goes missing.

Each mutant is a fork of a pytest that has read the tests, in which the code of the changed function is
exchanged: it costs its tests' own time. What runs at the import of a module has one imported anew.

Tests of sound cards, long ones and those that want the machine for themselves are not asked. A line with
more than 20 s of tests is tried with the cheapest of them; the second case of a test counts twice, and so
on. A test has noticed a change that fails with it twice and passes without it; an endless loop is noticed by
its time. A mutant that was slow because others had the processors is not counted, and tried again.
"""
HEADING = (
    "area",
    "mutants",
    "tried",
    "noticed",
    "of these by time",
    "equal",
    "noticed of what changes anything",
)
TABLE = f"| {' | '.join(HEADING)} |\n{'|---' * len(HEADING)}|\n"


def page(found: dict[str, dict[str, str]], totals: dict[str, int], reasons: Sequence[Reason]) -> str:
    """`found`: area -> name of a mutant -> its result; `totals`: area -> how many there are."""
    rows, lists = [], []
    for area, results in found.items():
        living = [name for name, result in results.items() if result in ("survived", "no test")]
        said = {name: next((reason for reason in reasons if reason.fits(name)), None) for name in living}
        equal = sum(1 for reason in said.values() if reason and reason.equal)
        changing = len(results) - equal
        score = f"{100 * (len(results) - len(living)) // changing} %" if changing else "-"
        timed_out = sum(result == "timeout" for result in results.values())
        cells = (area, totals[area], len(results), len(results) - len(living), timed_out, equal, score)
        rows.append(f"| {' | '.join(map(str, cells))} |")
        if living:
            lists.append(
                f"\n### {area}\n\n" + "\n".join(entry(name, reason) for name, reason in said.items())
            )
    return f"{HEAD}\n{TABLE}" + "\n".join(rows) + "\n\n## Survivors\n" + "\n".join(lists) + "\n"


def entry(name: str, reason: Reason | None) -> str:
    file, place, change = name.split(" | ", 2)
    # What looks like a link is none.
    was, is_now = change.replace("](", "] (").split(BECOMES, 1)
    if reason is None:
        why = "**no reason yet**"
    else:
        why = f"equal: {reason.equal}" if reason.equal else f"accepted: {reason.accepted}"
    return f"- `{file}` {place}: `` {was} `` → `` {is_now} ``: {why}"
