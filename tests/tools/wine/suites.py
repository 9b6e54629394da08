"""The tests of the project under Wine, but for those that tests/windows/left_out.toml names.

1. Several pytest side by side, each with its own files: to collect them takes long under Wine.
2. Without --long, the long tests are left out, what depends least on the system (what is only reckoned),
   what starts a process for every line (the commands, each a few seconds of processor time under Wine),
   and every second case of a test with more than six.
3. What fails beside the others is tried again alone, and both are told.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.tools.portable.artifacts import CACHE
from tests.tools.wine.bench import Bench
from tests.tools.wine.session import windows_path
from tests.tools.wine.sharing import files_in, shared, weights
from tests.tools.wine.steps import StepError, Steps, need

WINDOWS = ("tests/windows",)
SHORT = (
    *WINDOWS,
    "tests/config/disk",
    "tests/config/access",
    "tests/audio/file/test_takefile.py",
    "tests/audio/file/test_syncing.py",
    "tests/audio/capture_process/test_child.py",
)
"""What depends on the system most: files that are replaced, rights, locks, the recorder's process."""
USUAL = (
    *WINDOWS,
    "tests/config",
    "tests/audio/file",
    "tests/audio/device",
    "tests/audio/protocol",
    "tests/audio/capture_process",
    "tests/uploader",
    "tests/station/session",
    "tests/station/sound",
    "tests/station/tui",
)
LONG = (*WINDOWS, "tests/config", "tests/audio", "tests/uploader", "tests/station")
SECONDS = {SHORT: 400.0, USUAL: 900.0, LONG: 5400.0}
TEST_SECONDS = "180"
"""A test that needs more hangs; on a busy machine a process under Wine may need 20 s to start."""
LOGS = {SHORT: "suites-short", USUAL: "suites", LONG: "suites-long"}
SIDE_BY_SIDE = 4
"""Most tests wait, so there are more of them than cores."""
FEWER = {"STATION_KILLS": "9", "STATION_CASES": "2"}
"""Each kill starts two processes, and the steps of `faults` kill, too. Cases: see tests/conftest.py."""
SUMMARY = re.compile(r"^=*\s*((?:\d+ \w+, )*\d+ \w+) in ", re.MULTILINE)
BAD = re.compile(r"^(?:FAILED|ERROR) (tests/\S.*?)(?: - .*)?$", re.MULTILINE)
ENDED = re.compile(r"^(tests/\S+?)::.* ([A-Z]+)(?: \(.*\))? +\[ *\d+%\]$", re.MULTILINE)
NO_TESTS = 5
"""Exit code of pytest."""
SHOWN = 15
AGAIN = 12
"""More than that are no accidents."""


@dataclass(frozen=True)
class Ran:
    """What pytest said."""

    code: int | None
    """None where it was not done in time."""
    output: str

    @property
    def told(self) -> str:
        counts: Counter[str] = Counter()
        for summary in SUMMARY.findall(self.output):
            for count in summary.split(", "):
                number, word = count.split(" ")
                counts[word.removesuffix("s")] += int(number)
        return listed(counts) or self.output[-500:]

    @property
    def bad(self) -> list[str]:
        """Ids of the tests that failed."""
        return list(dict.fromkeys(BAD.findall(self.output)))


def run(steps: Steps, bench: Bench, places: Sequence[str]) -> None:
    """One step for pytest, then a line for each place with what became of its tests."""
    held: list[Ran] = []
    seconds = SECONDS[tuple(places)]

    which, env = ((), {}) if tuple(places) == LONG else (("-m", "not alone and not long"), FEWER)

    def first() -> str:
        before = log_of(LOGS[tuple(places)])
        known = before.read_text(encoding="utf-8") if before.exists() else ""
        parts = shared(weights(files_in(places), known), SIDE_BY_SIDE)
        ran = run_parts(bench, parts, seconds, which, env)
        log = keep(LOGS[tuple(places)], ran.output)
        held.append(ran)
        need(ran.code is not None, f"not done after {seconds:.0f} s ({log})")
        need(
            ran.code == 0 or (ran.code == 1 and ran.bad), f"pytest ended with {ran.code}: {ran.told} ({log})"
        )
        return ran.told

    def second() -> str:
        ran = run_pytest(bench, held[0].bad, float(TEST_SECONDS) * len(held[0].bad))
        log = keep("suites-again", ran.output)
        held.append(ran)
        return f"{ran.told} ({log})"

    steps.run("suites under pytest", first)
    if held and 0 < len(held[0].bad) <= AGAIN:
        steps.run("those that failed, again and alone", second)
    for place in places if held else ():
        steps.run(place, partial(verdict, place, held[0], held[1] if held[1:] else None))


