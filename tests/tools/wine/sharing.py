"""Which pytest runs which files, when several run side by side.

Workers of one pytest would collect all tests each, which takes a process under Wine a minute and more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from tests.tools.environment import ROOT

DURATION = re.compile(r"^([\d.]+)s (?:call|setup|teardown) +(tests/\S+?\.py)::", re.MULTILINE)
"""A line of pytest --durations."""
LEAST_SECONDS = 1.0
"""For a file to be read, beside its tests."""


def files_in(places: Sequence[str]) -> list[str]:
    """The test files of folders and files, as pytest wants them."""
    found: set[str] = set()
    for place in places:
        path = ROOT / place
        files = [path] if path.is_file() else path.rglob("test_*.py")
        found.update(file.relative_to(ROOT).as_posix() for file in files)
    return sorted(found)


def weights(files: Sequence[str], log: str) -> dict[str, float]:
    """What each costs: its seconds in the log of a run, or its bytes where there was none yet."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for spent, file in DURATION.findall(log):
        seconds[file] += float(spent)
    if not seconds:
        return {file: float((ROOT / file).stat().st_size) for file in files}
    return {file: LEAST_SECONDS + seconds[file] for file in files}


def shared(weight: Mapping[str, float], parts: int) -> list[list[str]]:
    """So many lists, or fewer, of about the same weight: each file to who has least, heavy ones first."""
    lists: list[list[str]] = [[] for _ in range(parts)]
    total = [0.0] * parts
    for file in sorted(weight, key=lambda file: (-weight[file], file)):
        lightest = total.index(min(total))
        lists[lightest].append(file)
        total[lightest] += weight[file]
    return [some for some in lists if some]
