"""Terminal tests begin where the pupils are: the session was opened before."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from config.disk import DataDir
from config.load import load_settings
from station.session.day import SessionOpened, Signer
from station.session.journal import Journal
from station.takes.naming import session_of


@pytest.fixture
def home(home: Path) -> Path:
    settings = load_settings(home / "station.toml")
    with closing(Journal(DataDir(settings.data.dir), session_of(settings))) as journal:
        journal.append(SessionOpened("2026-05-26T13:00:00+08:00", (Signer("王老师"),)), "王老师")
    return home
