"""A ledger on SQLite, and the same on PostgreSQL where Debian's is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.board.conftest import postgres
from tests.tools.testservers import NODE_S3, S3, TUSD
from tests.uploader.s3servers import NodeOnS3, Store, TusdOnS3
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


@pytest.fixture
def store() -> Iterator[Store]:
    """An S3 server with an empty bucket."""
    if S3.why_not:
        pytest.skip(S3.why_not)
    with Store() as found:
        yield found


@pytest.fixture(
    params=[
        pytest.param((TusdOnS3, TUSD), id="tusd", marks=pytest.mark.go),
        pytest.param((NodeOnS3, NODE_S3), id="@tus/server", marks=pytest.mark.node),
    ]
)
def on_s3(request: pytest.FixtureRequest, store: Store) -> TusdOnS3 | NodeOnS3:
    """An upload server that stores there."""
    kind, needs = request.param
    if needs.why_not:
        pytest.skip(needs.why_not)
    found: TusdOnS3 | NodeOnS3 = kind(store)
    return found
