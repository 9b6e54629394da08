"""A ledger on SQLite, and the same on PostgreSQL where Debian's is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.board.conftest import postgres
from uploader.centre.ledger import META, Ledger
from uploader.centre.ledgerfile import open_ledger

__all__ = ["postgres"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty one."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'board.db').as_posix()}"
    address: str = request.getfixturevalue("postgres")
    engine = create_engine(address)
    META.drop_all(engine)
    engine.dispose()
    return address


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    found = open_ledger(database)
    yield found
    found.engine.dispose()
