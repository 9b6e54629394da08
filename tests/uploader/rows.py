"""Rows brought into any state for a test, past the rules of the queue."""

from __future__ import annotations

from config.base.message import Message
from uploader.queue.queue import Queue
from uploader.queue.row import json_of


def put(queue: Queue, take_id: str, **columns: object) -> None:
    """Set columns of a row, whatever its state is."""
    values = {
        name: json_of(value) if isinstance(value, Message) else value for name, value in columns.items()
    }
    assignments = ", ".join(f"{name} = ?" for name in values)
    with queue._write() as db:
        db.execute(f"UPDATE deliveries SET {assignments} WHERE take_id = ?", (*values.values(), take_id))
