"""`station recover`: everything comes back from the takes folder alone."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from audio.file.tags import read_tags
from audio.file.waveheader import header
from config.disk.datadir import DataDir
from config.samples import write_samples
from config.takes import as_json, part_path, read_finished, sidecar_path
from tests.station.commands.called import station
from tests.uploader.tusserver import Answer, TusServer


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two takes of one pupil."""
    home = tmp_path_factory.mktemp("original")
    write_samples(home)
    for item in ("song1", "song2"):
        station(
            "record", "--config", home / "station.toml", "--student", "0107", "--item", item, "--seconds", "1"
        )
    return home


@pytest.fixture
def taken(original: Path, tmp_path: Path) -> Path:
    """The same on a disk of its own, where nothing leads back."""
    home = tmp_path / "home"
    shutil.copytree(original, home)
    recover(home)
    return home


def recover(home: Path) -> tuple[int, dict[str, object]]:
    code, out, _ = station("recover", "--config", home / "station.toml", "--json")
    return code, json.loads(out)


def rows(home: Path) -> list[tuple[str, str, int]]:
    _, out, _ = station("queue", "list", "--config", home / "station.toml", "--json")
    return [(row["student_id"], row["item"], row["attempt"]) for row in json.loads(out)]


def remove_database(home: Path) -> None:
    for path in (home / "data").glob("station.db*"):
        path.unlink()


def test_a_lost_database_is_rebuilt(taken: Path) -> None:
    before = rows(taken)
    remove_database(taken)
    code, found = recover(taken)
    assert (code, found["takes"], found["queued"]) == (0, 2, 2)
    assert rows(taken) == before == [("0107", "song1", 1), ("0107", "song2", 1)]
    assert recover(taken)[1]["queued"] == 0, "again changes nothing"


def test_a_damaged_database_is_put_aside_not_deleted(taken: Path) -> None:
    remove_database(taken)
    database = DataDir(taken / "data").database
    database.write_bytes(b"SQLite format 3\0" + b"rubbish" * 5000)
    code, found = recover(taken)
    assert (code, found["queued"]) == (0, 2)
    moved = found["moved_aside"]
    assert isinstance(moved, list)
    [aside] = moved
    assert Path(str(aside)).read_bytes().endswith(b"rubbish")


def test_what_a_crash_left_is_repaired_and_queued(taken: Path) -> None:
    [whole] = (taken / "data" / "takes").glob("*/0107_song1_1.wav")
    part = whole.with_name("0108_song1_1.part.wav")
    crashed = "5b0c1e52-6a0e-4f0b-8a58-0d4d3c8b9a10"
    known = read_finished(whole)
    facts = {**as_json(known), "take_id": crashed, "student_id": "0108", "ended_by": None}
    tags = replace(read_tags(whole), artist="0108", comment=crashed)
    before, after = (header(known.samplerate, known.bits, one) for one in (read_tags(whole), tags))
    part.write_bytes(after + whole.read_bytes()[len(before) : -1001])
    part.with_name("0108_song1_1.json").write_text(json.dumps(facts), encoding="utf-8")
    code, found = recover(taken)
    assert code == 0
    assert [left["outcome"] for left in found["leftovers"]] == ["recovered"]  # type: ignore[attr-defined]
    assert ("0108", "song1", 1) in rows(taken)
    assert read_finished(whole.with_name("0108_song1_1.wav")).recovered is True


def test_a_recording_without_facts_is_named_and_kept(taken: Path) -> None:
    [whole] = (taken / "data" / "takes").glob("*/0107_song1_1.wav")
    part = whole.with_name("0199_song1_1.part.wav")
    shutil.copy(whole, part)
    code, found = recover(taken)
    assert code == 1
    assert [left["outcome"] for left in found["leftovers"]] == ["no_facts"]  # type: ignore[attr-defined]
    assert part.exists()


KNOWN = ("take_id", "session", "station", "student_id", "item", "kind", "attempt", "sha256", "frames")


@pytest.mark.parametrize("part", [False, True])
def test_facts_that_are_gone_are_rebuilt_from_the_recording(taken: Path, part: bool) -> None:
    [whole] = (taken / "data" / "takes").glob("*/0107_song1_1.wav")
    facts, queued = read_finished(whole), rows(taken)
    remove_database(taken)
    sidecar_path(whole).unlink()
    if part:
        whole.rename(part_path(whole))
    code, found = recover(taken)
    assert (code, found["takes"], found["queued"], found["rebuilt"]) == (0, 2, 2, [str(whole)])
    assert rows(taken) == queued
    rebuilt = read_finished(whole)
    assert [getattr(rebuilt, name) for name in KNOWN] == [getattr(facts, name) for name in KNOWN]
    assert rebuilt.started_at[:22] == facts.started_at[:22]
    assert facts.verdict is not None
    assert rebuilt.verdict is not None
    assert rebuilt.verdict.reasons == (facts.verdict.reasons if not part else ("partial", "no_singing"))
    assert (rebuilt.device, rebuilt.loss) == (None, None)
    assert {"device", "loss", "ended_by"} <= set(rebuilt.unknown)
    assert recover(taken)[1]["rebuilt"] == [], "again changes nothing"


