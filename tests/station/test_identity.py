"""A take belongs to one pupil: what is changed by hand of name, tags, facts, journal or queue is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from audio.file.takefile import TakeFile
from audio.file.waveheader import Tags
from config.disk import DataDir, digest_of
from config.load import load_settings
from config.takes import Assignment, read_finished, sidecar_path, write_facts
from station.commands.cli import run_cli
from station.session.events import TakeRecovered
from station.session.journal import Journal
from station.takes.identity import Told, is_as_recorded, told_by_journal
from station.takes.naming import session_of
from station.takes.rebuild import rebuild
from station.takes.settle import look_through
from uploader.queue import FinishedTake, Queue

BEGAN = datetime(2026, 11, 25, 14, 0)  # noqa: DTZ001 - as the tags have it


def record(folder: Path, student_id: str, take_id: str, session: str | None = None) -> Path:
    """A take as the capture process leaves it."""
    path = folder / f"{student_id}_song1_1.wav"
    file = TakeFile(path, 48000, 16, Tags("song1", student_id, take_id, "test", "demo-station-A", BEGAN))
    file.append(np.full(48000, 1000, dtype=np.int16))
    sha256 = file.close()
    begun = Assignment(
        session=session or folder.name, station="demo-station-A", take_id=take_id, student_id=student_id,
        item="song1", kind="test", attempt=1,
    ).begun(started_at="2026-11-25T14:00:00+08:00", samplerate=48000, bits=16, device=None)  # fmt: skip
    write_facts(path, begun.finished(frames=48000, sha256=sha256, ended_by="stop"))
    file.publish()
    return path


def told(path: Path) -> Told:
    facts = read_finished(path)
    return {facts.take_id: (path.name, facts.sha256)}


def outcomes(folder: Path, known: Told) -> tuple[list[str], list[tuple[str, str]]]:
    takes, damaged = look_through(folder, known)
    return [take.path.name for take in takes], [(left.path.name, left.outcome) for left in damaged]


def forge(path: Path, student_id: str) -> Path:
    """Everything that lies in the folder says that it was another child."""
    facts = replace(read_finished(path), student_id=student_id, source={})
    data = path.read_bytes().replace(b"0107\0", student_id.encode("ascii") + b"\0")
    forged = path.with_name(path.name.replace("0107", student_id))
    path.unlink()
    sidecar_path(path).unlink()
    forged.write_bytes(data)
    write_facts(forged, replace(facts, sha256=digest_of(forged)))
    return forged


def test_the_journal_knows_whose_song_it_was_although_all_files_say_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "s1"
    path = record(folder, "0107", "take-1")
    known = told(path)
    assert outcomes(folder, known) == (["0107_song1_1.wav"], [])
    forged = forge(path, "0108")
    assert outcomes(folder, known) == ([], [(forged.name, "differs")])
    assert outcomes(folder, {}) == ([forged.name], []), "nobody could know"


def test_two_files_that_claim_to_be_one_take_are_nobodys(tmp_path: Path) -> None:
    folder = tmp_path / "s1"
    path = record(folder, "0107", "take-1")
    for file in (path, sidecar_path(path)):
        shutil.copy(file, tmp_path / file.name)
    forge(path, "0108")
    for file in (path, sidecar_path(path)):
        shutil.copy(tmp_path / file.name, file)
    assert outcomes(folder, {}) == ([], [(path.name, "differs"), ("0108_song1_1.wav", "differs")])
    assert outcomes(folder, told(path))[0] == [path.name], "the journal tells which it is"


def test_recordings_are_told_in_the_order_in_which_they_were_sung_and_one_that_is_nobodys_hides_none(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "s1"
    times = {"0103": "15:00", "0104": "14:00", "0107": "13:00"}
    for number, (student_id, time) in enumerate(times.items()):
        path = record(folder, student_id, f"take-{number}")
        write_facts(path, replace(read_finished(path), started_at=f"2026-11-25T{time}:00+08:00"))
    (folder / "0101_song1_1.wav").write_bytes(b"no facts")
    shutil.copy(folder / "0103_song1_1.wav", folder / "0102_song1_1.wav")
    shutil.copy(folder / "0103_song1_1.json", folder / "0102_song1_1.json")
    (folder / "0100_song1_1.part.wav").write_bytes(b"of another one")
    found, left = outcomes(folder, {})
    assert found == ["0107_song1_1.wav", "0104_song1_1.wav", "0103_song1_1.wav"]
    assert left == [("0101_song1_1.wav", "no_facts"), ("0102_song1_1.wav", "differs")]


def test_takes_that_came_on_a_stick_are_known_by_their_longer_names(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    path = record(data.takes / "demo-station-A_afternoon", "0107", "take-1", session="afternoon")
    carried = path.with_name("0107_song1_1_take-1.wav")
    path.rename(carried)
    sidecar_path(path).rename(sidecar_path(carried))
    report = rebuild(data)
    assert (report.takes, report.leftovers, report.queued) == (1, [], 1)


def test_a_recording_that_can_not_be_read_is_not_as_it_was_recorded(tmp_path: Path) -> None:
    path = record(tmp_path / "s1", "0107", "take-1")
    facts = read_finished(path)
    assert is_as_recorded(path, facts)
    path.write_bytes(path.read_bytes() + b"\0")
    assert not is_as_recorded(path, facts)
    path.unlink()
    assert not is_as_recorded(path, facts)


def test_to_ask_the_journal_of_a_version_before_changes_nothing_in_it(tmp_path: Path) -> None:
    """Until somebody opens the session with this program, the one of before may be used again."""
    before = Path(__file__).parents[1] / "data" / "before" / "station.sql"
    data = DataDir(tmp_path)
    with closing(sqlite3.connect(data.database)) as db:
        db.executescript(before.read_text(encoding="utf-8").replace("{data}", tmp_path.as_posix()))
    as_it_was = data.database.read_bytes()
    known = told_by_journal(data, "roster-20261126")
    assert {"0107_song1_1.wav", "0108_song2_1.wav"} <= {name for name, _ in known.values()}
    assert told_by_journal(data, "another") == {}
    assert data.database.read_bytes() == as_it_was
    assert told_by_journal(DataDir(tmp_path / "nowhere"), "another") == {}


@pytest.fixture
def afternoon(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The take of 0107, in journal and queue."""
    monkeypatch.setenv("STATION_STATION__LANGUAGE", "en")
    settings = load_settings(home / "station.toml")
    data, name = DataDir(settings.data.dir), session_of(settings)
    path = record(data.session(name), "0107", "take-1")
    facts = read_finished(path)
    with closing(Journal(data, name)) as journal:
        journal.append(TakeRecovered("0107", "song1", 1, "take-1", path.name, 1.0, facts.sha256, ok=True))
    with closing(Queue.open(data.database)) as queue:
        queue.add(FinishedTake.from_sidecar(sidecar_path(path)))
    return home


