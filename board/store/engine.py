"""A database by its address: SQLite for a district, PostgreSQL for more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event, insert, select
from sqlalchemy.exc import SQLAlchemyError

from board.store.relations import META, VERSION, about
from config.base import DiskError, say, shown

BUSY_MS = 5000


def open_board(address: str) -> Engine:
    """Open or create. Raises DiskError where that fails, or where a newer program made it."""
    try:
        engine = create_engine(address, pool_pre_ping=address.startswith("postgresql"), hide_parameters=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare)
        META.create_all(engine)
        with engine.begin() as db:
            found = db.execute(select(about.c.value).where(about.c.name == "version")).scalar()
            if found is None:
                db.execute(insert(about).values(name="version", value=str(VERSION)))
    except (SQLAlchemyError, ImportError, OSError) as error:
        # The first line alone: the address may hold a password, and the driver repeats it further down.
        raise DiskError(
            say("The board's database can't be opened: {detail}", detail=shown(type(error).__name__)),
            say("Check its address, and that it runs and may be written."),
        ) from None
    if found is not None and int(found) > VERSION:
        engine.dispose()
        raise DiskError(
            say("The board's database was made by a newer program."), say("Use the newer program.")
        )
    return engine


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    cursor.close()
