"""The command in a process that is a copy of one that has loaded everything, in a tenth of the time.

multiprocessing's server of copies; it has no threads and is asked by one test at a time. What a start decides
(encoding, search path, signals) is tested with processes that are really started.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import audio
import config
import station
import uploader
from station.__main__ import main

HOUSES = (config, audio, uploader, station)
LOADED = [
    *("numpy", "soundfile", "requests", "textual.app", "jinja2", "openpyxl"),
    *(
        module.name
        for house in HOUSES
        for module in pkgutil.walk_packages(house.__path__, f"{house.__name__}.")
        if not module.name.endswith("__main__")
    ),
    __name__,
]


def called(
    words: Sequence[str],
    env: Mapping[str, str],
    cwd: Path,
    seconds: float,
    before: Callable[[], None] | None = None,
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr; `before` is called in the process. Raises TimeoutError."""
    if sys.platform == "win32":
        raise NotImplementedError
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    with tempfile.TemporaryDirectory(prefix="called-") as name:
        streams = [Path(name) / stream for stream in ("out", "err")]
        process = context.Process(target=_run, args=(list(words), dict(env), cwd, streams, before))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(f"station {' '.join(words)}: not done after {seconds:.0f} s")
        out, err = (stream.read_text(encoding="utf-8") for stream in streams)
        return process.exitcode, out, err


def _run(
    words: list[str],
    env: dict[str, str],
    cwd: Path,
    streams: Sequence[Path],
    before: Callable[[], None] | None,
) -> None:
    """As `python -m station` begins and ends, but for what Python does before."""
    for number, path in enumerate((Path(os.devnull), *streams)):
        with path.open("w" if number else "r", encoding="utf-8") as stream:
            os.dup2(stream.fileno(), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = ["station", *words]
    sys.path.insert(0, str(cwd))
    try:
        if before is not None:
            before()
        main()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
