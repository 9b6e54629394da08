"""`python -m tests.tools.mutants.worker`: tries one mutant after the other in the tree that it stands in.

For each line of JSON on stdin (file, source, tests, seconds) one word on stdout. The packages that are slow
to import are imported once; each mutant then has a process of its own, forked from here, and what that starts
ends with it. Those processes read the changed file, too.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from time import monotonic, sleep

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
PYTEST = ("-x", "-q", "-p", "no:cacheprovider", "--no-header")
PASSED = 0
POLL_SECONDS = 0.02


if sys.platform == "win32":
    raise ImportError("Windows can't fork a process")


def main() -> int:
    for name in (*SLOW, *SLOW_TOO):
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        print(tried(Path(asked["file"]), asked["source"], asked["tests"], asked["seconds"]), flush=True)
    return 0


def tried(file: Path, source: str, tests: list[str], seconds: float) -> str:
    """`killed`, `survived` or `timeout`; the file is afterwards as it was."""
    whole = file.read_bytes()
    made_at = file.stat()
    file.write_text(source, encoding="utf-8", newline="\n")
    # Of two sources of one length and one second, Python would take one for the other.
    Path(cache_from_source(str(file.resolve()))).unlink(missing_ok=True)
    try:
        return run(tests, seconds)
    finally:
        file.write_bytes(whole)
        os.utime(file, ns=(made_at.st_atime_ns, made_at.st_mtime_ns))


def run(tests: list[str], seconds: float) -> str:
    child = os.fork()
    if child == 0:
        tested(tests)
    until = monotonic() + seconds
    ended, status = os.waitpid(child, os.WNOHANG)
    while ended == 0 and monotonic() < until:
        sleep(POLL_SECONDS)
        ended, status = os.waitpid(child, os.WNOHANG)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if ended == 0:
        os.waitpid(child, 0)
        return "timeout"
    return "survived" if os.waitstatus_to_exitcode(status) == PASSED else "killed"


def tested(tests: list[str]) -> None:
    """The forked process: a group of its own, silent, and gone with what it leaves behind in memory."""
    # Bytecode that is there is read; none is written of a source that is not there for long.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    code = 3
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        import pytest

        code = int(pytest.main([*PYTEST, *tests]))
    finally:
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
