"""What the centre publishes counts only where it is of this upload, of this take, and whole."""

from __future__ import annotations

from typing import Any, cast

import pytest

from config import ServerSection
from config.base import say
from tests.uploader.rows import put
from uploader.faults import Kind, UploadFault
from uploader.prove.receipt import ReceiptSource
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.tus.client import TusClient

SOURCE = ReceiptSource(ServerSection(url="http://h/files/", receipt_url="http://h/receipts/{upload_id}.json"))


class Centre:
    """Answers every address with the same."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def fetch(self, url: str) -> object:
        self.asked.append(url)
        if isinstance(self.answer, UploadFault):
            raise self.answer
        return self.answer


@pytest.fixture
def row(queue: Queue, row: Row) -> Row:
    put(queue, row.take_id, upload_url="http://h/files/7")
    return queue.row(row.take_id)


def receipt(row: Row, **other: object) -> dict[str, Any]:
    facts = {"v": 1, "upload_id": "7", "take_id": row.take_id, "size": row.size, "sha256": row.sha256}
    return {**facts, **other}


def asked(row: Row, answer: object, source: ReceiptSource = SOURCE) -> tuple[object, list[str]]:
    centre = Centre(answer)
    return source.ask(cast(TusClient, centre), row), centre.asked


def test_the_receipt_of_this_upload_counts(row: Row) -> None:
    assert asked(row, receipt(row)) == (receipt(row), ["http://h/receipts/7.json"])


@pytest.mark.parametrize(
    "other", [{"v": 2}, {"upload_id": "8"}, {"take_id": "else"}, {"size": "6044"}, {"sha256": 7}], ids=str
)
def test_one_word_that_is_not_of_this_upload_is_enough_to_refuse_it(
    row: Row, other: dict[str, object]
) -> None:
    assert asked(row, receipt(row, **other))[0] is None


@pytest.mark.parametrize("answer", [None, [], "x", UploadFault(Kind.NETWORK, say("No answer."))], ids=str)
def test_an_answer_that_is_no_receipt_is_none(row: Row, answer: object) -> None:
    assert asked(row, answer)[0] is None


def test_an_upload_with_signs_in_its_name_is_asked_for_by_its_whole_name(queue: Queue, row: Row) -> None:
    put(queue, row.take_id, upload_url="http://h/files/a%2Fb%20c/")
    found, addresses = asked(queue.row(row.take_id), receipt(row, upload_id="a/b c"))
    assert found is not None
    assert addresses == ["http://h/receipts/a%2Fb%20c.json"]


def test_nobody_is_asked_where_there_is_no_upload_or_nothing_is_published(queue: Queue, row: Row) -> None:
    nowhere = ReceiptSource(ServerSection(url="http://h/files/"))
    assert (SOURCE.configured, nowhere.configured) == (True, False)
    assert asked(row, receipt(row), nowhere) == (None, [])
    put(queue, row.take_id, upload_url=None)
    assert asked(queue.row(row.take_id), receipt(row)) == (None, [])
