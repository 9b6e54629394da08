"""A board and a worker of the centre that start before their database, and several that start at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, inspect

from board.store import engine as board_engine
from board.store.engine import open_board
from board.store.relations import META as BOARD
from config import await_server, engine_at, engines
from config.base import DiskError
from tests.board.postgres import POSTGRES, PostgresServer
from tests.uploader.realservers import free_port
from uploader.centre.accounts import Accounts
from uploader.centre.ledger import META as CENTRE
from uploader.centre.ledgerfile import open_ledger

AT_ONCE = 4


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    if not POSTGRES:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with PostgresServer() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def address(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'board.db').as_posix()}"
    found: str = request.getfixturevalue("server").address
    empty(found)
    return found


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PAUSE_SECONDS", 0.05)


def board(address: str, waiting: Callable[[], None] | None = None) -> Engine:
    return open_board(address, waiting)


def worker(address: str, waiting: Callable[[], None] | None = None) -> Engine:
    return open_ledger(address, waiting).engine


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("program", [board, worker])
def test_a_program_that_starts_before_its_database_says_so_once_and_goes_on_when_it_is_there(
    server: PostgresServer, program: Callable[[str, Callable[[], None]], Engine]
) -> None:
    server.kill()
    told = []

    def waiting() -> None:
        told.append("waits")
        server.start()

    engine = program(server.address, waiting)
    assert told == ["waits"]
    assert inspect(engine).get_table_names()
    engine.dispose()


def test_a_database_that_never_comes_is_waited_for_so_long_and_no_longer() -> None:
    engine = engine_at(f"postgresql+psycopg://board@127.0.0.1:{free_port()}/postgres")
    told, slept = list[str](), list[float]()
    await_server(engine, lambda: told.append("waits"), 0.2, slept.append)
    assert told == ["waits"]
    assert slept


def test_a_command_that_a_person_waits_for_does_not_wait_for_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board_engine, "await_server", lambda *_: pytest.fail("it waits"))
    with pytest.raises(DiskError):
        open_board(f"postgresql+psycopg://board@127.0.0.1:{free_port()}/postgres")


def test_boards_and_workers_that_start_at_the_same_moment_all_find_their_tables(address: str) -> None:
    begin = Barrier(2 * AT_ONCE)

    def started(number: int) -> Engine:
        begin.wait()
        if number % 2:
            return worker(address)
        engine = board(address)
        Accounts(engine)
        return engine

    with ThreadPoolExecutor(2 * AT_ONCE) as threads:
        found = list(threads.map(started, range(2 * AT_ONCE)))
    tables = set(inspect(found[0]).get_table_names())
    for engine in found:
        engine.dispose()
    assert tables == {*BOARD.tables, *CENTRE.tables}


def test_a_database_of_an_older_program_gets_the_indexes_that_are_new(address: str) -> None:
    engine = board(address)
    with engine.begin() as db:
        db.exec_driver_sql("DROP INDEX latest_school")
    engine.dispose()
    engine = board(address)
    names = {found["name"] for found in inspect(engine).get_indexes("latest")}
    engine.dispose()
    assert names == {"latest_district", "latest_school"}


def empty(address: str) -> None:
    engine = create_engine(address)
    with engine.begin() as db:
        db.exec_driver_sql("DROP SCHEMA public CASCADE")
        db.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
