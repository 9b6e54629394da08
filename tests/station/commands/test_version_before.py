"""A data folder of the version before: its queue, its journal and its facts are read as they are.

tests/data/before has the database (as SQL, {data} for the folder) and the facts of two pupils' takes, made by
`station demo --auto --students 2` of version 0.1.0 before modules stood in rooms; the sound is left out.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from config.takes import read_finished
from tests.station.commands.called import station

BEFORE = Path(__file__).parents[2] / "data" / "before"
SESSION = "roster-20261126"


@pytest.fixture
def settings(home: Path) -> Path:
    data = home / "data"
    takes = data / "takes" / SESSION
    takes.mkdir(parents=True)
    for facts in BEFORE.glob("*.json"):
        shutil.copy(facts, takes)
    script = (BEFORE / "station.sql").read_text(encoding="utf-8").replace("{data}", data.as_posix())
    with closing(sqlite3.connect(data / "station.db")) as db:
        db.executescript(script)
    return home / "station.toml"


def called(settings: Path, *arguments: str) -> str:
    code, out, err = station(*arguments, "--config", settings)
    assert code == 0, err
    return out


@pytest.mark.costly
def test_deliveries_of_the_version_before_are_listed_as_they_were(settings: Path) -> None:
    rows = json.loads(called(settings, "queue", "list", "--json"))
    assert [(row["student_id"], row["item"], row["state"], row["verify_level"]) for row in rows] == [
        (student, item, "verified", "L2") for student in ("0107", "0108") for item in ("song1", "song2")
    ]
    assert all(Path(row["path"]).parent == settings.parent / "data" / "takes" / SESSION for row in rows)


def test_the_queue_of_the_version_before_can_be_changed(settings: Path) -> None:
    called(settings, "queue", "pause")
    assert len(json.loads(called(settings, "queue", "list", "--json"))) == 4
    called(settings, "queue", "resume")


def test_the_afternoon_of_the_version_before_is_reported(settings: Path) -> None:
    report = json.loads(called(settings, "report", "--json", "--session", SESSION))
    assert (report["totals"]["done"], report["totals"]["to_do"]) == (2, 28)
    assert report["deliveries"] == {"total": 4, "delivered": 4, "sent": 0, "open": 0}
    pupils = {pupil["student_id"]: pupil for pupil in report["pupils"]}
    assert [take["item"] for take in pupils["0107"]["takes"]] == ["song1", "song2"]


def test_facts_of_the_version_before_are_read(settings: Path) -> None:
    facts = read_finished(settings.parent / "data" / "takes" / SESSION / "0108_song2_1.wav")
    assert (facts.student_id, facts.item, facts.attempt, facts.frames) == (
        "0108",
        "song2",
        1,
        602112,
    )
