"""A board on SQLite, and the same on PostgreSQL where Debian's is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from board.boardfile import BoardSettings
from board.expected import ExpectedStation
from board.serving import ServedBoard
from board.store import people as people_module
from board.store.engine import open_board
from board.store.relations import META
from board.web.application import Stores, board_app
from station.words.i18n import worded
from tests.board.visitor import Visitor
from uploader.centre.accounts import Accounts
from uploader.centre.ledger import META as CENTRE

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if os.name == "posix" else []
"""Wine shows Windows the folders of Debian, too, but does not run what is in them."""
DISTRICT, OTHER = "310105", "310106"
PASSWORD = "a long password"


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": 65534, "group": 65534} if sys.platform != "win32" and os.geteuid() == 0 else {}


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a cluster of our own, on loopback, gone afterwards."""
    if not POSTGRES:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="board-pg-"))
    folder.chmod(0o777)
    bin_folder, who = POSTGRES[-1].parent, unprivileged()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    initdb = f"{bin_folder}/initdb -U board -A trust -E UTF8 --no-sync --locale=C -D".split()
    subprocess.run([*initdb, str(data)], check=True, capture_output=True, cwd=folder, **who)
    options = f"-p {port} -h 127.0.0.1 -c fsync=off -k".split()
    server = subprocess.Popen(
        [str(bin_folder / "postgres"), "-D", str(data), *options, str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **who,
    )
    address = f"postgresql+psycopg://board@127.0.0.1:{port}/postgres"
    try:
        engine = create_engine(address)
        for _ in range(300):
            try:
                with engine.connect() as db:
                    db.execute(text("SELECT 1"))
                break
            except OperationalError:  # not up yet
                time.sleep(0.1)
        engine.dispose()
        yield address
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


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
