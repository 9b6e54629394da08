"""A day by the book on the real screens: opened by two, checked in, sung, sealed, opened again, cleared."""

from __future__ import annotations

import pytest

from config.settings import Settings
from station.session import events as ev
from station.session.day import SessionStage
from station.session.state import Phase, Standing
from station.tui.conditions import Desk, can_close
from tests.station.tui.fake import CODE, FakeStation
from tests.station.tui.states import drive
from tests.station.tui.test_stage import COST, answer, names, prepared, with_session
from tests.station.tui.walk import Walk

WANG, LI = "204711", "771204"
ABSENT, LATE, MUTED, BROKEN_OFF = "0110", "0111", "0112", "0113"


@pytest.fixture(autouse=True)
def quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.run.pins.COST", COST)


def sing(station: FakeStation, student_id: str, *, ok: bool = True, songs: int = 99, again: str = "") -> None:
    """Everything between the call and the last song, as headset and proctor make it happen."""
    station.show(ev.PupilNamed(student_id, again))  # type: ignore[arg-type]
    station.show(ev.IdentityConfirmed(), ev.CheckSkipped("noise"))
    while (session := station.view.session).phase is not Phase.HOME:
        take = session.take_id
        if session.phase is Phase.INSTRUCTION and songs == 0:
            station.show(ev.MarkedAbsent(student_id, "unwell"))
            return
        steps: dict[Phase, ev.Event] = {
            Phase.INSTRUCTION: ev.ItemBegun(),
            Phase.STUDY: ev.TimerEnded(""),
            Phase.PROMPT: ev.SoundEnded(),
            Phase.READY: ev.TimerEnded(f"{student_id}-{sum(len(p.takes) for p in session.pupils.values())}"),
            Phase.RECORDING: ev.TakeSaved(take, f"{take}.wav", 30.0, "ab" * 32, "stop"),
            Phase.SAVING: ev.TakeJudged(take, ok, () if ok else ("muted",)),
            Phase.VERDICT: ev.TakeKept(),
        }
        songs -= session.phase is Phase.VERDICT
        station.show(steps[session.phase])


def balanced(station: FakeStation) -> None:
    found = station.view.session.totals
    counted = found.done + found.troubled + found.away + found.broke_off + found.to_do
    assert found.expected == counted == 30


async def open_by_two(walk: Walk) -> None:
    await answer(walk, "Wang", "1", WANG, WANG, "Li", "3", LI, LI)
    await walk.see("Check-in: expected 30   present 0")


async def check_in(walk: Walk, station: FakeStation) -> None:
    await walk.press("enter")
    await walk.see("present 1")
    for student_id, key in ((ABSENT, "1"), (LATE, "5")):
        await walk.scan(*student_id)
        await walk.press("f4", key)
    here = [p.student_id for p in station.roster.pupils[1:] if p.student_id not in (ABSENT, LATE)]
    station.show(*map(ev.CheckedIn, here))
    await walk.see("present 28   absent 1   late 1   left 0", "Everyone is checked in")
    await walk.press("enter")
    await answer(walk, WANG, LI)
    await walk.until(lambda: station.view.session.day.checked_in is not None, "checked in")


def afternoon(station: FakeStation) -> None:
    for pupil in station.roster.pupils:
        if pupil.student_id not in (ABSENT, LATE):
            songs = 2 if pupil.student_id == BROKEN_OFF else 99
            sing(station, pupil.student_id, ok=pupil.student_id != MUTED, songs=songs)
            balanced(station)
    station.show(ev.CheckedIn(LATE))
    sing(station, LATE)
    balanced(station)


async def lock_and_unlock(walk: Walk, station: FakeStation) -> None:
    walk.app._touched_at -= 601
    walk.app._tick()
    await walk.see("Names are hidden.")
    assert not [name for name in names(station) if name in walk.text()]
    await answer(walk, "000000", LI)
    await walk.until(lambda: walk.app.current_mode == "session", "home")
    assert station.view.session.day.on_duty == "Li"


async def close_and_seal(walk: Walk, station: FakeStation, *, fine: bool) -> None:
    await walk.press("f10")
    if not fine:
        await walk.see("need a decision 1", f"{MUTED}")
        await walk.press("enter")
    await answer(walk, WANG)
    await walk.see("Person 1: Your code:")
    assert not [name for name in names(station) if name in walk.text()]
    await answer(walk, LI, WANG)
    number = len(station.view.session.day.seals)
    await walk.see(f"Seal {number}:", " ".join(CODE[:4]))


def test_a_day_by_the_book(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await open_by_two(walk)
        await check_in(walk, station)
        afternoon(station)
        totals = station.view.session.totals
        assert (totals.done, totals.troubled, totals.away, totals.broke_off) == (27, 1, 1, 1)
        await walk.see("1 needs a decision, 0112 first")
        await lock_and_unlock(walk, station)
        await close_and_seal(walk, station, fine=False)

        await walk.press("f5")
        await answer(walk, "0112 was muted", WANG, LI)
        await walk.until(lambda: walk.app.current_mode == "session", "home")
        sing(station, MUTED, again="headset")
        assert station.view.session.pupils[MUTED].standing is Standing.DONE
        await close_and_seal(walk, station, fine=True)
        assert [seal.number for seal in station.view.session.day.seals] == [1, 2]
        await walk.press("f10")
        await answer(walk, WANG, LI)
        await walk.until(lambda: station.day_end.cleared == [("Wang", "Li")], "cleared")
        assert station.view.session.day.stage is SessionStage.SEALED
        assert not can_close(Desk(station.view))

    drive(with_session(settings, custody="two", checkin="on"), test, prepare=prepared)
