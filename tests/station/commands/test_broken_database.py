"""A database that is damaged, strange or made by nobody: each command says so; recover always works."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from audio.file import Tags, header
from config.disk import DataDir
from config.load import load_settings
from config.samples import write_samples
from station.commands.cli import run_cli
from station.session.events import MarkedAbsent, PupilNamed
from station.session.journal import Journal
from station.takes.naming import session_of
from tests.uploader.takes import make_take
from uploader.queue import FinishedTake, Queue

Damage = Callable[[Path], object]


def sql(statement: str) -> Damage:
    def damage(database: Path) -> None:
        with closing(sqlite3.connect(database)) as db, db:
            db.execute(statement)

    return damage


def bytes_at(share: float, count: int = 600) -> Damage:
    def damage(database: Path) -> None:
        data = bytearray(database.read_bytes())
        at = int(len(data) * share)
        data[at : at + count] = bytes(255 - byte for byte in data[at : at + count])
        database.write_bytes(data)

    return damage


def as_folder(database: Path) -> None:
    database.unlink()
    database.mkdir()


DAMAGE: dict[str, Damage] = {
    "an unknown state": sql("UPDATE deliveries SET state = 'dreaming'"),
    "a level that is none": sql("UPDATE deliveries SET verify_level = 77"),
    "an error that is no JSON": sql("UPDATE deliveries SET error = '{'"),
    "an error of another kind": sql("UPDATE deliveries SET error = '[1]'"),
    "a receipt that is none": sql("UPDATE deliveries SET receipt = '[]'"),
    "a path that is none": sql("UPDATE deliveries SET path = x'ff00'"),
    "an event that nobody knows": sql("UPDATE journal SET kind = 'Danced' WHERE seq = 2"),
    "an event without sense": sql("UPDATE journal SET body = '{}' WHERE seq = 2"),
    "an event at no time": sql("UPDATE journal SET at = 'noon' WHERE seq = 2"),
    "a version that is no number": sql("UPDATE schema_versions SET version = 'three'"),
    "no table of deliveries": sql("DROP TABLE deliveries"),
    "no column": sql("ALTER TABLE deliveries DROP COLUMN sha256"),
    "no journal": sql("DROP TABLE journal"),
    "no events": sql("DROP TABLE events"),
    "another program's tables": sql("ALTER TABLE deliveries RENAME TO orders"),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a text": lambda path: path.write_text("station", encoding="utf-8"),
    "nothing": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(bytes(50_000)),
    "a folder": as_folder,
    "its head": bytes_at(0.0),
    "its schema": bytes_at(0.02),
    "its middle": bytes_at(0.5),
    "its end": bytes_at(0.9),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session with one take in the queue, and two entries of the journal."""
    monkeypatch.setenv("STATION_STATION__LANGUAGE", "en")
    write_samples(tmp_path)
    settings = load_settings(tmp_path / "station.toml")
    data = DataDir(settings.data.dir)
    name = session_of(settings)
    with closing(Journal(data, name)) as journal:
        journal.append(MarkedAbsent("0109", "absent"))
        journal.append(PupilNamed("0107"))
    sidecar = make_take(data.session(name), 107, 96_044)
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    whole = sidecar.with_name("0107_song1_1.wav")
    sidecar.with_suffix(".wav").rename(whole)
    sidecar.unlink()
    facts |= {"student_id": "0107", "session": name, "ended_by": "stop", "verdict": None, "kind": "test"}
    whole.with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")
    with closing(Queue.open(data.database)) as queue:
        queue.add(FinishedTake.from_sidecar(whole.with_suffix(".json")))
    return tmp_path


def run(capfd: pytest.CaptureFixture[str], home: Path, *command: str) -> tuple[int, str, str]:
    code = run_cli([*command, "--config", str(home / "station.toml")])
    out, err = capfd.readouterr()
    assert "Traceback" not in err
    assert code in (0, 1, 5), (command, code, err)
    return code, out, err


@pytest.mark.sampled(24, fewest=1)
@pytest.mark.parametrize("name", sorted(DAMAGE))
def test_each_command_says_what_it_is_and_recover_brings_the_takes_back(
    home: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    database = home / "data" / "station.db"
    DAMAGE[name](database)
    before = None if database.is_dir() else database.read_bytes()
    for command in (
        ("queue", "list"),
        ("report",),
        ("queue", "pause"),
        ("queue", "retry"),
        ("queue", "resume"),
    ):
        code, _, err = run(capfd, home, *command)
        if code == 5:
            assert "database" in err
            assert "recover" in err
    code, out, _ = run(capfd, home, "recover", "--json")
    found = json.loads(out)
    assert (code, found["takes"], found["refused"]) == (0, 1, [])
    _, out, _ = run(capfd, home, "queue", "list", "--json")
    assert [(row["student_id"], row["state"]) for row in json.loads(out)] == [("0107", "queued")]
    assert run(capfd, home, "report")[0] == 0
    if before is not None and found["moved_aside"]:
        assert Path(found["moved_aside"][0]).stat().st_size >= min(len(before), 1), "never deleted"
    assert json.loads(run(capfd, home, "recover", "--json")[1])["moved_aside"] == [], "again changes nothing"


@pytest.mark.parametrize("name", ["an unknown state", "a receipt that is none", "no table of deliveries"])
def test_absences_survive_where_only_the_queue_is_damaged(
    home: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    DAMAGE[name](home / "data" / "station.db")
    run(capfd, home, "recover")
    _, out, _ = run(capfd, home, "report", "--json")
    states = {pupil["student_id"]: pupil["state"] for pupil in json.loads(out)["pupils"]}
    assert states["0109"] == "absent"


def test_of_a_damaged_journal_what_came_before_is_kept(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    DAMAGE["an event that nobody knows"](home / "data" / "station.db")
    run(capfd, home, "recover")
    settings = load_settings(home / "station.toml")
    with closing(Journal(DataDir(settings.data.dir), session_of(settings), readonly=True)) as journal:
        assert [type(event).__name__ for event, _ in journal.entries()] == ["MarkedAbsent"]


def test_a_part_is_repaired_although_a_newer_program_made_the_database(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    [whole] = (home / "data" / "takes").glob("*/0107_song1_1.wav")
    part = whole.with_name("0108_song1_1.part.wav")
    part.write_bytes(header(48000, 16, Tags()) + bytes(96_000))
    facts = json.loads(whole.with_suffix(".json").read_text(encoding="utf-8"))
    facts |= {"student_id": "0108", "take_id": "take-0108"}
    part.with_name("0108_song1_1.json").write_text(json.dumps(facts), encoding="utf-8")
    sql("UPDATE schema_versions SET version = 99")(home / "data" / "station.db")
    code, _, err = run(capfd, home, "recover")
    assert code == 5
    assert "newer program" in err
    assert part.with_name("0108_song1_1.wav").is_file()
