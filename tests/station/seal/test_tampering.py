"""Whatever is changed after a session was sealed is found, and named with its place."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from config.base.errors import ConfigError
from config.disk import DataDir
from station.seal.manifest import SealedSession, manifest_of, read_manifest
from station.seal.sealcode import ALPHABET, same_code, seal_code
from station.seal.tampering import differences, inconsistencies
from station.session import events as ev
from station.session.journal import Journal
from tests.uploader.takes import make_take

SESSION = "afternoon"
PUPILS = 3


def sung(data: DataDir, number: int) -> list[ev.Event]:
    sidecar = make_take(data.session(SESSION), number, 20_044)
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    verdict = {"ok": True, "reasons": [], "numbers": {}, "sha256": facts["sha256"], "remarks": []}
    sidecar.write_text(json.dumps({**facts, "verdict": verdict}), encoding="utf-8")
    wav = sidecar.with_suffix(".wav").name
    take = facts["take_id"]
    return [
        ev.PupilNamed(facts["student_id"]),
        ev.TakeStarted(take, facts["started_at"]),
        ev.TakeSaved(take, wav, 1.0, facts["sha256"], "stop"),
        ev.TakeJudged(take, True),
    ]


def an_afternoon(folder: Path, pupils: int = PUPILS) -> DataDir:
    data = DataDir(folder)
    journal = Journal(data, SESSION)
    for number in range(1, pupils + 1):
        for event in sung(data, number):
            journal.append(event)
    journal.close()
    return data


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return an_afternoon(tmp_path / "data")


def seal_of(data: DataDir) -> SealedSession:
    return read_manifest(manifest_of(data, SESSION, "test-1").content(), "seal.json")


def sql(data: DataDir, *statements: str) -> None:
    with sqlite3.connect(data.database) as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def facts(data: DataDir, number: int, **changes: object) -> None:
    path = data.session(SESSION) / f"S00{number}_song1_1.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**body, **changes}), encoding="utf-8")


def wav(data: DataDir, number: int) -> Path:
    return data.session(SESSION) / f"S00{number}_song1_1.wav"


def one_byte(data: DataDir) -> None:
    body = bytearray(wav(data, 2).read_bytes())
    body[10_000] ^= 1
    wav(data, 2).write_bytes(body)


def one_verdict(data: DataDir) -> None:
    body = json.loads(wav(data, 2).with_suffix(".json").read_text(encoding="utf-8"))["verdict"]
    facts(data, 2, verdict={**body, "ok": False, "reasons": ["silent"]})


def swapped(data: DataDir) -> None:
    """Two pupils' recordings, with all that lies beside them but their numbers."""
    first, second = wav(data, 1), wav(data, 3)
    spare = first.with_name("spare")
    for one, other in ((first, second), (first.with_suffix(".json"), second.with_suffix(".json"))):
        one.rename(spare)
        other.rename(one)
        spare.rename(other)
    facts(data, 1, student_id="S001")
    facts(data, 3, student_id="S003")


def chained_anew(data: DataDir) -> None:
    """An entry is changed, and every link after it computed again: only the seal shows it."""
    with sqlite3.connect(data.database) as db:
        rows = db.execute("SELECT session, at, kind, body, who FROM journal ORDER BY seq").fetchall()
        db.execute("DELETE FROM journal")
    db.close()
    rows[4] = (*rows[4][:3], rows[4][3].replace("S002", "S003"), rows[4][4])
    journal = Journal(data, SESSION)
    assert journal.take_over(rows) == len(rows)
    journal.close()


def another_take(data: DataDir) -> None:
    make_take(data.session(SESSION), 9, 20_044)


