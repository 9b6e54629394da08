"""`make test-interpreter`: the tests of what depends on the interpreter, in a few minutes on any Python.

Left out is what computes or reads files and does the same on every Python: the whole suite is `make test`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.tools.environment import ROOT

PARTS = {
    "screens in a terminal": ("tests/station/terminal", "tests/station/tui/test_screens.py"),
    "the capture process": (
        "tests/audio/capture_process/test_child.py",
        "tests/audio/capture_process/test_interrupted.py",
    ),
    "database and queue": (
        "tests/config/disk/test_database.py",
        "tests/config/disk/test_files.py",
        "tests/uploader/queue/test_queue.py",
        "tests/uploader/send/test_worker.py",
    ),
    "sound": (
        "tests/audio/capture_process/test_contract.py",
        "tests/audio/device/test_lookup.py",
        "tests/audio/device/test_portaudio.py",
        "tests/station/run/test_single_take.py",
    ),
    "commands, streams and signals": (
        "tests/config/base/test_console.py",
        "tests/station/commands/test_interrupted.py",
        "tests/station/commands/test_start.py",
        "tests/station/commands/test_streams.py",
        "tests/station/commands/test_surroundings.py",
        "tests/station/commands/test_waiting.py",
        "tests/station/run/test_ending.py",
        "tests/test_pythons.py",
    ),
    "what is installed": ("tests/test_wheel.py",),
}
"""What for -> the tests; folders with all that is in them."""
SOME_FAILED = 1
"""Exit code of pytest."""
DEMO_SECONDS = 600
"""After the tests, the demo is not waited for any longer."""


def main(arguments: Sequence[str]) -> int:
    """The tests, with these arguments of pytest, and beside them the demo, which mostly waits for sound."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "told").open("w+b") as told:
        command = demo_command(Path(folder) / "data")
        demo = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
        try:
            tests = subprocess.run(tests_command(arguments), cwd=ROOT).returncode
            if tests == SOME_FAILED:
                print("== What failed beside others, once more by itself", flush=True)
                tests = subprocess.run(tests_command(["--last-failed"]), cwd=ROOT).returncode
            code = demo.wait(DEMO_SECONDS)
        finally:
            demo.kill()
            demo.wait()
            told.seek(0)
            print(f"== station demo --auto\n{told.read().decode('utf-8', 'replace')}", flush=True)
    return tests or code


def tests_command(arguments: Sequence[str]) -> list[str]:
    files = [file for part in PARTS.values() for file in part]
    return [sys.executable, "-m", "pytest", "-m", "not long or costly", *arguments, *files]


def demo_command(data: Path) -> list[str]:
    """Every take sung, judged, delivered and verified, or the exit code is not 0."""
    return [sys.executable, "-m", "station", "demo", "--auto", "--students", "1", "--data", str(data)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