def test_a_renamed_recording_without_facts_belongs_to_nobody(taken: Path) -> None:
    [whole] = (taken / "data" / "takes").glob("*/0107_song1_1.wav")
    sidecar_path(whole).unlink()
    whole.rename(whole.with_name("0108_song1_1.wav"))
    code, found = recover(taken)
    assert (code, found["rebuilt"]) == (1, [])
    assert [left["outcome"] for left in found["leftovers"]] == ["no_facts"]  # type: ignore[attr-defined]


def test_a_lost_database_is_said_and_a_run_finds_the_takes(taken: Path) -> None:
    remove_database(taken)
    code, _, err = station("queue", "list", "--config", taken / "station.toml")
    assert (code, "station recover" in err) == (1, True)
    with TusServer(lambda request: Answer(401)) as server:
        env = {"STATION_SERVER__URL": server.url}
        station("queue", "run", "--once", "--config", taken / "station.toml", "--json", env=env)
    assert len(rows(taken)) == 2


def test_a_broken_sound_fails_the_check_of_the_kit(home: Path) -> None:
    (home / "kit" / "start-c.wav").write_bytes(b"x")
    code, out, _ = station("kit", "check", home / "kit")
    assert code == 1
    assert "start-c.wav" in out


def test_a_leftover_that_can_not_be_repaired_keeps_its_number(taken: Path) -> None:
    [folder] = (taken / "data" / "takes").iterdir()
    (folder / "0107_song1_2.part.wav").write_bytes(b"RIFF")
    code, out, _ = station(
        "record", "--config", taken / "station.toml", "--student", "0107", "--item", "song1",
        "--seconds", "1", "--json",
    )  # fmt: skip
    assert json.loads(out)["attempt"] == 3
    assert code == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 1, "take_id": 5}'])
def test_a_whole_take_without_usable_facts_is_named(taken: Path, text: str) -> None:
    [sidecar] = (taken / "data" / "takes").glob("*/0107_song1_1.json")
    sidecar.write_text(text, encoding="utf-8")
    code, found = recover(taken)
    assert code == 1
    assert [left["outcome"] for left in found["leftovers"]] == ["no_facts"]  # type: ignore[attr-defined]


def test_a_take_with_the_id_of_another_is_named(taken: Path) -> None:
    [one] = (taken / "data" / "takes").glob("*/0107_song1_1.json")
    [two] = (taken / "data" / "takes").glob("*/0107_song2_1.json")
    facts = json.loads(two.read_text(encoding="utf-8"))
    facts["take_id"] = json.loads(one.read_text(encoding="utf-8"))["take_id"]
    two.write_text(json.dumps(facts), encoding="utf-8")
    code, found = recover(taken)
    assert (code, outcomes(found)) == (1, ["differs"])


def outcomes(found: dict[str, object]) -> list[str]:
    return [left["outcome"] for left in found["leftovers"]]  # type: ignore[attr-defined]


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize(
    ("name", "value"), [("student_id", "0108"), ("item", "song2"), ("attempt", 2), ("session", "other")]
)
def test_a_song_whose_facts_were_changed_is_given_to_no_other_child(
    taken: Path, name: str, value: object
) -> None:
    [sidecar] = (taken / "data" / "takes").glob("*/0107_song1_1.json")
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    sidecar.write_text(json.dumps({**facts, name: value}), encoding="utf-8")
    remove_database(taken)
    code, found = recover(taken)
    assert (code, outcomes(found), found["takes"]) == (1, ["differs"], 1)
    assert rows(taken) == [("0107", "song2", 1)]
    assert sidecar.with_suffix(".wav").is_file()


def test_a_song_renamed_with_its_facts_is_given_to_no_other_child(taken: Path) -> None:
    [sidecar] = (taken / "data" / "takes").glob("*/0107_song1_1.json")
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    sidecar.with_suffix(".wav").rename(sidecar.with_name("0108_song1_1.wav"))
    sidecar.with_name("0108_song1_1.json").write_text(
        json.dumps({**facts, "student_id": "0108"}), encoding="utf-8"
    )
    sidecar.unlink()
    remove_database(taken)
    assert outcomes(recover(taken)[1]) == ["differs"]
    assert rows(taken) == [("0107", "song2", 1)]


def test_another_sound_under_the_name_of_a_song_is_put_aside(taken: Path) -> None:
    [path] = (taken / "data" / "takes").glob("*/0107_song1_1.wav")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    remove_database(taken)
    code, found = recover(taken)
    assert (code, outcomes(found)) == (1, ["differs"])
    assert rows(taken) == [("0107", "song2", 1)]


def test_a_database_that_somebody_else_holds_is_not_damaged(taken: Path) -> None:
    database = taken / "data" / "station.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        code, _, err = station("recover", "--config", taken / "station.toml")
    assert code == 5
    assert "can't be used" in err
    assert [path.name for path in database.parent.glob("station.db*") if "damaged" in path.name] == []
