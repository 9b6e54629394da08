"""The board's database by its address: SQLite for a district, PostgreSQL for more."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from board.store.relations import META, VERSION, about
from config import await_server, engine_at, making_tables
from config.base import DiskError, say, shown


def open_board(address: str, waiting: Callable[[], None] | None = None) -> Engine:
    """Open or create. Raises DiskError where that fails, or where a newer program made it.

    With `waiting`, which is called once then, a server that does not answer yet is waited for.
    """
    try:
        engine = engine_at(address)
        if waiting is not None:
            await_server(engine, waiting)
        with making_tables(engine, META) as db:
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
