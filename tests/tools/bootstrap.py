"""Everything that `make` and `make.bat` do: `python -m tests.tools TARGET [ARGUMENTS]`.

Stdlib only, so that it runs on a machine where nothing is installed. Every target but `help` and `clean`
first makes the environment of its Python fit. One table holds the targets; `make help` is printed from it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from config.base.console import is_console, is_keyboard, prepare_streams
from tests.tools import environment, system_packages
from tests.tools.checks import failed_checks, started, started_checks, yielding
from tests.tools.environment import ROOT, SetupError, executable, surroundings
from tests.tools.lock import write_lock

SOME_FAILED, NO_TESTS = 1, 5
"""Exit codes of pytest."""
ALONE = "pytest.mark.alone"
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", "build", "dist")


def run(*arguments: str) -> int:
    """Python of the environment with these arguments, in the project's folder."""
    return subprocess.run([executable("python"), *arguments], cwd=ROOT, env=surroundings()).returncode


def demo(arguments: Sequence[str]) -> int:
    """the demo afternoon: on screen with a terminal, by itself without one"""
    system_packages.provide_for_demo()
    on_screen = is_keyboard(sys.stdin) and is_console(sys.stdout) and is_console(sys.stderr)
    return run("-m", "station", "demo", *([] if on_screen else ["--auto"]), *arguments)


def demo_board(arguments: Sequence[str]) -> int:
    """the district's board with twenty simulated schools, in the browser"""
    return run("-m", "station", "board", "demo", *arguments)


def test(arguments: Sequence[str]) -> int:
    """all checks and all tests but the long ones"""
    system_packages.provide_for_tests()
    checks = yielding(started_checks())
    # What is collected once need not be compiled by every worker.
    for process in [started("-m", "tests.tools.tusd"), started("-m", "pytest", "--collect-only", "-qq")]:
        process.communicate()
    first = run_crowd("not long", arguments)
    failed = failed_checks(checks)
    tests = then_alone(first, "not long", arguments)
    report(failed)
    return tests or (1 if failed else 0)


def test_long(arguments: Sequence[str]) -> int:
    """the long tests: whole afternoons, every fault and every signal in a terminal (minutes)"""
    system_packages.provide_for_tests()
    return then_alone(run_crowd("long", arguments), "long", arguments)


def run_crowd(which: str, arguments: Sequence[str]) -> int:
    """Most tests side by side.

    What fails beside others is run once more by itself, and both are told: sound and keys need their time.
    """
    chosen = ("-m", f"{which} and not alone")
    code = run("-m", "pytest", "-n", workers(), "--dist", "worksteal", *chosen, *arguments)
    if code == SOME_FAILED:
        print("== What failed beside others, once more by itself", flush=True)
        code = run("-m", "pytest", "--last-failed", *chosen, *arguments)
    return code


def then_alone(first: int, which: str, arguments: Sequence[str]) -> int:
    """After the crowd, one by one, those that measure what a busy machine hides; the code of both."""
    if first not in (0, NO_TESTS):
        return first
    second = run("-m", "pytest", "-m", f"{which} and alone", *arguments, *files_of_alone())
    return first if second == NO_TESTS else second


def files_of_alone() -> list[str]:
    """Collecting all tests for these few would take longer than most of them."""
    files = sorted((ROOT / "tests").glob("**/test_*.py"))
    return [str(file.relative_to(ROOT)) for file in files if ALONE in file.read_text(encoding="utf-8")]


def workers() -> str:
    """Most tests wait for sound or for a line, so there are more of them than cores."""
    return str(min(8, 3 * (os.cpu_count() or 1)))


def test_interpreter(arguments: Sequence[str]) -> int:
    """of all tests those of what depends on the interpreter, and the demo by itself"""
    system_packages.provide_for_tests()
    return run("-m", "tests.tools.parts", "-n", workers(), "--dist", "worksteal", *arguments)


def test_pythons(arguments: Sequence[str]) -> int:
    """all tests on this Python, test-interpreter on each other one of this machine"""
    return run("-m", "tests.tools.matrix", *arguments)


def test_windows(arguments: Sequence[str]) -> int:
    """the station on Windows' Python under Wine (Debian, minutes; ARGS=--short or --long)"""
    system_packages.provide_for_demo()
    return run("-m", "tests.tools.wine", *arguments)


def test_centre(arguments: Sequence[str]) -> int:
    """docs/centre.md on loopback: nginx, SeaweedFS, PostgreSQL, two of the rest, with kills (Debian, Go)"""
    system_packages.provide(system_packages.CENTRE)
    run("-m", "tests.tools.testservers", "tusd", "moto", "node-s3", "seaweedfs")
    return run("-m", "pytest", "-q", "-s", "-rs", "-m", "long", "tests/uploader/centre", *arguments)


def check(arguments: Sequence[str]) -> int:
    """style, types (also for Windows), one-way imports, translations"""
    failed = failed_checks(started_checks())
    report(failed)
    return 1 if failed else 0


