"""The ledger's database by its address; the board may have the same one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from uploader.centre.ledger import Ledger

BUSY_MS = 5000
SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")


def open_ledger(address: str) -> Ledger:
    """`address`: sqlite:///FILE or postgresql://…. Raises OSError, ValueError, which do not repeat it."""
    if address.startswith(SCHEMES):
        address = f"postgresql+psycopg{address[address.index('://') :]}"
    elif not address.startswith("sqlite:///"):
        raise ValueError("the database's address must begin with postgresql://")
    try:
        engine = create_engine(address, pool_pre_ping=True, hide_parameters=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare)
        return Ledger(engine)
    except SQLAlchemyError as error:
        # The driver's words may repeat the address, and with it a password.
        raise OSError(f"the database can't be opened ({type(error).__name__})") from None


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    cursor.close()
