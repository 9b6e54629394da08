"""Home: whom a key is about, what is said at the end, what was noted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from textual.widgets import DataTable, Input, Static

from config.roster.pupils import Roster
from config.settings import Settings
from station.session import events as ev
from station.session.view import DeliverySummary
from station.tui.widgets.keyline import KeyLine
from station.words import present
from tests.station.tui.fake import FakeStation, row
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk
from uploader.queue.states import ProofLevel, State


def keys(walk: Walk) -> str:
    return " ".join(key.name for key in walk.app.screen.query_one(KeyLine).keys)


def line(walk: Walk) -> str:
    return str(walk.app.screen.query_one("#next", Static).render())


def batch(walk: Walk) -> str:
    return line(walk).splitlines()[1].strip()


def test_uploads_never_move_the_cursor(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        marked = ev.MarkedAbsent("0107", "absent")
        station.show(marked, last_event=marked)
        await walk.until(lambda: "0108" in line(walk), "the next one")
        await walk.press("down", "down")
        station.show(delivery=DeliverySummary(1, 0, 0, 1))
        await walk.see("0/1")
        assert walk.app.screen.query_one(DataTable).cursor_row == 3
        again = ev.MarkedAbsent("0108", "absent")
        station.show(again, last_event=again)
        await walk.until(lambda: walk.app.screen.query_one(DataTable).cursor_row == 2, "the next one")

    drive(settings, test)


def test_enter_calls_the_pupil_under_the_cursor_and_the_line_names_it(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.until(lambda: "Next: 0107" in line(walk), "the next one")
        await walk.press("down", "down")
        assert "Selected: 0109" in line(walk)
        await walk.press("enter")
        assert station.posted == [ev.PupilNamed("0109")]
        await walk.press("0", "1")
        assert line(walk).strip() == ""
        await walk.press("1", "0")
        assert "Selected: 0110" in line(walk)

    drive(settings, test)


def test_the_footer_follows_the_cursor_and_comes_back_after_a_question(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(ev.MarkedAbsent("0107", "absent"))
        await walk.press("down")
        await walk.until(lambda: "F4" in keys(walk) and "F5" not in keys(walk), "the key for absent")
        await walk.press("up")
        await walk.until(lambda: "F5" in keys(walk), "the key to undo it")
        await walk.press("down", "f6", "1", "x", "enter", "enter", "enter")
        await walk.until(lambda: "F4" in keys(walk), "the key for absent after the note")

    drive(settings, test)


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (DeliverySummary(4, 4), "Press F10 to close and seal."),
        (DeliverySummary(4, 3, waiting=1), "Press F10 to close and seal."),
        (DeliverySummary(4, 3, waiting=1, paused=True), "The uploads are paused: press F7"),
        (DeliverySummary(4, 3, blocked=1), "1 recording needs help"),
    ],
)
def test_the_end_of_the_afternoon_says_whether_one_may_go(
    settings: Settings, delivery: DeliverySummary, words: str
) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        away = [ev.MarkedAbsent(pupil.student_id, "absent") for pupil in station.roster.pupils]
        station.show(*away, delivery=delivery)
        await walk.until(lambda: words in line(walk), words)
        await walk.press("enter")
        assert station.posted == []

    drive(settings, test)


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize(
    ("left", "words"),
    [
        (7, "7 pupils are still to do: {ids}…"),
        (2, "2 pupils are still to do: {ids}. Let each sing, or mark them absent with F4"),
    ],
)
def test_f10_before_its_time_says_who_is_still_to_do(settings: Settings, left: int, words: str) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        ids = [pupil.student_id for pupil in station.roster.pupils]
        station.show(*(ev.MarkedAbsent(student_id, "absent") for student_id in ids[left:]))
        await walk.press("f10")
        await walk.see(words.format(ids=", ".join(ids[:left][:5])))
        await walk.press("enter")
        assert station.posted == []
        assert walk.app.current_mode == "session"
        station.show(*(ev.MarkedAbsent(student_id, "absent") for student_id in ids[:left]))
        await walk.press("f10")
        await walk.see("Enter closes the session")

    drive(settings, test)


def test_too_little_time_is_said_beside_the_totals(settings: Settings) -> None:
    ends = datetime.now().astimezone() + timedelta(minutes=25)
    session = settings.session.model_copy(update={"ends": ends})

    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(pupil_seconds=600.0)
        await walk.see("to do 30   Late: only 2 fit by")

    drive(settings.model_copy(update={"session": session}), test)


def test_notes_are_counted_and_seen_again(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(ev.IncidentNoted("2026-11-25T13:52:10+08:00", "drilling outside", "0107"))
        await walk.see("notes 1")
        await walk.press("f6")
        await walk.see("13:52  0107  drilling outside", "What sort of thing happened?")

    drive(settings, test)


def test_the_next_five_are_named_in_one_line_so_that_they_can_be_fetched(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        names = [pupil.name for pupil in station.roster.pupils]
        await walk.until(lambda: batch(walk) == f"Please get ready: {'  '.join(names[:5])}", "the batch")
        station.show(ev.MarkedAbsent("0108", "absent"), ev.MarkedLate("0107"))
        await walk.until(lambda: batch(walk) == f"Please get ready: {'  '.join(names[2:7])}", "the batch")

    drive(settings, test)


def test_the_next_pupil_is_brought_into_sight(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        ids = [pupil.student_id for pupil in station.roster.pupils]
        last = ev.MarkedAbsent(ids[25], "absent")
        station.show(*(ev.MarkedAbsent(student_id, "absent") for student_id in ids[:26]), last_event=last)
        table = walk.app.screen.query_one(DataTable)
        await walk.until(lambda: table.cursor_row == 26, "the next one")
        await walk.until(lambda: table.scroll_y > 0, "its line")
        assert table.scroll_y <= 26 < table.scroll_y + table.size.height
        assert table.max_scroll_x == 0, "every column is in sight"

    drive(settings, test)


def test_the_clock_and_what_fits_go_on_while_nothing_happens(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.see("Singing test")
        monkeypatch.setattr("station.words.present.lateness", lambda *_: "   Late now")
        monkeypatch.setattr("station.words.present.expected_end", lambda *_: "the end at 16:44")
        await walk.see("Late now", "the end at 16:44")

    drive(settings, test)


def test_of_the_next_five_as_many_are_named_as_fit_into_the_line(settings: Settings) -> None:
    def long(station: FakeStation) -> None:
        names = ("A" * 27, "B" * 28, "C", "D", "E")
        five = [replace(pupil, name=name) for pupil, name in zip(station.roster.pupils, names, strict=False)]
        station.roster = Roster((*five, *station.roster.pupils[5:]))

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.until(lambda: "Please get ready" in line(walk), "the batch")
        assert batch(walk) == f"Please get ready: {'A' * 27}  {'B' * 28}  …"
        assert present.cells(batch(walk)) == 78

    drive(settings, test, prepare=long)


def test_the_field_says_in_both_languages_what_it_takes(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        field = walk.app.screen.query_one(Input)
        assert field.placeholder == "Scan or type a number; Enter alone calls the selected pupil"
        await walk.press("f3")
        await walk.until(lambda: "号" in field.placeholder, "the other language")

    drive(settings, test)


def test_each_line_shows_its_pupils_recordings_of_this_session_only(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        taken = row("0107", State.VERIFIED, ProofLevel.L1)
        station.rows = [
            taken,
            replace(taken, take_id="t2", state=State.QUEUED, verify_level=None),
            replace(taken, take_id="t3", session="of yesterday"),
            replace(row("0108", State.QUEUED), take_id="t4"),
        ]
        station.show(ev.MarkedAbsent("0109", "unwell", "stomach ache"))
        table = walk.app.screen.query_one(DataTable)

        def cells(number: int) -> list[str]:
            return [str(cell) for cell in table.get_row_at(number)]

        await walk.until(lambda: cells(0)[6] == "1/2", "the deliveries")
        assert (cells(1)[6], cells(2)[6]) == ("0/1", "-")
        assert (cells(0)[0], cells(1)[0]) == (">", ""), "who is next"
        assert cells(0)[5] == "-"
        assert "(" in cells(2)[4], "with the note"
        assert "(" not in cells(1)[4]

    drive(settings, test)
