"""A command records nothing into a session that is over, or that two persons have not opened."""

from __future__ import annotations

from contextlib import closing
from threading import Event as Flag

import pytest

from config.base.errors import ConfigError
from config.disk import DataDir
from config.settings import Settings
from station.run.single_take import SingleTake
from station.session import day
from station.session import events as ev
from station.session.day import SessionStage
from station.session.journal import Journal
from station.session.replay import stage_told
from station.takes.naming import session_of
from tests.station.session.samples import BY, NOON, PROCTOR
from tests.station.session.test_stages import way_to


@pytest.mark.parametrize("stage", SessionStage)
def test_the_journal_alone_tells_the_stage(stage: SessionStage) -> None:
    events = [*way_to(stage), ev.Restarted()]
    assert stage_told(events, "two") is stage
    if stage in (SessionStage.CLOSED, SessionStage.SEALED):
        relieved = [*events, day.DutyTaken(NOON, BY)]
        assert stage_told(relieved, "two") is stage, "who has the duty opens nothing"
        reopened = [*relieved, day.SessionReopened(NOON, BY, "late")]
        assert stage_told(reopened, "two") is SessionStage.OPEN


def test_without_an_opening_one_person_may_record_and_two_may_not() -> None:
    assert stage_told([], "one") is SessionStage.OPEN
    assert stage_told([ev.Restarted()], "two") is SessionStage.PREPARED
    assert stage_told([ev.PupilNamed("0107")], "two") is SessionStage.OPEN, "from before there were stages"


@pytest.mark.parametrize(
    ("custody", "events", "words"),
    [
        ("two", [], "not opened yet"),
        ("one", [day.SessionOpened(NOON, PROCTOR), day.SessionClosed(NOON, BY)], "The session is closed"),
    ],
)
def test_station_record_says_why_it_records_nothing(
    settings: Settings, custody: str, events: list[ev.Event], words: str
) -> None:
    session = settings.session.model_copy(update={"custody": custody})
    chosen = settings.model_copy(update={"session": session})
    with closing(Journal(DataDir(settings.data.dir), session_of(settings))) as journal:
        for event in events:
            journal.append(event)
    with pytest.raises(ConfigError, match=words):
        SingleTake(chosen, "0107", "song1").run(Flag(), lambda event: None)