SWAP = (
    "UPDATE journal SET seq = -seq WHERE seq IN (2, 3)",
    "UPDATE journal SET seq = 5 + seq WHERE seq < 0",
)
KINDS: dict[str, tuple[Callable[[DataDir], None], str]] = {
    "one byte of a recording": (one_byte, "S002_song1_1.wav: the sound is not the one"),
    "a recording removed": (lambda data: wav(data, 2).unlink(), "S002_song1_1.wav is gone"),
    "a recording added": (another_take, "S009_song1_1.wav was not there"),
    "one verdict": (one_verdict, "S002_song1_1.wav: ok is False, and was True"),
    "another pupil's number": (
        lambda data: facts(data, 2, student_id="S003"),
        "student_id is S003, and was S002",
    ),
    "another attempt": (lambda data: facts(data, 2, attempt=2), "attempt is 2, and was 1"),
    "another length": (lambda data: facts(data, 2, frames=5), "frames is 5"),
    "the facts removed": (lambda data: wav(data, 2).with_suffix(".json").unlink(), "its facts are gone"),
    "two pupils swapped": (swapped, "S001_song1_1.wav: the sound is not the one"),
    "one entry": (
        lambda data: sql(data, "UPDATE journal SET body = replace(body, 'S002', 'S003') WHERE seq = 5"),
        "Entry 5 of the journal",
    ),
    "who answered for an entry": (
        lambda data: sql(data, "UPDATE journal SET who = '李老师' WHERE seq = 5"),
        "Entry 5 of the journal",
    ),
    "the time of an entry": (
        lambda data: sql(data, "UPDATE journal SET at = '2026-11-26T12:00:00+08:00' WHERE seq = 7"),
        "Entry 7 of the journal",
    ),
    "an entry removed": (lambda data: sql(data, "DELETE FROM journal WHERE seq = 6"), "TakeStarted) is gone"),
    "the last entry removed": (
        lambda data: sql(data, "DELETE FROM journal WHERE seq = 12"),
        "Entry 12 of the journal",
    ),
    "an entry added": (
        lambda data: sql(
            data,
            "INSERT INTO journal (session, at, kind, body, link)"
            " SELECT session, at, 'WentBack', '{}', link FROM journal WHERE seq = 12",
        ),
        "WentBack) is new",
    ),
    "two entries swapped": (lambda data: sql(data, *SWAP), "Entry 2 of the journal"),
    "links removed": (lambda data: sql(data, "UPDATE journal SET link = ''"), "The chain of the journal"),
    "everything chained anew": (chained_anew, "Entry 5 of the journal"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_tampering_is_found_and_named(data: DataDir, kind: str) -> None:
    sealed = seal_of(data)
    assert differences(data, sealed) == []
    tamper, words = KINDS[kind]
    tamper(data)
    found = [str(what) for what in differences(data, sealed)]
    assert any(words in what for what in found), found


def test_without_a_seal_a_broken_chain_and_foreign_files_are_found(data: DataDir) -> None:
    assert inconsistencies(data, SESSION) == []
    sql(data, "UPDATE journal SET body = replace(body, 'S002', 'S003') WHERE seq = 5")
    another_take(data)
    wav(data, 1).unlink()
    found = " ".join(map(str, inconsistencies(data, SESSION)))
    assert "The chain breaks at entry 5" in found
    assert "S009_song1_1.wav is not in the journal" in found
    assert "S001_song1_1.wav is gone" in found


def test_a_journal_from_before_is_chained_from_where_the_chain_begins(data: DataDir) -> None:
    sql(data, "UPDATE journal SET link = ''")
    journal = Journal(data, SESSION)
    journal.append(ev.WentBack())
    journal.append(ev.PupilNamed("S001"))
    journal.close()
    assert inconsistencies(data, SESSION) == []
    sql(data, 'UPDATE journal SET body = \'{"student_id":"S002","again":""}\' WHERE seq = 14')
    assert "entry 14" in str(inconsistencies(data, SESSION)[0])


def test_the_same_recordings_have_the_same_code_wherever_they_lie(data: DataDir, tmp_path: Path) -> None:
    copy = DataDir(tmp_path / "copy")
    shutil.copytree(data.root, copy.root)
    assert seal_code(seal_of(data).content()) == seal_code(seal_of(copy).content())


def test_the_code_is_read_however_it_was_copied() -> None:
    code = seal_code(b"x")
    assert len(code) == 24
    assert set(code) <= set(ALPHABET) | {"-"}
    assert same_code(code.lower().replace("-", " ").replace("0", "O").replace("1", "l"), code)
    assert not same_code(seal_code(b"y"), code)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"format": 2}'])
def test_what_is_no_seal_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(ConfigError, match="no seal of this program"):
        read_manifest(content, "seal.json")


def test_thirty_pupils_are_compared_in_two_seconds(tmp_path: Path) -> None:
    data = an_afternoon(tmp_path / "data", 30)
    sealed = seal_of(data)
    begin = monotonic()
    assert differences(data, sealed) == []
    assert monotonic() - begin < 2.0
