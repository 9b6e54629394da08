"""Programs under Wine are waited for, and what they started is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.tools.wine.output import run_to_end

HEIR = """
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(50)"]).pid)
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Wine is waited for from outside")


def python(code: str, seconds: float = 30.0) -> subprocess.CompletedProcess[str]:
    return run_to_end([sys.executable, "-c", code], seconds)


def test_all_that_is_printed_and_the_exit_code_come_back() -> None:
    done = python("import sys; print('早' * 100_000); print('b\\r', file=sys.stderr); sys.exit(3)")
    assert (done.returncode, done.stdout, done.stderr) == (3, "早" * 100_000 + "\n", "b\n")


def test_a_service_that_keeps_the_pipes_holds_nobody() -> None:
    # Raises where it ended before.
    os.kill(int(python(HEIR).stdout), signal.SIGTERM)


def test_a_program_that_closes_its_pipes_is_waited_for() -> None:
    done = python("import os, time; os.close(1); os.close(2); time.sleep(0.5); os._exit(4)")
    assert done.returncode == 4


def test_a_program_that_does_not_end_is_ended_and_its_words_are_kept() -> None:
    with pytest.raises(subprocess.TimeoutExpired) as late:
        python("import time; print('so far', flush=True); time.sleep(60)", 2.0)
    assert late.value.stdout == b"so far\n"
