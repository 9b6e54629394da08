"""The ledger's database by its address; the board may have the same one."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from config import await_server, engine_at
from uploader.centre.ledger import Ledger

SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")


def open_ledger(address: str, waiting: Callable[[], None] | None = None) -> Ledger:
    """`address`: sqlite:///FILE or postgresql://…. Raises OSError, ValueError, which do not repeat it.

    With `waiting`, which is called once then, a server that does not answer yet is waited for.
    """
    if address.startswith(SCHEMES):
        address = f"postgresql+psycopg{address[address.index('://') :]}"
    elif not address.startswith("sqlite:///"):
        raise ValueError("the database's address must begin with postgresql://")
    try:
        engine = engine_at(address)
        if waiting is not None:
            await_server(engine, waiting)
        return Ledger(engine)
    except SQLAlchemyError as error:
        # The driver's words may repeat the address, and with it a password.
        raise OSError(f"the database can't be opened ({type(error).__name__})") from None
