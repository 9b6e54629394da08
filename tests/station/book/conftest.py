from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.uploader.tusserver import TusServer


@pytest.fixture
def server() -> Iterator[TusServer]:
    with TusServer() as found:
        yield found
