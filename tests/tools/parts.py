"""`make test-interpreter`: the tests of what depends on the interpreter, in a few minutes on any Python.

Left out is what computes or reads files and does the same on every Python: the whole suite is `make test`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence

from tests.tools.environment import ROOT

PARTS = {
    "screens in a terminal": ("tests/station/terminal", "tests/station/tui/test_screens.py"),
    "the capture process": ("tests/audio/test_child.py", "tests/audio/test_interrupted.py"),
    "database and queue": (
        "tests/config/test_database.py",
        "tests/config/test_replacing.py",
        "tests/uploader/test_queue.py",
        "tests/uploader/test_worker.py",
    ),
    "sound": (
        "tests/audio/test_contract.py",
        "tests/audio/test_devices.py",
        "tests/audio/test_portaudio.py",
        "tests/station/test_record.py",
    ),
    "commands, streams and signals": (
        "tests/config/test_console.py",
        "tests/station/commands",
        "tests/station/test_ending.py",
        "tests/test_pythons.py",
    ),
    "what is installed": ("tests/test_wheel.py",),
}
"""What for -> the tests; folders with all that is in them."""


def main(arguments: Sequence[str]) -> int:
    """The tests, with these arguments of pytest, then the demo without a keyboard."""
    files = [file for part in PARTS.values() for file in part]
    tests = subprocess.run([sys.executable, "-m", "pytest", *arguments, *files], cwd=ROOT).returncode
    return tests or demo()


def demo() -> int:
    """`station demo --auto </dev/null`: every take sung, judged, delivered and verified."""
    print("== station demo --auto", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "station", "demo", "--auto", "--data", folder]
        return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
