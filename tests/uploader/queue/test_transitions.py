"""One table decides which state of a delivery follows which; nothing else sets a state."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import uploader
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from uploader.faults import Interrupted, OvertakenError
from uploader.queue.queue import Queue
from uploader.queue.states import TRANSITIONS, Event, State, sources

STORED = [state for state in State if state is not State.PAUSED]
ROOT = Path(uploader.__file__).parent


@pytest.mark.sampled(7, fewest=4)
@pytest.mark.parametrize("event", list(Event))
def test_an_event_leads_only_where_the_table_says(queue: Queue, tmp_path: Path, event: Event) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    for before in STORED:
        for after in STORED:
            put(queue, take.take_id, state=before)
            if before in TRANSITIONS.get(event, {}).get(after, ()):
                assert queue.change(take.take_id, event, state=after).state is after
            else:
                with pytest.raises(OvertakenError):
                    queue.change(take.take_id, event, state=after, offset=7)
                row = queue.row(take.take_id)
                assert (row.state, row.offset) == (before, 0)


def test_every_state_but_the_first_is_reached_and_only_a_removed_recording_is_the_end() -> None:
    reached = {target for targets in TRANSITIONS.values() for target in targets}
    left = {source for targets in TRANSITIONS.values() for found in targets.values() for source in found}
    assert reached == set(STORED)
    assert set(STORED) - left == {State.PURGED}


def test_a_take_that_was_led_elsewhere_is_no_fault_of_its_delivery() -> None:
    assert issubclass(OvertakenError, Interrupted)
    assert State.VERIFIED not in sources(Event.PIECE, State.UPLOADING)


def test_no_other_place_sets_a_state() -> None:
    """Statements are built from the table; none has a state written into it."""
    found = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                set_part = " ".join(node.value.split()).partition(" WHERE")[0]
                if re.search(r"UPDATE deliveries SET .*\bstate\b", set_part):
                    found.append(f"{path.name}: {set_part}")
    assert found == []
