"""Each screen in states that a good afternoon does not show; both languages, 80 columns, no colour."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from textual.widgets import DataTable, Input

from config.base import say, stored
from config.settings import Settings
from station.session import events as ev
from station.session.state import Phase
from station.session.view import DeliverySummary
from station.tui.app import StationApp
from station.tui.primary import primary_text
from station.words.i18n import set_language
from station.words.present import cells
from tests.station.tui.fake import FakeStation, row
from tests.station.tui.states import CHECKED, RECORDING, drive, judged
from tests.station.tui.walk import Walk
from uploader.queue.states import ProofLevel, State


def test_a_wrong_number_is_said_and_nothing_happens(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("9", "9", "enter")
        assert station.posted == [ev.PupilNamed("99")]
        station.show(notice=say("Number {id} is not in the roster.", id="99"))
        await walk.see("Number 99 is not in the roster.")

    drive(settings, test)


def test_full_width_digits_of_a_chinese_keyboard_are_read(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        walk.app.screen.query_one(Input).value = "\uff10\uff11\uff10\uff18"
        await walk.press("enter")
        assert station.posted == [ev.PupilNamed("0108")]

    drive(settings, test)


def test_a_failed_check_gives_one_sentence_and_is_repeated_by_enter(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        advice = say("The microphone delivers no sound. Check the mute switch.")
        station.show(
            *CHECKED[:2], ev.CheckMeasured("silence", "fail", stored(advice), {"floor_dbfs": -120.0})
        )
        await walk.see("The headset needs attention", "Check the mute switch.", "failed")
        await walk.press("enter")
        assert station.posted == [ev.CheckAgain()]
        await walk.press("s", "1")
        await walk.until(lambda: len(station.posted) == 2, "the answer")
        assert isinstance(station.posted[-1], ev.CheckSkipped)

    drive(settings, test)


def test_a_scan_while_the_identity_is_asked_changes_the_pupil(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(ev.PupilNamed("0107"))
        await walk.see("Is this the pupil in the chair?")
        await walk.press("0", "1", "1", "0")
        await walk.see("New number: 0110")
        await walk.press("enter")
        assert station.posted == [ev.PupilNamed("0110")]

    drive(settings, test)


def test_a_bad_take_names_the_reason_and_enter_records_again(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*judged(True), ev.TakeKept(), ev.ItemBegun(), ev.TimerEnded("x"), ev.SoundEnded())
        saved = ev.TakeSaved("song", "0107_song1_1.wav", 30.0, "ab", "stop")
        station.show(ev.TimerEnded("song"), saved, ev.TakeJudged("song", False, ("no_singing",)))
        await walk.see("The recording is not fine", "nobody sings", "Everything that was recorded is kept.")
        await walk.press("enter")
        assert station.posted == [ev.RetakeStarted("verdict")]
        await walk.press("k")
        assert station.posted[-1] == ev.TakeKept()

    drive(settings, test)


def test_no_space_stands_between_chinese_sentences(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        set_language("zh_CN")
        station.show(*judged(False, "no_singing"))
        await walk.see("没有人唱。请确认")

    drive(settings, test)


def test_a_second_attempt_and_the_end_of_a_pupil_are_named(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        again = (ev.RetakeStarted("noise"), ev.SoundEnded(), ev.TimerEnded("take-2"))
        station.show(*judged(True), ev.TakeKept(), ev.ItemBegun(), ev.TimerEnded("x"), ev.SoundEnded())
        station.show(ev.TimerEnded("take-9"), ev.TakeStarted("take-9", "now"))
        station.show(ev.TakeSaved("take-9", "f", 8.0, "ab", "stop"), ev.TakeJudged("take-9", True))
        assert primary_text(walk.view) == "Next"
        last = replace(walk.view, session=replace(walk.view.session, item_index=2))
        assert primary_text(last) == "Finish"
        station.show(*again)
        await walk.see("attempt 2")

    drive(settings, test)


def test_the_question_for_the_reason_holds_a_good_verdict(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*judged(True), timer_ends_at=monotonic() + 60)
        await walk.see("Next in a moment")
        await walk.press("t")
        assert station.posted == [ev.VerdictHeld()]
        await walk.see("两只老虎", "for which technical reason?")
        station.show(timer_ends_at=None)
        await walk.press("escape")
        await walk.see("Press Enter for the next song")

    drive(settings, test)


def test_the_song_before_can_be_recorded_again(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*judged(True), ev.TakeKept())
        await walk.press("t")
        await walk.see("两只老虎", "for which technical reason?")
        await walk.press("1")
        await walk.until(lambda: bool(station.posted), "the answer")
        assert station.posted == [ev.RetakeStarted("noise")]

    drive(settings, test)


def test_a_prompt_that_can_not_be_played_is_a_sentence_and_a_next_step(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        sung = (*judged(True), ev.TakeKept(), ev.ItemBegun(), ev.TimerEnded("x"))
        station.show(*sung, ev.SoundFailed("bad_sound"))
        await walk.see("can't be played; the headset is fine")
        await walk.press("enter")
        assert station.posted == [ev.Continued(from_prompt=True)]

    drive(settings, test)


def test_a_dead_headset_is_a_sentence_over_everything(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(device_ready=False, device_trouble=say("The headset has stopped. Check the plug."))
        await walk.see("The headset has stopped. Check the plug.")

    drive(settings, test)


def test_the_queue_shows_state_proof_and_what_is_wrong(settings: Settings, tmp_path: Path) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        refused = say("Compare [server] url with the address that the centre gave.")
        station.rows = [
            row("0107", State.VERIFIED, ProofLevel.L2),
            row("0108", State.SENT, ProofLevel.L0),
            row("0109", State.UPLOADING),
            row("0110", State.BLOCKED, None, refused),
        ]
        station.show(
            delivery=DeliverySummary(4, 1, 1, 1, 0, 1, trouble=refused, finish_at="2026-11-25T16:52:00")
        )
        await walk.press("f7")
        await walk.see(
            "delivered", "L2 read back", "sent, not yet proven", "not proven", "needs help",
            "Compare [server] url with the address", "=====-----", "all delivered about 16:52",
        )  # fmt: skip
        await walk.press("r")
        assert station.retried == [None]
        await walk.press("p")
        assert station.paused == [True]
        await walk.press("down", "enter")
        await walk.see("student_id: 0108")
        await walk.press("enter", "e")
        walk.app.screen.query_one(Input).value = str(tmp_path)
        await walk.press("enter")
        await walk.see("2 recordings written and read back, 1 was there already.")
        assert station.exported == [tmp_path]

    drive(settings, test)


@pytest.mark.costly
def test_the_self_test_runs_live_and_explains(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f8")
        await walk.see("Self-test", "0/", "Without a whole kit no pupil can be tested.")
        await walk.press("r")
        await walk.see("[ok] in order", "2 test items, 1 for practice")
        await walk.press("enter")
        await walk.see("Every file of the kit is read")
        await walk.press("enter")
        await walk.until(lambda: getattr(walk.app.screen, "finished", False), "the check is over")
        await walk.press("down", "r")
        await walk.see("30 pupils in the roster.")
        await walk.press("escape")
        await walk.see("Expected 30")

    drive(settings, test)


def test_without_a_valid_self_test_one_line_warns(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.selftest_warning = say("No self-test was run.")
        station.show()
        await walk.see("No self-test was run.")

    drive(settings, test)


def test_after_a_restart_enter_goes_on(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*CHECKED[:2], ev.Restarted())
        await walk.see("The station was started again. Press Enter to go on where it stopped.")
        await walk.press("enter")
        assert station.posted == [ev.Continued(from_prompt=True)]

    drive(settings, test)


def test_after_a_restart_in_a_take_nothing_is_pressed(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*RECORDING, ev.Restarted(), orphan=True)
        await walk.see("goes on; it ends by itself", "A recording from before still goes on")
        await walk.press("enter")
        assert not any(isinstance(event, ev.StopRequested) for event in station.posted)

    drive(settings, test)


STATES: dict[str, tuple[ev.Event, ...]] = {
    "session": (),
    "identity": CHECKED[:1],
    "check": CHECKED[:2],
    "checked": CHECKED,
    "instruction": (*CHECKED, ev.CheckAccepted()),
    "recording": RECORDING,
    "good": judged(True),
    "bad": judged(False, "clipped", "hum"),
}


@pytest.mark.sampled(16, fewest=1)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("state", STATES)
def test_every_line_fits_80_columns_and_plain_terminals(
    settings: Settings, state: str, language: str
) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        set_language(language)  # type: ignore[arg-type]
        station.show(*STATES[state])
        await walk.pilot.pause(0.15)
        lines = picture(walk)
        assert len(lines) == 24
        assert all(cells(line) <= 80 for line in lines)
        own = "".join(lines[:-1])
        odd = {char for char in own if not char.isascii() and cells(char) == 1}
        assert odd <= set("“”\u2019▁▂▃▄▅▆▇█▎▍▋▊▉▏▌▐ "), odd
        assert walk.view.session.phase is not Phase.PROMPT

    drive(settings, test)


def picture(walk: Walk) -> list[str]:
    """The screen as text, line by line."""
    strips = walk.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def test_the_selected_row_stays_selected(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("down", "down", "down")
        table = walk.app.screen.query_one(DataTable)
        before = table.cursor_row
        station.show(delivery=DeliverySummary(1, 0, 0, 1))
        await walk.pilot.pause(0.1)
        assert table.cursor_row == before == 3

    drive(settings, test)


def test_what_was_repaired_in_the_roster_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(StationApp, "notify", lambda app, text, **more: told.append(text))
    settings.session.roster.write_text(
        "学号,姓名\n\uff10\uff11\uff10\uff17,陈一诺\n108,刘思远\n", encoding="utf-8"
    )

    async def test(walk: Walk, station: FakeStation) -> None:
        [text] = told
        assert "was read as 0107" in text
        assert "one more problem" in text

    drive(settings, test)
