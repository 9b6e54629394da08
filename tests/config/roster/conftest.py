"""Excel files read without a process of its own, where a test isn't about that process: in milliseconds."""

from __future__ import annotations

import io
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from config.roster import workbook


@pytest.fixture
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same reader; its limits of memory and time would be those of all tests."""

    def run(command: list[str], **named: Any) -> subprocess.CompletedProcess[bytes]:
        assert command[-1] == workbook.__name__
        answer = io.BytesIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workbook, "limit_this_process", lambda *limits: None)
            patch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(named["input"])))
            patch.setattr(sys, "stdout", SimpleNamespace(buffer=answer))
            workbook.main()
        return subprocess.CompletedProcess(command, 0, answer.getvalue())

    monkeypatch.setattr(subprocess, "run", run)