def report(home: Path, capfd: pytest.CaptureFixture[str]) -> tuple[list[dict[str, str]], int]:
    """What was put aside, and the recordings that 0107 has in the queue."""
    assert run_cli(["report", "--config", str(home / "station.toml"), "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    [pupil] = [pupil for pupil in found["pupils"] if pupil["student_id"] == "0107"]
    return found["put_aside"], sum(take["state"] is not None for take in pupil["takes"])


def in_queue(column: str, value: object) -> Callable[[Path], None]:
    def change(take: Path) -> None:
        with closing(sqlite3.connect(take.parents[2] / "station.db")) as db, db:
            db.execute(f"UPDATE deliveries SET {column} = ?", (value,))

    return change


def in_facts(**values: object) -> Callable[[Path], None]:
    def change(take: Path) -> None:
        write_facts(take, replace(read_finished(take), source={}, **values))  # type: ignore[arg-type]

    return change


FORGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "pupil in the queue": (in_queue("student_id", "0108"), "queue"),
    "item in the queue": (in_queue("item", "song2"), "queue"),
    "attempt in the queue": (in_queue("attempt", 2), "queue"),
    "digest in the queue": (in_queue("sha256", "0" * 64), "queue"),
    "session in the queue": (in_queue("session", "another"), "queue"),
    "pupil in the facts": (in_facts(student_id="0108"), "differs"),
    "item in the facts": (in_facts(item="song2"), "differs"),
    "attempt in the facts": (in_facts(attempt=2), "differs"),
    "digest in the facts": (in_facts(sha256="0" * 64), "differs"),
    "id in the facts": (in_facts(take_id="take-2"), "differs"),
    "name of the file": (lambda take: take.rename(take.with_name("0108_song1_1.wav")), "gone"),
    "no file": (lambda take: take.unlink(), "gone"),
    "all of them": (lambda take: forge(take, "0108"), "differs"),
}


@pytest.mark.sampled(6, fewest=2)
@pytest.mark.parametrize("name", sorted(FORGED))
def test_the_report_names_what_does_not_belong_together(
    afternoon: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    assert report(afternoon, capfd) == ([], 1)
    [take] = (afternoon / "data" / "takes").glob("*/*.wav")
    change, why = FORGED[name]
    change(take)
    put_aside, queued = report(afternoon, capfd)
    assert why in {stray["why"] for stray in put_aside}
    assert queued == (0 if why == "queue" else 1)
    assert run_cli(["report", "--config", str(afternoon / "station.toml")]) == 0
    assert "do not belong" in capfd.readouterr().out


@pytest.mark.parametrize("column", ["student_id", "item", "session", "station"])
def test_recover_names_a_queue_that_differs(
    afternoon: Path, capfd: pytest.CaptureFixture[str], column: str
) -> None:
    [take] = (afternoon / "data" / "takes").glob("*/*.wav")
    in_queue(column, "another")(take)
    assert run_cli(["recover", "--config", str(afternoon / "station.toml")]) == 1
    assert "do not name the same take" in capfd.readouterr().out
