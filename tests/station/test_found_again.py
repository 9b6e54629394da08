"""A recording that is found after a power cut: its time, and what is told of it."""

from __future__ import annotations

from pathlib import Path

from config.disk import DataDir
from config.settings import Settings
from station.forms.titles import form_of
from station.reports.own_incidents import CUT_OFF, ENDINGS, OwnIncidents
from station.session import events as ev
from station.session.machine import replay
from station.session.plan import Plan
from station.session.state import Phase, Session
from station.takes.naming import session_of
from station.takes.settle import look_through, settle
from tests.station.forms.day import basis
from tests.station.test_identity import record
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import CHECKED

BEGAN = "2026-11-25T14:00:00+08:00"
TO_THE_SONG = (*CHECKED, ev.CheckAccepted(), ev.ItemBegun(), ev.TimerEnded("x"), ev.SoundEnded())


def test_the_record_of_the_test_has_the_time_of_a_recording_that_no_journal_knows(settings: Settings) -> None:
    record(DataDir(settings.data.dir).session(session_of(settings)), "0107", "take-1")
    [line] = [row for row in form_of("record", basis(settings)).tables[0].rows if "0107" in row]
    assert "14:00-14:00" in line


def test_a_power_cut_before_the_begin_is_written_loses_no_time(settings: Settings, tmp_path: Path) -> None:
    session = FakeStation(settings).view.session
    session = replay(session, (*TO_THE_SONG, ev.TimerEnded("take-1"), ev.Restarted()))
    assert session.phase is Phase.RECORDING
    record(tmp_path / "s", "0107", "take-1")
    after = replay(session, settle(look_through(tmp_path / "s", {})[0], session))
    assert after.take is not None
    assert (after.take.started_at, after.phase) == (BEGAN, Phase.SAVING)


def test_a_recording_found_in_the_folder_brings_its_time(settings: Settings, tmp_path: Path) -> None:
    station = FakeStation(settings)
    fresh = Session.fresh(Plan.of(station.roster, station.kit))
    record(tmp_path / "s", "0107", "take-1")
    after = replay(fresh, settle(look_through(tmp_path / "s", {})[0], fresh))
    assert [take.started_at for take in after.pupils["0107"].takes] == [BEGAN]


def test_a_power_cut_is_not_told_as_a_lost_headset() -> None:
    begun, broken = ev.TakeStarted("take-1", BEGAN), ev.TakeSaved("take-1", "a.wav", 8.0, "ab" * 32, "device")

    def told(*events: ev.Event) -> list[str]:
        own = OwnIncidents()
        for event in events:
            own.note(event, 0.0, "0107")
        return [str(incident.what) for incident in own.found]

    assert told(begun, broken) == [str(ENDINGS["device"])]
    assert str(CUT_OFF) in told(begun, ev.Restarted(), broken)
    assert str(ENDINGS["device"]) in told(begun, ev.Restarted(), begun, broken)
