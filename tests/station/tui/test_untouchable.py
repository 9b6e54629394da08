"""While a pupil reads, listens and sings, nothing covers, freezes or moves the screen, whatever key comes."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from config.base.message import say
from config.settings import Settings
from station.session import events as ev
from station.session.state import Phase
from station.tui.actions import ACTIONS
from station.tui.screens.test import NoteLine, TestScreen
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import RECORDING, drive
from tests.station.tui.walk import Walk

SAVING = (*RECORDING, ev.TakeSaved("take-1", "0107_warmup_1.wav", 8.0, "ab", "stop"))
PHASES: dict[Phase, tuple[ev.Event, ...]] = {
    Phase.STUDY: RECORDING[:-4],
    Phase.PROMPT: RECORDING[:-3],
    Phase.READY: RECORDING[:-2],
    Phase.RECORDING: RECORDING,
    Phase.SAVING: SAVING,
}
KEYS = sorted({action.key for action in ACTIONS} - {"enter", "escape"})
OTHERS = ("ctrl+c", "ctrl+p", "ctrl+q", "ctrl+z", "tab", "space", "9")


def begin(station: FakeStation, phase: Phase) -> None:
    station.show(*PHASES[phase], recording_since_at=0.0)
    assert station.view.session.phase is phase


def proctor(walk: Walk) -> str:
    return str(walk.app.screen.query_one("#proctor", Static).render())


@pytest.mark.sampled(5, fewest=1)
@pytest.mark.timeout(120)
@pytest.mark.parametrize("phase", PHASES)
def test_no_key_covers_the_pupils_screen(settings: Settings, phase: Phase) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        begin(station, phase)
        await walk.until(lambda: isinstance(walk.app.screen, TestScreen), "the pupil's screen")
        pupils, sheet = walk.app.screen, walk.app.screen.query_one("#sheet").region
        for key in (*KEYS, *OTHERS):
            await walk.press(key)
            assert walk.app.screen is pupils, key
            assert pupils.query_one("#sheet").region == sheet, key
            if pupils.query_one(NoteLine).display:
                await walk.press("escape")
        assert station.posted == []

    drive(settings, test)


def test_a_note_is_written_below_the_song_and_keeps_the_time_of_its_key(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        begin(station, Phase.READY)
        await walk.until(lambda: isinstance(walk.app.screen, TestScreen), "the pupil's screen")
        await walk.press("f6", "4", *"door")
        station.show(*PHASES[Phase.RECORDING][len(PHASES[Phase.READY]) :], recording_since_at=0.0)
        await walk.see("RECORDING")
        await walk.press("t", "enter")
        [note] = station.posted
        assert isinstance(note, ev.IncidentNoted)
        assert (note.note, note.student_id, note.category) == ("doort", "0107", "noise")
        assert not walk.app.screen.query_one(NoteLine).display
        # Now Enter is again what it was.
        await walk.press("enter")
        assert isinstance(station.posted[-1], ev.StopRequested)

    drive(settings, test)


def test_trouble_is_said_in_the_bottom_line_and_moves_nothing(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        begin(station, Phase.RECORDING)
        await walk.see("RECORDING")
        sheet = walk.app.screen.query_one("#sheet").region
        station.show(device_trouble=say("The headset is gone."))
        await walk.until(lambda: "The headset is gone." in proctor(walk), "the trouble")
        assert walk.app.screen.query_one("#sheet").region == sheet
        station.show(device_trouble=None)
        await walk.press("ctrl+q")
        await walk.until(lambda: "when the song is saved" in proctor(walk), "why it does not close")
        assert walk.app.screen.query_one("#sheet").region == sheet

    drive(settings, test)


def test_what_holds_only_while_a_pupil_sings_goes_with_the_song(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        begin(station, Phase.RECORDING)
        await walk.see("RECORDING")
        await walk.press("ctrl+q")
        await walk.until(lambda: "when the song is saved" in proctor(walk), "why it does not close")
        station.show(*SAVING[len(PHASES[Phase.RECORDING]) :], ev.TakeJudged("take-1", True))
        await walk.until(lambda: "when the song is saved" not in walk.text(), "only the verdict")

    drive(settings, test)


def test_no_other_pupil_is_named_while_a_pupil_sits_there(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(ev.IncidentNoted("2026-11-25T13:52:10+08:00", "刘思远 was sick", "0108"))
        walk.app.notify("0109 刘思远", timeout=60)
        await walk.pilot.pause()
        begin(station, Phase.STUDY)
        await walk.until(lambda: isinstance(walk.app.screen, TestScreen), "the pupil's screen")
        await walk.until(lambda: not walk.app._notifications, "no notes over the screen")
        station.show(*SAVING[len(PHASES[Phase.STUDY]) :], ev.TakeJudged("take-1", True))
        await walk.press("f6")
        await walk.see("What sort of thing happened?")
        assert "刘思远" not in walk.text()

    drive(settings, test)


def test_a_session_that_can_keep_nothing_says_so_and_can_be_closed(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        begin(station, Phase.RECORDING)
        await walk.see("RECORDING")
        station.show(stopped=say("The disk is full."))
        await walk.see("Nothing can be kept any more: The disk is full.")
        await walk.press("ctrl+q")
        await walk.see("is recorded to the end")

    drive(settings, test)
