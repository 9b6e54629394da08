"""What a session is told of the recordings that are on the disk: each one once, and every word of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config.disk import DataDir
from config.takes import Verdict, read_facts, read_finished, write_facts
from station.session import events as ev
from station.session.machine import replay
from station.session.state import Phase, Session
from station.takes.settle import TakeOnDisk, orphan_seconds, settle
from tests.station.session.samples import PLAN, events_to
from tests.station.test_identity import record

BEGAN = "2026-11-25T14:00:00+08:00"
FRESH = Session.fresh(PLAN)
VERDICT = Verdict(False, ("silent",), {"peak": -3.0}, "ab" * 32, ("bump",))


def on_disk(folder: Path, take_id: str, student_id: str = "0107") -> TakeOnDisk:
    path = record(folder, student_id, take_id)
    return TakeOnDisk(path, read_finished(path))


@pytest.mark.parametrize("judged", [True, False])
def test_a_recording_that_no_journal_knows_is_told_with_every_word_of_its_facts(
    tmp_path: Path, judged: bool
) -> None:
    take = on_disk(tmp_path / "s", "take-9")
    facts = replace(take.facts, attempt=2, verdict=VERDICT if judged else None)
    [event] = settle([replace(take, facts=facts)], FRESH)
    bare = ev.TakeRecovered(
        "0107", "song1", 2, "take-9", "0107_song1_1.wav", 1.0, facts.sha256, started_at=BEGAN
    )
    judgement = replace(bare, ok=False, reasons=("silent",), remarks=("bump",), numbers={"peak": -3.0})
    assert event == (judgement if judged else bare)


def test_what_the_session_knows_or_is_of_nobody_here_is_not_told(tmp_path: Path) -> None:
    known = replay(FRESH, events_to(Phase.VERDICT))
    takes = [on_disk(tmp_path / "a", "take-1"), on_disk(tmp_path / "b", "take-9", "9999")]
    assert settle(takes, known) == [], "its take has been judged: nothing runs"
    assert settle([], FRESH) == []


@pytest.mark.parametrize("phase", [Phase.RECORDING, Phase.SAVING])
@pytest.mark.parametrize("begin_known", [True, False])
def test_the_take_that_ran_is_saved_where_it_is_there_and_has_failed_where_it_is_not(
    tmp_path: Path, phase: Phase, begin_known: bool
) -> None:
    events = [event for event in events_to(phase) if begin_known or not isinstance(event, ev.TakeStarted)]
    session = replay(FRESH, events)
    take = on_disk(tmp_path / "s", "take-1")
    saved = ev.TakeSaved("take-1", "0107_song1_1.wav", 1.0, take.facts.sha256, "stop")
    begin = [ev.TakeStarted("take-1", BEGAN)] if phase is Phase.RECORDING and not begin_known else []
    assert settle([take], session) == [*begin, saved]
    assert settle([], session) == [ev.TakeFailed("take-1", "nothing_recorded")]


def test_who_waits_for_a_recorder_of_before_hears_how_long_its_take_may_go_on(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    began = datetime.fromisoformat(BEGAN)
    assert orphan_seconds(data, began) is None
    for number, longest in enumerate((60.0, 90.0, None)):
        path = record(data.session(f"s{number}"), "0107", f"take-{number}")
        write_facts(path, replace(read_facts(path), max_seconds=longest, source={}))
        part = path.with_name("0107_song1_1.part.wav")
        path.rename(part)
    (data.session("s0") / "strange.part.wav").write_bytes(b"")
    for passed, left in ((0, 90.0), (70, 20.0), (89, 1.0), (90, None), (100, None)):
        assert orphan_seconds(data, began + timedelta(seconds=passed)) == left
