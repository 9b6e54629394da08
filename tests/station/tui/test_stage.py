"""The session as a whole on the screens: who opens and seals it, what is hidden, what Enter does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from textual.widgets import Input

from config.base.message import say
from config.settings import Settings
from station.run.ceremony import Purpose, ceremony
from station.run.pins import kept
from station.session import day
from station.session import events as ev
from station.session.day import SessionStage
from station.session.state import Session, Standing
from station.session.view import DeliverySummary
from station.words.i18n import set_language
from tests.station.session.samples import NOON, PROCTOR
from tests.station.tui.fake import CODE, LINE, FakeStation
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk

COST = {"n": 2**4, "r": 8, "p": 1, "dklen": 32}
LARGE_CODE = " ".join("7K3M")


@pytest.fixture(autouse=True)
def quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.run.pins.COST", COST)


def with_session(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update={"session": settings.session.model_copy(update=changes)})


def prepared(station: FakeStation) -> None:
    station.lives = True
    station.view = replace(station.view, session=Session.prepared(station.view.session.plan))


def opened(station: FakeStation, *events: ev.Event, persons: tuple[day.Signer, ...] = PROCTOR) -> None:
    prepared(station)
    custody: day.Custody = "two" if len(persons) == 2 else "one"
    station.show(day.SessionOpened(NOON, persons, custody), *events)


def all_away(station: FakeStation) -> list[ev.Event]:
    return [ev.MarkedAbsent(pupil.student_id, "absent") for pupil in station.roster.pupils]


def names(station: FakeStation) -> list[str]:
    return [pupil.name for pupil in station.roster.pupils]


async def answer(walk: Walk, *texts: str) -> None:
    for text in texts:
        walk.app.screen.query_one(Input).value = text
        await walk.press("enter")


def test_before_the_opening_no_name_is_seen_and_one_name_and_enter_open_it(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.see("30 pupils are expected", "Your name:", "Enter opens the session.")
        assert not [name for name in names(station) if name in walk.text()]
        await walk.press("enter")
        await walk.see("A name is needed")
        assert station.posted == []
        await walk.press(*"Wang", "enter")
        await walk.see(names(station)[0])
        assert walk.app.current_mode == "session"
        assert station.view.session.day.on_duty == "Wang"

    drive(settings, test, prepare=prepared)


def test_before_its_time_the_reason_is_asked_first(settings: Settings) -> None:
    later = datetime.now().astimezone() + timedelta(hours=1)

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.see("a reason is needed", "Why?")
        await answer(walk, "the bus leaves at two", "Wang")
        assert station.view.session.day.opened is not None
        assert station.view.session.day.opened.reason == "the bus leaves at two"

    drive(with_session(settings, opens=later), test, prepare=prepared)


def test_two_persons_open_with_codes_that_are_not_seen(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.see("Two persons open it", "Person 1: Your name:")
        await answer(walk, "Wang", "1", "12345")
        await walk.see("A code has six digits or more.")
        await answer(walk, "204711")
        assert walk.app.screen.query_one(Input).password
        await answer(walk, "204712")
        await walk.see("This is not the same code.")
        await answer(walk, "204711", "wang")
        await walk.see("2 different persons are needed.")
        await answer(walk, "Li", "3", "204711")
        await walk.see("Please choose another code.")
        assert "204711" not in walk.text()
        await answer(walk, "771204", "771204")
        found = station.view.session.day
        assert [(person.name, person.role) for person in found.persons] == [
            ("Wang", "proctor"),
            ("Li", "principal"),
        ]
        assert found.stage is SessionStage.OPEN
        assert "204711" not in repr(station.posted)

    drive(with_session(settings, custody="two"), test, prepare=prepared)


def test_one_person_closes_and_seals_with_three_keys(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.see("Press F10 to close and seal.")
        await walk.press("f10")
        await walk.see("Enter closes the session")
        await walk.press("enter")
        await walk.see("Enter seals the session.")
        await walk.press("enter")
        await walk.see(LARGE_CODE, "Seal 1: 2 recordings")
        sealed = station.view.session.day
        assert (sealed.stage, sealed.seals[0].signed.by) == (SessionStage.SEALED, ("王老师",))
        assert not [name for name in names(station) if name in walk.text()]

    drive(settings, test, prepare=lambda station: opened(station, *all_away(station)))


def test_while_somebody_is_to_do_it_can_t_be_closed(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f10")
        assert walk.app.current_mode == "session"

    drive(settings, test, prepare=opened)


def test_what_is_not_fine_is_read_before_it_is_closed(settings: Settings) -> None:
    def prepare(station: FakeStation) -> None:
        opened(station, *all_away(station)[1:])
        session = station.view.session
        first = next(iter(session.pupils.values()))
        pupils = {**session.pupils, first.student_id: replace(first, standing=Standing.TROUBLED)}
        station.view = replace(station.view, session=replace(session, pupils=pupils))

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f10")
        await walk.see("need a decision 1", "Read what stands above;")
        await walk.press("enter")
        await walk.see("Enter closes the session")
        await walk.press("enter")
        closed = station.posted[-1]
        assert isinstance(closed, day.SessionClosed)
        assert closed.acknowledged == (next(iter(station.view.session.pupils)),)

    drive(settings, test, prepare=prepare)


def test_two_seal_with_their_codes_in_any_order(settings: Settings) -> None:
    two = (day.Signer("Wang", "proctor", ""), day.Signer("Li", "principal", ""))

    def prepare(station: FakeStation) -> None:
        codes = ("204711", "771204")
        persons = tuple(replace(one, code=kept(code)) for one, code in zip(two, codes, strict=True))
        opened(station, *all_away(station), day.SessionClosed(NOON, ("Li",)), persons=persons)

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.see("Person 1: Your code:")
        await answer(walk, "999999")
        await walk.see("Nobody who can sign now has this code.")
        await answer(walk, "771204", "771204")
        await walk.see("Nobody who can sign now has this code.")
        await answer(walk, "204711")
        await walk.see(LARGE_CODE)
        assert station.view.session.day.seals[0].signed.by == ("Li", "Wang")
        await walk.press("f5")
        await answer(walk, "one pupil came late", "204711", "771204")
        assert station.view.session.day.stage is SessionStage.OPEN
        assert walk.app.current_mode == "session"

    drive(with_session(settings, custody="two"), test, prepare=prepare)


def test_esc_takes_back_what_was_begun_and_leads_home_while_it_is_open(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f10")
        await walk.see("Enter closes the session")
        await walk.press("escape")
        await walk.until(lambda: walk.app.current_mode == "session", "home")
        station.show(day.SessionClosed(NOON, ("王老师",)))
        await walk.see("Enter seals the session.")
        await walk.press("f5")
        await walk.see("Why?")
        await walk.press("escape")
        await walk.see("Enter seals the session.")
        assert station.posted == []

    drive(settings, test, prepare=lambda station: opened(station, *all_away(station)))


def test_a_seal_that_can_t_be_made_says_why_and_is_asked_again(settings: Settings) -> None:
    def prepare(station: FakeStation) -> None:
        opened(station, *all_away(station), day.SessionClosed(NOON, ("王老师",)))
        station.day_end.refusal = say("A recording can't be read: locked")

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("enter")
        await walk.see("A recording can't be read: locked")
        await walk.press("enter")
        await walk.see("Enter seals the session.")

    drive(settings, test, prepare=prepare)


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (DeliverySummary(4, 4), "you may go home"),
        (DeliverySummary(4, 3, waiting=1), "Wait until the uploads are delivered"),
        (DeliverySummary(4, 3, sent=1), "not proven"),
    ],
)
def test_a_sealed_session_says_whether_one_may_go_and_what_can_be_cleared(
    settings: Settings, delivery: DeliverySummary, words: str
) -> None:
    def prepare(station: FakeStation) -> None:
        sealed = day.SessionSealed(NOON, ("王老师",), 1, CODE, "ab", 2)
        opened(station, *all_away(station), day.SessionClosed(NOON, ("王老师",)), sealed)
        station.show(delivery=delivery)

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.see(words, LARGE_CODE)
        assert not walk.app.screen.query_one(Input).display
        await walk.press("enter")
        assert station.posted == []
        await walk.press("f10")
        await walk.see("Enter removes the recordings")
        await walk.press("enter")
        await walk.until(lambda: station.day_end.cleared == [("王老师",)], "cleared")

    drive(settings, test, prepare=prepare)


def test_one_key_copies_how_far_it_is_without_a_name(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("ctrl+g")
        await walk.see("示例小学 演唱测试室1 demo-station-A", "Expected 30 done 0 absent 0 to do 30", LINE)
        text = walk.app.clipboard
        assert LINE in text
        assert not [name for name in names(station) if name in text]
        await walk.press("enter")

    drive(settings, test, prepare=opened)


def test_whoever_tries_codes_begins_anew(settings: Settings) -> None:
    codes = (("Wang", "204711"), ("Li", "771204"))
    persons = tuple(day.Signer(name, "it", kept(code)) for name, code in codes)
    found = ceremony(
        Purpose.UNLOCK,
        day.SessionDay(custody="two", persons=persons),
        settings,
        datetime.now().astimezone(),
    )
    for _ in range(3):
        found, problem = found.answer("000000")
        assert problem is not None
    assert found.wrong == 3
    found, problem = found.answer("771204")
    assert (found.by, problem) == (("Li",), None)
    assert isinstance(found.act(NOON, settings), day.DutyTaken)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("stage", ["prepared", "closed", "sealed"])
def test_every_stage_fits_into_a_small_window(settings: Settings, language: str, stage: str) -> None:
    ways: dict[str, Callable[[FakeStation], None]] = {
        "prepared": prepared,
        "closed": lambda s: opened(s, *all_away(s), day.SessionClosed(NOON, ("王老师",))),
        "sealed": lambda s: opened(
            s,
            *all_away(s),
            day.SessionClosed(NOON, ("王老师",)),
            day.SessionSealed(NOON, ("王老师",), 1, CODE, "ab", 2),
        ),
    }

    async def test(walk: Walk, station: FakeStation) -> None:
        set_language("en" if language == "en" else "zh_CN")
        walk.app.redraw()
        await walk.pilot.pause()
        region = walk.app.screen.query_one("#stage").virtual_region
        assert max(len(line) for line in str(walk.app.screen.query_one("#stage").render()).split("\n")) <= 76
        assert region.height <= 18

    drive(settings, test, prepare=ways[stage])