def report(failed: Sequence[str]) -> None:
    if failed:
        print(f"Failed: {', '.join(failed)}", flush=True)


def messages(arguments: Sequence[str]) -> int:
    """collect the sentences into the catalogues and compile them"""
    return run("-m", "tests.tools.messages", *arguments)


def lock(arguments: Sequence[str]) -> int:
    """write requirements.lock anew (ARGS=--upgrade takes newer versions)"""
    return write_lock(arguments)


def wheels(arguments: Sequence[str]) -> int:
    """prove from the index that every run-time package has a wheel for Windows"""
    return run("-m", "tests.tools.wheels", *arguments)


def bundle(arguments: Sequence[str]) -> int:
    """one archive with Python for a school (ARGS=windows-x86_64, linux-x86_64, linux-arm64)"""
    return run("-m", "tests.tools.bundle", *arguments)


def test_bundle(arguments: Sequence[str]) -> int:
    """build bundles twice, unpack them and use them without any other Python (minutes)"""
    return run("-m", "tests.tools.bundle.trial", *arguments)


def readme(arguments: Sequence[str]) -> int:
    """write the tables of README.md from the commands and the settings"""
    return run("-m", "tests.tools.readme", *arguments)


def pictures(arguments: Sequence[str]) -> int:
    """draw the pictures of the screens that README.md shows"""
    return run("-m", "tests.tools.pictures", *arguments)


def bench_capture(arguments: Sequence[str]) -> int:
    """measure the capture process beside others (Linux, minutes)"""
    return run("-m", "tests.bench.capture", *arguments)


def bench_verdict(arguments: Sequence[str]) -> int:
    """judge the sounds whose right verdict is known; tables and pictures of docs/verdicts.md"""
    return run("-m", "tests.bench.verdict", *arguments)


def bench_upload(arguments: Sequence[str]) -> int:
    """measure the uploader beside others (Linux, minutes)"""
    return run("-m", "tests.bench.upload", *arguments)


def bench_afternoon(arguments: Sequence[str]) -> int:
    """measure the screens over a whole afternoon (Linux, minutes)"""
    return run("-m", "tests.bench.afternoon", *arguments)


def bench_centre(arguments: Sequence[str]) -> int:
    """measure board and receipts under 6,000 stations; writes docs/bench-centre.md (Debian, minutes)"""
    system_packages.provide(system_packages.CENTRE)
    run("-m", "tests.tools.testservers", "tusd", "seaweedfs")
    return run("-m", "tests.bench.centre.report", *arguments)


def fuzz(arguments: Sequence[str]) -> int:
    """spoilt files, then answers, sticks and databases, for every reader (ARGS="--minutes 1 sidecar")"""
    code = run("-m", "tests.fuzz", *arguments)
    # Who names readers wants those alone.
    return code if arguments else max(code, run("-m", "tests.uploader.fuzz", "--minutes", "10"))


def mutants(arguments: Sequence[str]) -> int:
    """change a line, run its tests: what would they miss? (an hour; ARGS="--sample 20", docs/mutants.md)"""
    return run("-m", "tests.tools.mutants", *arguments)


def clean(arguments: Sequence[str]) -> int:
    """remove the environments and caches; recordings stay"""
    environments = (
        folder.name for folder in (environment.FIRST, *ROOT.glob(f"{environment.FIRST.name}-3.*"))
    )
    for name in (*environments, *CACHES):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    return 0


def show_help(arguments: Sequence[str]) -> int:
    """this list"""
    print("make TARGET [ARGS=...]   on Windows: make.bat TARGET ...\n")
    for name, target in TARGETS.items():
        print(f"  {name:16} {target.__doc__}")
    return 0


TARGETS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "demo-board": demo_board,
    "test": test,
    "test-long": test_long,
    "test-interpreter": test_interpreter,
    "test-pythons": test_pythons,
    "test-windows": test_windows,
    "test-centre": test_centre,
    "check": check,
    "messages": messages,
    "readme": readme,
    "pictures": pictures,
    "lock": lock,
    "wheels": wheels,
    "bundle": bundle,
    "test-bundle": test_bundle,
    "bench-capture": bench_capture,
    "bench-verdict": bench_verdict,
    "bench-upload": bench_upload,
    "bench-afternoon": bench_afternoon,
    "bench-centre": bench_centre,
    "fuzz": fuzz,
    "mutants": mutants,
    "clean": clean,
    "help": show_help,
}
BARE = ("lock", "clean", "help")
"""Targets that need no environment."""


def main(arguments: Sequence[str]) -> int:
    prepare_streams()
    name = arguments[0] if arguments else "help"
    if name not in TARGETS:
        print(f"There is no target “{name}”.")
        show_help([])
        return 2
    try:
        if name not in BARE:
            environment.prepare()
        return TARGETS[name](arguments[1:])
    except SetupError as error:
        print(error)
        return 2
    except KeyboardInterrupt:
        return 130
