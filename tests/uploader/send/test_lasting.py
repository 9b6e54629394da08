"""What a power cut may forget of a delivery, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.uploader.send.line import Line, delivered_by
from uploader.flow.chunks import ChunkSize
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import Event


def test_the_address_and_the_last_piece_last_and_what_is_asked_for_again_spares_the_disk(
    queue: Queue, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, noted = queue.change, list[tuple[Event, bool]]()

    def written(take_id: str, event: Event, *, lasting: bool = True, **columns: Any) -> Row:
        noted.append((event, lasting))
        return change(take_id, event, lasting=lasting, **columns)

    monkeypatch.setattr(queue, "change", written)
    assert delivered_by(Line(chunk=ChunkSize(4_000)), queue, row) is None
    assert noted == [
        (Event.CREATING, False),
        (Event.CREATED, True),
        (Event.PIECE, False),
        (Event.PIECE, True),
        (Event.SENT, False),
    ]
