"""A board on SQLite, and the same on PostgreSQL where Debian's is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine

from board.boardfile import BoardSettings
from board.expected import ExpectedStation
from board.serving import ServedBoard
from board.store import people as people_module
from board.store.engine import open_board
from board.store.relations import META
from board.web.application import Stores, board_app
from station.words.i18n import worded
from tests.board.postgres import POSTGRES, PostgresServer
from tests.board.visitor import Visitor
from uploader.centre.accounts import Accounts
from uploader.centre.ledger import META as CENTRE

DISTRICT, OTHER = "310105", "310106"
PASSWORD = "a long password"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a cluster of our own, on loopback, gone afterwards."""
    if not POSTGRES:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with PostgresServer() as found:
        yield found.address


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """Two districts, two schools in the first, users of each kind."""
    if request.param == "sqlite":
        address = f"sqlite:///{(tmp_path / 'board.db').as_posix()}"
    else:
        address = request.getfixturevalue("postgres")
        engine = create_engine(address)
        META.drop_all(engine)
        CENTRE.drop_all(engine)
        engine.dispose()
    engine = open_board(address)
    found = Stores.of(engine, centre=Accounts(engine))
    found.roll.expect(
        DISTRICT,
        [
            ExpectedStation("310105-017-A", "娄山小学", "音乐教室", "王老师 021-1", 30),
            ExpectedStation("310105-018-A", "天山小学", "", "", 0),
            ExpectedStation("310105-019-A", "静默小学", "", "李老师 021-2", 0),
        ],
    )
    found.roll.expect(OTHER, [ExpectedStation("310106-001-A", "外区小学")])
    yield found
    engine.dispose()


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed hundreds of times; one test has the real cost (fixture `real_hashes`)."""
    if "real_hashes" not in request.fixturenames:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(people_module, "_HASHER", quick)
        monkeypatch.setattr(people_module, "_NOBODY", quick.hash("nobody"))


@pytest.fixture
def real_hashes() -> None:
    """Passwords are hashed as on a real board."""


@pytest.fixture
def people(stores: Stores) -> Stores:
    """Two of one district, one of the other."""
    stores.people.add("technician", "district", DISTRICT, PASSWORD)
    stores.people.add("viewer", "viewer", DISTRICT, PASSWORD)
    stores.people.add("neighbour", "district", OTHER, PASSWORD)
    return stores


@pytest.fixture
def served(stores: Stores) -> Iterator[ServedBoard]:
    with ServedBoard(board_app(BoardSettings(language="en"), stores, worded)) as found:
        yield found


@pytest.fixture
def visitor(served: ServedBoard) -> Iterator[Visitor]:
    found = Visitor(served.url)
    yield found
    found.close()
