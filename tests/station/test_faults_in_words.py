"""What is said of a recording that is not fine: by its title, and with the right thing to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.kit import Item, Kit
from config.settings import Settings
from station.session import events as ev
from station.session.machine import replay
from station.session.state import Phase, PupilState, Session, Take
from station.session.view import View
from station.tui.primary import after_verdict
from station.words import present, standings
from tests.station.session.samples import PLAN, events_to
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import CHECKED, drive
from tests.station.tui.walk import Walk

KIT = Kit(
    id="kit",
    version="1",
    items=(Item(id="warmup", title="Two tigers", kind="practice"), Item(id="song1", title="Little star")),
)
SAVED = ev.TakeSaved("take-1", "take-1.wav", 3.0, "ab" * 32, "device")
CUT_OFF = ev.TakeJudged("take-1", False, ("partial",))


def test_songs_that_are_not_fine_have_titles_and_practice_is_none_of_them() -> None:
    takes = (
        Take("a", "warmup", 1, file="a.wav", ok=False, reasons=("silent",)),
        Take("b", "song1", 1, file="b.wav", ok=False, reasons=("silent",)),
    )
    assert standings.not_fine(PupilState("0107", takes=takes), KIT) == [
        "Little star: There is no sound at all in the recording."
    ]


def test_songs_with_one_fault_share_a_line_of_the_list_before_closing() -> None:
    takes = tuple(
        Take(name, name, 1, file=f"{name}.wav", ok=False, reasons=(reason,))
        for name, reason in (("song1", "silent"), ("song2", "silent"), ("song3", "clipped"))
    )
    songs = tuple(Item(id=f"song{number}", title=f"Song {number}") for number in (1, 2, 3))
    first, second = standings.not_fine(PupilState("0107", takes=takes), Kit(id="k", version="1", items=songs))
    assert first == "Song 1, Song 2: There is no sound at all in the recording."
    assert second.startswith("Song 3: ")


def verdict_of(*events: ev.Event) -> list[str]:
    take = replay(Session.fresh(PLAN), [*events_to(Phase.RECORDING), *events]).take
    assert take is not None
    return present.verdict(take)


def test_after_a_power_cut_nobody_looks_at_the_plug() -> None:
    [told] = verdict_of(ev.Restarted(), SAVED, CUT_OFF)
    assert "the computer or the program stopped" in told
    assert "plug" not in told


def test_without_one_the_plug_is_looked_at() -> None:
    [told] = verdict_of(SAVED, CUT_OFF)
    assert "plug" in told
    whole = ev.TakeSaved("take-1", "take-1.wav", 30.0, "ab" * 32, "maximum")
    assert verdict_of(ev.Restarted(), whole, ev.TakeJudged("take-1", False, ("silent",))) == [
        present.advice("silent")
    ]


def practised(*reasons: str) -> list[ev.Event]:
    judged = ev.TakeJudged("warm", False, reasons)
    sung = ev.TakeSaved("warm", "warm.wav", 9.0, "ab" * 32, "stop")
    return [ev.CheckAccepted(), ev.ItemBegun(), ev.TimerEnded("warm"), sung, judged]


def test_bad_practice_needs_no_decision_but_a_fault_of_the_headset_comes_before_the_song() -> None:
    def enter(*reasons: str) -> ev.Event | None:
        way = [*events_to(Phase.CHECK_RESULT), *practised(*reasons)]
        more = replace(PLAN, items=tuple(replace(item, attempts=3) for item in PLAN.items))
        return after_verdict(View(replay(Session.fresh(more), way)))

    assert enter("no_singing") == ev.TakeKept()
    assert enter("muted") == ev.RetakeStarted("verdict")


@pytest.mark.parametrize(
    ("reason", "words", "done"),
    [
        ("no_singing", ("nothing depends on it: Enter goes on", "T practises once more"), ev.TakeKept()),
        ("muted", ("It was practice: Enter practises once more, K goes on",), ev.RetakeStarted("verdict")),
    ],
)
def test_after_bad_practice_the_screen_names_what_enter_does(
    settings: Settings, reason: str, words: tuple[str, ...], done: ev.Event
) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        begun: list[ev.Event] = [ev.ItemBegun(), ev.TimerEnded("x"), ev.SoundEnded(), ev.TimerEnded("warm")]
        station.show(*CHECKED, ev.CheckAccepted(), *begun)
        station.show(*practised(reason)[3:])
        await walk.see(*words)
        await walk.press("enter")
        assert station.posted == [done]

    drive(settings, test)
