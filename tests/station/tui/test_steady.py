"""The pupil's screen stands still: the song keeps its place from the instruction to the last note."""

from __future__ import annotations

import pytest
from textual.geometry import Region

from config.settings import Settings
from station.session import events as ev
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import RECORDING, drive
from tests.station.tui.walk import Walk

SONG_2 = (
    *RECORDING,
    ev.TakeSaved("take-1", "0107_warmup_1.wav", 8.0, "ab", "stop"),
    ev.TakeJudged("take-1", True),
    ev.TakeKept(),
    ev.ItemBegun(),
    ev.TimerEnded("x"),
    ev.SoundEnded(),
    ev.TimerEnded("take-2"),
    ev.TakeStarted("take-2", "now"),
)


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("events", [RECORDING, SONG_2], ids=["short", "long"])
def test_the_song_keeps_its_place(
    settings: Settings, size: tuple[int, int], events: tuple[ev.Event, ...]
) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        places: dict[int, Region] = {}
        station.show(*events[:-5])
        for number, event in enumerate(events[-5:]):
            await walk.pilot.pause()
            places[number] = walk.app.screen.query_one("#sheet").region
            station.show(event)
        await walk.pilot.pause()
        places[len(places)] = walk.app.screen.query_one("#sheet").region
        assert len(set(places.values())) == 1, places
        proctor = walk.app.screen.query_one("#proctor").region
        assert proctor.bottom <= size[1] - 1, "the proctor's line is on the screen"

    drive(settings, test, size)
