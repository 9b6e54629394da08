"""What the database keeps of a sentence is read in the language of the reader, also when it was reworded."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.base import codes, say, shown_again
from config.disk import DataDir
from station.session.events import CheckMeasured
from station.session.journal import Journal
from station.takes.examiner import FileExaminer
from station.words import present
from station.words.i18n import set_language
from tests.uploader.takes import new_take
from uploader.faults import Kind, UploadFault
from uploader.queue.queue import Queue
from uploader.send.outcome import DeliveryOutcome

REFUSES = say("The network refuses even the smallest pieces.")
TODO = say("Ask the district's technician.")


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


@pytest.fixture
def queue(data: DataDir) -> Iterator[Queue]:
    queue = Queue.open(data.database)
    yield queue
    queue.close()


def error_in(data: DataDir) -> str:
    with closing(sqlite3.connect(data.database)) as db:
        return str(db.execute("SELECT error FROM deliveries").fetchone()[0])


def put_error(data: DataDir, text: str) -> None:
    with closing(sqlite3.connect(data.database)) as db, db:
        db.execute("UPDATE deliveries SET error = ?", (text,))


def test_the_queue_keeps_a_code_and_shows_it_in_both_languages(
    data: DataDir, queue: Queue, tmp_path: Path
) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    DeliveryOutcome(queue).failed(queue.row(take.take_id), UploadFault(Kind.CONFIG, REFUSES, TODO))
    assert REFUSES.template not in error_in(data)
    assert json.loads(error_in(data))["params"]["what"]["code"] == "the_network_refuses_even_the_smallest"
    row = queue.row(take.take_id)
    assert present.proof(row) == f"{REFUSES} {TODO}"
    set_language("zh_CN")
    try:
        assert "网络" in present.proof(row)
    finally:
        set_language("en")


def test_rows_with_sentences_of_before_are_shown_in_the_language_of_today(
    data: DataDir, queue: Queue, tmp_path: Path
) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    put_error(data, json.dumps({"template": REFUSES.template, "params": {}}))
    assert queue.row(take.take_id).error == REFUSES
    put_error(data, json.dumps({"template": "No words of ours: {n}", "params": {"n": 3}}))
    assert str(queue.row(take.take_id).error) == "No words of ours: 3"
    put_error(data, "no JSON at all")
    assert queue.row(take.take_id).error is None, "one bad row does not keep the list from being shown"


def test_the_journal_keeps_the_code_of_an_advice(data: DataDir, tmp_path: Path) -> None:
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    from config.kit import Limits

    journal = Journal(data, "afternoon")
    journal.append(FileExaminer(Limits(), {}).silence(tmp_path / "broken.wav"))
    [(event, _)] = journal.entries()
    journal.close()
    assert isinstance(event, CheckMeasured)
    assert event.advice is not None
    assert event.advice["code"] == "the_recording_file_can_t_be_read_detail"
    assert str(shown_again(event.advice)).startswith("The recording broken.wav can't be read")
    with closing(sqlite3.connect(data.database)) as db:
        [(body,)] = db.execute("SELECT body FROM journal").fetchall()
    assert not any(said[0] in body for said in codes.wordings().values())
