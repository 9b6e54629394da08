"""`python -m tests.tools.mutants.worker`: tries one mutant after the other in the tree that it stands in.

For each line of JSON on stdin (file, source, tests, seconds, of_processor) one on stdout: what became of it
and, after a space, the test that failed. The packages that are slow to import are imported once; each mutant
then has a process of its own, forked from here, and what that starts ends with it. Those processes read the
changed file, too.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import cache_from_source
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.tools.mutants.answers import KILLED, OWN_FILES, STARVED, SURVIVED, TIMEOUT

SLOW = (
    "numpy",
    "pytest",
    "_pytest.assertion.rewrite",
    "pydantic",
    "pydantic_settings",
    "requests",
    "textual.app",
)
SLOW_TOO = (
    "textual.widgets",
    "click",
    "soundfile",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "sqlite3",
)
PYTEST = ("-x", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=native", "-rN", "-o", "timeout=20")
BY_TIME = "from pytest-timeout"
"""What stands in the message of a test that took too long."""
PASSED = 0
POLL_SECONDS = 0.02
STARVED_SECONDS = 10.0
"""Waited for a processor in all: then being slow says nothing of the mutant."""
SLOW_FAILURE = "slow"


if sys.platform == "win32":
    raise ImportError("Windows can't fork a process")


def main() -> int:
    for name in (*SLOW, *SLOW_TOO):
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        asked["file"] = Path(asked["file"])
        print(tried(**asked), flush=True)
    return 0


def tried(file: Path, source: str, tests: list[str], seconds: float, of_processor: int) -> str:
    """`killed` or `timeout` and by which test, `survived` or `starved`; the file is afterwards as it was."""
    with changed(file, source):
        return run(tests, seconds, of_processor)


@contextmanager
def changed(file: Path, source: str) -> Iterator[None]:
    whole = file.read_bytes()
    made_at = file.stat()
    file.write_text(source, encoding="utf-8", newline="\n")
    # Of two sources of one length and one second, Python would take one for the other.
    Path(cache_from_source(str(file.resolve()))).unlink(missing_ok=True)
    try:
        yield
    finally:
        file.write_bytes(whole)
        os.utime(file, ns=(made_at.st_atime_ns, made_at.st_mtime_ns))


def run(tests: list[str], seconds: float, of_processor: int) -> str:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        tested(tests, of_processor, writing)
    os.close(writing)
    return watched(child, reading, seconds)


def watched(child: int, reading: int, seconds: float) -> str:
    """What becomes of a process and of all that it starts; afterwards all of that has ended."""
    until = monotonic() + seconds
    ended, status = os.waitpid(child, os.WNOHANG)
    while ended == 0 and monotonic() < until:
        sleep(POLL_SECONDS)
        ended, status = os.waitpid(child, os.WNOHANG)
    hungry = ended == 0 and starved(child)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if ended == 0:
        os.waitpid(child, 0)
    sweep()
    failed = first_line(reading)
    how, _, test = failed.partition(" ")
    if hungry or how == SLOW_FAILURE:
        return STARVED
    if ended == 0 or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return TIMEOUT
    return SURVIVED if os.waitstatus_to_exitcode(status) == PASSED else f"{how or KILLED} {test}"


def sweep() -> None:
    """A process that is ended leaves its temporary files behind."""
    if OWN_FILES in os.environ:
        for left in Path(os.environ[OWN_FILES]).iterdir():
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def starved(process: int) -> bool:
    """Whether others had the processors for most of its time (Linux: Documentation/scheduler/sched-stats)."""
    with suppress(OSError):
        _, waited, _ = Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()
        return int(waited) / 1e9 > STARVED_SECONDS
    return False


def first_line(reading: int) -> str:
    """Of what has been written, without waiting for who still may."""
    os.set_blocking(reading, False)
    with suppress(BlockingIOError), open(reading, "rb", buffering=0) as told:
        return (told.read(4096) or b"").decode(errors="replace").partition("\n")[0]
    return ""


class Teller:
    """Plug-in of pytest: writes the names of tests that fail."""

    def __init__(self, writing: int) -> None:
        self._writing = writing

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            late = BY_TIME in report.longreprtext
            how = KILLED if not late else SLOW_FAILURE if starved(os.getpid()) else TIMEOUT
            os.write(self._writing, f"{how} {report.nodeid}\n".encode())


def tested(tests: list[str], of_processor: int, writing: int) -> None:
    """The forked process: gone with what it leaves behind in memory."""
    code = 3
    try:
        set_apart(of_processor)
        code = int(pytest.main([*PYTEST, *tests], plugins=[Teller(writing)]))
    finally:
        os._exit(code)


def set_apart(of_processor: int) -> None:
    """This process: a group of its own, and silent.

    An endless loop ends by the processor's time, which a busy machine doesn't shorten.
    """
    # Bytecode that is there is read; none is written of a source that is not there for long.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (of_processor, of_processor + 5))


if __name__ == "__main__":
    sys.exit(main())
