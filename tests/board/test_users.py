"""What is kept of users, with the real cost of a password."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from board.store.engine import open_board
from board.store.people import People
from board.store.relations import users
from tests.board.conftest import DISTRICT, PASSWORD


@pytest.mark.usefixtures("real_hashes")
def test_a_stolen_table_of_users_costs_its_thief_64_mb_for_each_guess(tmp_path: Path) -> None:
    engine = open_board(f"sqlite:///{(tmp_path / 'board.db').as_posix()}")
    People(engine).add("technician", "district", DISTRICT, PASSWORD)
    with engine.connect() as db:
        kept = db.execute(select(users.c.password)).scalar_one()
    engine.dispose()
    assert str(kept).startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "RFC 9106, second recommended option"
