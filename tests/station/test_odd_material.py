"""Rosters and recordings whose names or times some system can't have."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from audio.file.takefile import TakeFile
from audio.file.waveheader import Tags
from config.disk import fits_windows
from config.settings import Settings
from station.takes.from_tags import facts_of
from station.takes.naming import session_of


@pytest.mark.parametrize("name", ["con.2026.csv", "AUX.csv", "nul.x.xlsx", "名册.csv", "com1.a.csv"])
def test_a_session_is_a_folder_on_every_system_whatever_the_roster_is_called(
    name: str, settings: Settings
) -> None:
    roster = settings.session.model_copy(update={"roster": Path(name), "id": None})
    session = session_of(settings.model_copy(update={"session": roster}))
    assert fits_windows(session)
    assert session.endswith(f"{datetime.now().astimezone():%Y%m%d}")


@pytest.fixture
def far_west(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where the last evening of the year 9999 has no time in Greenwich."""
    if sys.platform == "win32":
        yield
        return
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize("day", [b"0001-01-01", b"9999-12-31"])
@pytest.mark.usefixtures("far_west")
def test_a_recording_from_a_year_that_no_clock_has_is_named_as_damaged(day: bytes, tmp_path: Path) -> None:
    path = tmp_path / "0107_song1_1.wav"
    began = datetime(2026, 11, 25, 23, 30)  # noqa: DTZ001 - as the tags have it
    file = TakeFile(path, 8000, 16, Tags("song1", "0107", "id", "test", "station", began))
    file.append(np.ones(800, dtype=np.int16))
    file.close()
    os.replace(file.part, path)  # noqa: PTH105
    assert facts_of(path, {}).student_id == "0107"
    path.write_bytes(path.read_bytes().replace(b"2026-11-25", day))
    with pytest.raises((ValueError, OSError)):
        facts_of(path, {})