def verdict(place: str, first: Ran, alone: Ran | None) -> str:
    """What became of the tests of a place; raises StepError where one failed."""
    told = counted(place, ENDED.findall(first.output))
    bad = [test for test in first.bad if within(test, place)]
    if not bad:
        need(told, "no test was run")
        return told
    # One that could not be found alone has not passed.
    done = alone is not None and alone.code in (0, 1)
    still = [test for test in bad if not done or alone is None or test in alone.bad]
    if still:
        more = f" and {len(still) - SHOWN} more" if len(still) > SHOWN else ""
        raise StepError(told + "".join(f"\n    {test[:200]}" for test in still[:SHOWN]) + more)
    return f"{told}; passed when tried again alone: {', '.join(bad)}"


def counted(place: str, ended: Iterable[tuple[str, str]]) -> str:
    """“230 passed, 2 skipped”, most first."""
    return listed(Counter(outcome.lower() for test, outcome in ended if within(test, place)))


def listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.most_common())


def within(test: str, place: str) -> bool:
    """Whether a test, by its id, stands in a file or folder."""
    return test.startswith((f"{place}/", f"{place}::")) or test == place


def run_parts(
    bench: Bench,
    parts: Sequence[Sequence[str]],
    seconds: float,
    more: Sequence[str],
    env: Mapping[str, str],
) -> Ran:
    """A pytest for each list of files, side by side: what all of them said, as if it were one."""
    with ThreadPoolExecutor(len(parts)) as pool:
        runs = [
            pool.submit(run_pytest, bench, files, seconds, more, env, f"pytest-{number}")
            for number, files in enumerate(parts, 1)
        ]
        return together([run.result() for run in runs])


def together(runs: Sequence[Ran]) -> Ran:
    codes = [run.code for run in runs]
    ended = [0 if code == NO_TESTS else code for code in codes if code is not None]
    odd = [code for code in ended if code not in (0, 1)]
    code = None if len(ended) < len(runs) else odd[0] if odd else max(ended)
    return Ran(code, "\n".join(run.output for run in runs))


def run_pytest(
    bench: Bench,
    places: Sequence[str],
    seconds: float,
    more: Sequence[str] = (),
    env: Mapping[str, str] = FEWER,
    name: str = "pytest",
) -> Ran:
    temporary = bench.folder / name
    temporary.mkdir(exist_ok=True)
    try:
        done = bench.session.python(
            "-m", "pytest", *places, "-v", "-m", "not alone", *more,
            "-p", "tests.windows.left_out", "-rfEX", "--tb=short", "--timeout", TEST_SECONDS,
            "--durations=0", "--durations-min=0.1",
            "-o", f"cache_dir={windows_path(temporary / 'cache')}",
            "--basetemp", windows_path(temporary / "t"),
            seconds=seconds, env=env,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        so_far = late.stdout if isinstance(late.stdout, bytes) else b""
        return Ran(None, so_far.decode("utf-8", "replace").replace("\r\n", "\n"))
    return Ran(done.returncode, done.stdout + done.stderr)


def keep(name: str, output: str) -> Path:
    """Everything that the tests printed, beside Wine in the cache."""
    log = log_of(name)
    log.parent.mkdir(exist_ok=True)
    log.write_text(output, encoding="utf-8")
    return log


def log_of(name: str) -> Path:
    return CACHE / "wine" / "logs" / f"{name}.log"
