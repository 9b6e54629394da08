"""A database that several programs share, by its address: SQLite for a district, PostgreSQL for more.

Imported only by who has the extra with SQLAlchemy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect
from sqlalchemy.exc import InterfaceError, OperationalError

from config.disk.database import BUSY_TIMEOUT_MS, use_wal

CONNECT_SECONDS = 10
"""A computer that is off must not hold a page longer; psycopg's own limit is 130 s."""
AWAITED_SECONDS = 600.0
"""PostgreSQL reads its log again after a power cut before it answers: minutes, with a province's."""
PAUSE_SECONDS = 1.0
TABLES_LOCK = 0x73696E67
"""Any number, the same for all programs on one database."""


def engine_at(address: str) -> Engine:
    """`address` as SQLAlchemy takes it. Nothing is opened yet. Raises SQLAlchemyError, ImportError."""
    if address.startswith("sqlite"):
        engine = create_engine(address, hide_parameters=True)
        event.listen(engine, "connect", _prepare)
        return engine
    limit = {"connect_timeout": CONNECT_SECONDS}
    return create_engine(address, pool_pre_ping=True, hide_parameters=True, connect_args=limit)


def _prepare(connection: Any, _record: object) -> None:
    use_wal(connection)
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.close()


def await_server(
    engine: Engine,
    waiting: Callable[[], None],
    seconds: float = AWAITED_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return when the server of a database answers, or after so many seconds; a file is not waited for.

    `waiting` is called once, if there is something to wait for. Raises whatever else is wrong.
    """
    if engine.dialect.name == "sqlite":
        return
    deadline, told = time.monotonic() + seconds, False
    while not _answers(engine) and time.monotonic() < deadline:
        if not told:
            waiting()
            told = True
        sleep(PAUSE_SECONDS)


def _answers(engine: Engine) -> bool:
    try:
        engine.connect().close()
    except (OperationalError, InterfaceError):
        return False
    return True


@contextmanager
def making_tables(engine: Engine, meta: MetaData) -> Iterator[Connection]:
    """Makes the tables and indexes of `meta` that are not there, also where an older program made the others.

    One transaction in which no other program makes tables: those that waited for a server begin at once.
    Raises SQLAlchemyError.
    """
    with engine.begin() as db:
        if engine.dialect.name == "sqlite":
            db.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TABLES_LOCK})")
        meta.create_all(db)
        for table in meta.tables.values():
            known = {found["name"] for found in inspect(db).get_indexes(table.name)}
            for index in table.indexes:
                if index.name not in known:
                    index.create(db)
        yield db
