"""`station report`: sums that balance, every pupil and every incident, and no name unless it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.disk.datadir import DataDir
from config.load import load_settings
from config.roster.rosterfile import load_roster
from station.session import events as ev
from station.session.journal import Journal
from station.takes.naming import session_of
from tests.station.commands.called import station
from tests.station.tui.states import CHECKED, RECORDING

AT = "2026-11-25T14:05:00+08:00"


@pytest.fixture
def afternoon(home: Path) -> Path:
    """One pupil recorded by a command, one absent, one with a note; the journal is that of the screens."""
    for item in ("song1", "song2"):
        station(
            "record", "--config", home / "station.toml", "--student", "0107", "--item", item, "--seconds", "1"
        )
    settings = load_settings(home / "station.toml")
    names = {pupil.student_id: pupil.name for pupil in load_roster(settings.session.roster).pupils}
    journal = Journal(DataDir(settings.data.dir), session_of(settings))
    for event in (
        ev.MarkedAbsent("0108", "unwell", "stomach ache"),
        ev.IncidentNoted(AT, f"{names['0109']} <knocked> the table"),
        *CHECKED[:1],
        ev.WentBack(),
    ):
        journal.append(event)
    journal.close()
    return home


def report(home: Path, *arguments: str | Path) -> str:
    code, out, err = station("report", "--config", home / "station.toml", *arguments)
    assert code == 0, err
    return out


def names_of(home: Path) -> list[str]:
    return [pupil.name for pupil in load_roster(home / "roster.csv").pupils]


def test_the_sums_balance_and_everything_is_in_it(afternoon: Path) -> None:
    found = json.loads(report(afternoon, "--json"))
    totals = found["totals"]
    assert totals["expected"] == sum(totals.values()) - totals["expected"] == 30
    assert totals["absent"] == 1
    assert found["deliveries"] == {"total": 2, "delivered": 0, "sent": 0, "open": 2}
    pupils = {pupil["student_id"]: pupil for pupil in found["pupils"]}
    assert (pupils["0108"]["state"], pupils["0108"]["note"]) == ("unwell", "stomach ache")
    assert [take["item"] for take in pupils["0107"]["takes"]] == ["song1", "song2"]
    assert {take["state"] for take in pupils["0107"]["takes"]} == {"queued"}
    (note,) = found["notes"]
    assert (note["at"], note["student_id"], note["note"]) == (AT, None, "0109 <knocked> the table")


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_name_leaves_unless_it_is_asked_for(afternoon: Path, language: str) -> None:
    page = afternoon / "report.html"
    arguments = ("--html", page)
    settings = afternoon / "station.toml"
    env = {"STATION_STATION__LANGUAGE": language}
    code, table, _ = station("report", "--config", settings, *arguments, env=env)
    text = table + page.read_text(encoding="utf-8") + report(afternoon, "--json")
    assert code == 0
    assert [name for name in names_of(afternoon) if name in text] == []
    assert "&lt;knocked&gt;" in text
    assert ("2026-11-25 14:05" in table, "stomach ache" in table) == (True, True)
    named = report(afternoon, "--names", "--html", page) + page.read_text(encoding="utf-8")
    assert all(named.count(name) >= 2 for name in names_of(afternoon))


def test_before_anything_was_recorded_it_is_empty_but_whole(home: Path) -> None:
    found = json.loads(report(home, "--json"))
    assert found["totals"] == {
        "expected": 30,
        "done": 0,
        "troubled": 0,
        "elsewhere": 0,
        "absent": 0,
        "broke_off": 0,
        "to_do": 30,
    }
    assert not (home / "data").exists(), "reading writes nothing"


def test_a_session_that_is_not_here_is_no_empty_page(afternoon: Path) -> None:
    code, out, err = station("report", "--config", afternoon / "station.toml", "--session", "roster-20200101")
    assert (code, out) == (2, "")
    assert session_of(load_settings(afternoon / "station.toml")) in err, "the sessions that are here"


def test_what_the_station_saw_itself_stands_apart_from_what_people_wrote(home: Path) -> None:
    settings = load_settings(home / "station.toml")
    journal = Journal(DataDir(settings.data.dir), session_of(settings))
    for event in (
        *RECORDING,
        ev.TakeSaved("take-1", "0107_warmup_1.wav", 8.0, "ab" * 32, "device"),
        ev.Restarted(),
        ev.IncidentNoted(AT, "drill outside"),
    ):
        journal.append(event)
    journal.close()
    page = home / "page.html"
    found = json.loads(report(home, "--json", "--html", page))
    assert [note["note"] for note in found["notes"]] == ["drill outside"]
    lost, opened = found["incidents"]
    assert (lost["student_id"], "headset was lost" in lost["what"]) == ("0107", True)
    assert "opened again" in opened["what"]
    text = page.read_text(encoding="utf-8")
    assert text.index("drill outside") < text.index("headset was lost") < text.index("opened again")
    assert "headset was lost" in report(home)
