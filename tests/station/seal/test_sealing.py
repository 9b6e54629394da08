"""The end of the day on the disk: sealed, verified, opened again, cleared, also after a crash."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.base.errors import StationError
from config.disk import DataDir
from config.kit import load_kit
from config.roster import Pupil, Roster
from config.settings import ServerSection, Settings
from config.status import from_text
from station.run.sealing import DayEnd
from station.seal.manifest import read_manifest, seal_file, sealed_now
from station.seal.sealcode import seal_code
from station.seal.tampering import differences, inconsistencies
from station.session import day
from station.session import events as ev
from station.session.day import SessionStage
from station.session.journal import Journal
from station.session.machine import step
from station.session.plan import ItemPlan, Plan
from station.session.state import Session
from station.session.view import View
from tests.uploader.takes import make_take
from tests.uploader.tusserver import TusServer
from uploader.queue import FinishedTake, ProofLevel, Queue, Row
from uploader.send import Uploader

BY = ("王老师",)
AT = "2026-05-26T16:40:00+08:00"
PUPILS = 2
SONG = ItemPlan("song1", False, False, 0, 3, 5, 2)


class Running:
    """A station without headset: what is posted is journalled at once."""

    session_id = "afternoon"

    def __init__(self, settings: Settings, url: str) -> None:
        self.settings = settings.model_copy(update={"server": ServerSection(url=url)})
        self.data = DataDir(settings.data.dir)
        pupils = tuple(f"S00{number}" for number in range(1, PUPILS + 1))
        self.view = View(Session.prepared(Plan(pupils, (SONG,))))
        self.journal = Journal(self.data, self.session_id)
        self.queue = Queue.open(self.data.database)
        self.kit = load_kit(settings.session.kit)
        self.roster = Roster(tuple(map(Pupil, pupils)))
        self.rehearsal = False
        self.day_end = DayEnd(self)

    def post(self, event: ev.Event) -> None:
        session, _ = step(self.view.session, event)
        self.journal.append(event, session.day.on_duty)
        self.view = View(session)

    def recheck(self, row: Row) -> ProofLevel:
        return self._uploader().recheck(row)

    def deliver(self) -> None:
        self._uploader().run_once()

    def _uploader(self) -> Uploader:
        return Uploader(self.queue, self.settings.server, self.settings.delivery, lambda *_: None, None)

    def sing(self, number: int, *, practice: bool = False) -> None:
        sidecar = make_take(self.data.session(self.session_id), number, 20_044)
        facts = json.loads(sidecar.read_text(encoding="utf-8"))
        if practice:
            sidecar.write_text(json.dumps({**facts, "kind": "practice"}), encoding="utf-8")
            return
        self.queue.add(FinishedTake.from_sidecar(sidecar))
        file, digest = sidecar.with_suffix(".wav").name, facts["sha256"]
        take = ev.TakeRecovered(facts["student_id"], "song1", 1, facts["take_id"], file, 1.0, digest, True)
        self.post(take)

    def wavs(self) -> list[str]:
        return sorted(path.name for path in self.data.session(self.session_id).glob("*.wav"))

    def verify(self, number: int = 1) -> list[str]:
        file = seal_file(self.data, self.session_id, number)
        return [str(what) for what in differences(self.data, read_manifest(file.read_bytes(), file.name))]

    def close(self) -> None:
        self.journal.close()
        self.queue.close()


@pytest.fixture
def running(settings: Settings) -> Iterator[Running]:
    with TusServer() as server:
        found = Running(settings, server.url)
        with closing(found):
            found.post(day.SessionOpened(AT, (day.Signer("王老师"),)))
            for number in range(1, PUPILS + 1):
                found.sing(number)
            found.post(day.SessionClosed(AT, BY))
            yield found


def test_a_seal_is_written_down_and_holds_whatever_comes_after_it(running: Running) -> None:
    running.day_end.seal(BY)
    seal = running.view.session.day.seal
    assert seal is not None
    content = seal_file(running.data, "afternoon", 1).read_bytes()
    assert seal.code == seal_code(content)
    assert (seal.number, seal.takes, seal.signed.by) == (1, PUPILS, BY)
    assert sealed_now(running.data, "afternoon") == seal_file(running.data, "afternoon", 1)
    running.post(ev.Restarted())
    running.deliver()
    assert running.verify() == []
    assert inconsistencies(running.data, "afternoon") == []


def test_the_line_for_the_chat_is_one_that_the_board_reads(running: Running) -> None:
    running.day_end.seal(BY)
    status = from_text(f"娄山小学\n{running.day_end.progress_line()}")
    assert (status.session_stage, status.seal) == ("sealed", running.view.session.day.seals[0].code)


def test_a_seal_whose_entry_is_gone_is_found(running: Running) -> None:
    running.day_end.seal(BY)
    for statement in (
        "UPDATE journal SET body = replace(body, 'number\":1', 'number\":7')",
        "DELETE FROM journal WHERE kind = 'SessionSealed'",
    ):
        with sqlite3.connect(running.data.database) as db:
            db.execute(statement)
        db.close()
        assert any("entry of seal 1 is gone" in what for what in running.verify())


def test_another_code_in_the_journal_is_found(running: Running) -> None:
    running.day_end.seal(BY)
    code = running.view.session.day.seals[0].code
    with sqlite3.connect(running.data.database) as db:
        db.execute("UPDATE journal SET body = replace(body, ?, 'AAAA')", (code[:4],))
    db.close()
    assert any("another code for seal 1: AAAA" in what for what in running.verify())


def test_a_session_that_was_opened_again_has_two_seals_and_the_first_says_so(running: Running) -> None:
    running.day_end.seal(BY)
    running.post(day.SessionReopened(AT, BY, "one pupil came late"))
    assert any("opened again after seal 1" in what for what in running.verify())
    assert sealed_now(running.data, "afternoon") is None
    running.post(day.SessionClosed(AT, BY))
    running.day_end.seal(BY)
    assert running.verify(2) == []
    assert [seal.number for seal in running.view.session.day.seals] == [1, 2]


def test_recordings_go_only_when_each_is_proven_and_the_seal_still_holds(running: Running) -> None:
    running.sing(9, practice=True)
    running.day_end.seal(BY)
    with pytest.raises(StationError, match="2 recordings are not proven at the server, S001_song1_1"):
        running.day_end.clear(BY)
    assert len(running.wavs()) == PUPILS + 1
    running.deliver()
    running.day_end.clear(BY)
    cleared = running.view.session.day
    assert running.wavs() == []
    assert cleared.stage is SessionStage.CLEARED
    assert {(take.file, take.level) for take in cleared.inventory} == {
        ("S001_song1_1.wav", "L2"),
        ("S002_song1_1.wav", "L2"),
        ("S009_song1_1.wav", "practice"),
    }
    assert running.verify() == []
    assert inconsistencies(running.data, "afternoon") == []


def test_a_recording_that_was_changed_after_its_delivery_is_not_proven(running: Running) -> None:
    running.day_end.seal(BY)
    running.deliver()
    wav = running.data.session("afternoon") / "S002_song1_1.wav"
    wav.write_bytes(wav.read_bytes()[:-1] + b"x")
    with pytest.raises(StationError, match="1 recording is not proven at the server, S002_song1_1"):
        running.day_end.clear(BY)
    assert len(running.wavs()) == PUPILS


def test_clearing_goes_on_where_a_crash_or_a_server_stopped_it(running: Running) -> None:
    running.day_end.seal(BY)
    running.deliver()
    proven = running.recheck

    def only_the_first(row: Row) -> ProofLevel:
        return proven(row) if row.student_id == "S001" else ProofLevel.L1

    running.recheck = only_the_first  # type: ignore[method-assign]
    with pytest.raises(StationError, match="1 recording is kept, S002_song1_1"):
        running.day_end.clear(BY)
    assert running.wavs() == ["S002_song1_1.wav"]
    assert running.view.session.day.cleared is None
    running.recheck = proven  # type: ignore[method-assign]
    running.day_end.clear(BY)
    assert running.view.session.day.stage is SessionStage.CLEARED
    assert len(running.view.session.day.inventory) == PUPILS, "the inventory of before"


def test_a_file_that_nobody_knows_keeps_everything(running: Running) -> None:
    running.day_end.seal(BY)
    running.deliver()
    stray = running.data.session("afternoon") / "S007_song1_1.wav"
    stray.write_bytes(b"RIFF")
    with pytest.raises(StationError, match="S007_song1_1"):
        running.day_end.clear(BY)
    assert len(running.wavs()) == PUPILS + 1


def test_a_recording_that_can_t_be_read_is_not_sealed(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(path: Path) -> str:
        raise OSError(13, "locked", str(path))

    monkeypatch.setattr("station.seal.manifest.digest_of", locked)
    with pytest.raises(StationError, match="A recording can't be read"):
        running.day_end.seal(BY)
    assert running.view.session.day.stage is SessionStage.CLOSED
