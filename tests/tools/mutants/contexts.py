"""Plug-in of pytest: coverage learns which test runs, and a file gets the seconds of each that passed.

Processes that a test starts are measured too; theirs is in the setting `context`, from pytest's variable.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage

SECONDS_IN = "STATION_SECONDS_OF_TESTS"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    measuring = Coverage.current()
    if measuring is not None:
        measuring.switch_context(item.nodeid)
    result = yield
    if measuring is not None:
        measuring.switch_context("")
    return result


seconds: dict[str, float] = {}
failed: set[str] = set()
skipped: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    seconds[report.nodeid] = seconds.get(report.nodeid, 0.0) + report.duration
    if report.failed:
        failed.add(report.nodeid)
    elif report.skipped:
        skipped.add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        passed = {test: took for test, took in seconds.items() if test not in failed | skipped}
        told = {"passed": passed, "failed": sorted(failed)}
        Path(os.environ[SECONDS_IN]).write_text(json.dumps(told), encoding="utf-8")
