"""For tests that run a command in their own process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from station.run.logs import close_logs


@pytest.fixture(autouse=True)
def logs_end_with_their_command() -> Iterator[None]:
    """A command keeps its logs open until its process ends."""
    yield
    close_logs()
