"""A rehearsal begun from the page before the opening: its own folder, and then back to that page."""

from __future__ import annotations

from pathlib import Path

import pytest

from station.commands import run
from station.commands.cli import run_cli
from station.run.rehearsing import SESSION, Wish
from station.run.station import Station


def test_after_the_rehearsal_the_real_session_is_there_again_and_nothing_else(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool, Path]] = []
    wishes = [Wish.REHEARSAL, None, None]

    def shown(station: Station) -> tuple[int, Wish | None]:
        seen.append((station.session_id, station.rehearsal, station.settings.data.dir))
        station.stop()
        return 0, wishes[len(seen) - 1]

    monkeypatch.setattr(run, "shown", shown)
    monkeypatch.setattr(run, "need_terminal", lambda: None)
    assert run_cli(["run", "--config", str(home / "station.toml")]) == 0
    real, rehearsal, again = seen
    assert real == again
    assert not real[1]
    assert rehearsal[:2] == (SESSION, True)
    assert not rehearsal[2].exists(), "it is removed"
    assert list(home.glob("data/takes/*")) == []
