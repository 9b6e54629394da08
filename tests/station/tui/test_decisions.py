"""Pupils whose recordings are not all fine: seen at home, called again with a reason, or left as they are."""

from __future__ import annotations

from time import monotonic

import pytest
from textual.widgets import Static

from config.settings import Settings
from station.session import events as ev
from station.session.state import Phase
from station.session.view import DeliverySummary
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import CHECKED, drive, judged
from tests.station.tui.walk import Walk


def take(number: int, item: str, *reasons: str) -> tuple[ev.Event, ...]:
    name = f"take-{number}"
    saved = ev.TakeSaved(name, f"0107_{item}_1.wav", 30.0, "ab" * 32, "stop")
    timers = (ev.TimerEnded("x"), ev.SoundEnded(), ev.TimerEnded(name))
    return (ev.ItemBegun(), *timers, saved, ev.TakeJudged(name, not reasons, reasons), ev.TakeKept())


TROUBLED = (
    *CHECKED,
    ev.CheckAccepted(),
    *take(1, "warmup"),
    *take(2, "song1", "no_singing"),
    *take(3, "song2"),
)


def last_line(walk: Walk) -> str:
    return str(walk.app.screen.query_one("#next", Static).render())


def test_who_needs_a_decision_is_in_the_list_the_totals_and_the_ending(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*TROUBLED, delivery=DeliverySummary(2, 2))
        assert station.view.session.phase is Phase.HOME
        await walk.see("done 0   absent 0   to do 29   need a decision 1", "四(2)班 to be decided")
        others = [pupil.student_id for pupil in station.roster.pupils][1:]
        station.show(*(ev.MarkedAbsent(number, "absent") for number in others))
        await walk.until(lambda: "1 needs a decision, 0107 first" in last_line(walk), "the ending")

    drive(settings, test)


def test_scanned_again_the_reason_is_asked_and_the_pupil_called(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*TROUBLED)
        await walk.scan(*"0107", "enter")
        await walk.see("0107 陈一诺: not all recordings are fine.", "小星星: Only the room can be heard")
        assert station.posted == []
        await walk.press("2")
        await walk.until(lambda: bool(station.posted), "the answer")
        assert station.posted == [ev.PupilNamed("0107", "headset")]
        station.show(*station.posted)
        await walk.see("Is this the pupil in the chair?")

    drive(settings, test)


def test_left_as_it_is_the_pupil_is_done(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*TROUBLED)
        await walk.scan(*"0107", "enter")
        await walk.see("not all recordings are fine")
        await walk.press("5")
        await walk.until(lambda: bool(station.posted), "the answer")
        station.show(*station.posted)
        await walk.see("done 1", "done, as it is")

    drive(settings, test)


@pytest.mark.sampled(8, fewest=1)
@pytest.mark.parametrize("key", ["f4", "f6", "f1", "f2", "t", "ctrl+p", "ctrl+q", "ctrl+c"])
def test_whatever_is_opened_over_a_good_verdict_stops_its_countdown(settings: Settings, key: str) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*judged(True), timer_ends_at=monotonic() + 60)
        await walk.see("Next in a moment")
        await walk.press(key)
        assert station.posted == [ev.VerdictHeld()]

    drive(settings, test)


def test_the_pupil_is_asked_whether_the_melody_was_heard(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*CHECKED)
        await walk.see("did you hear the melody?")
        await walk.press("n")
        assert station.posted == [ev.PhraseUnheard()]
        station.show(*station.posted)
        await walk.see("Turn up the wheel on the cable")
        station.show(ev.SoundEnded())
        await walk.see("did you hear the melody?", "Turn up the wheel on the cable")
        await walk.press("enter")
        assert station.posted[-1] == ev.CheckAccepted(heard=True)

    drive(settings, test)
