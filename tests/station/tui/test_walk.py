"""Two pupils, one absent, one retake, both languages: the real station under the real screens."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from station.session.state import Phase, Standing
from station.tui.app import StationApp
from station.words.i18n import current_language
from tests.station.tui.walk import Walk, afternoon, speedy


async def sing(walk: Walk, *, stop: bool = True) -> None:
    """One item from its instruction to its verdict."""
    await walk.phase(Phase.INSTRUCTION)
    voices = walk.voices
    await walk.until(lambda: voices.ready(walk.view.session), "the song is known")
    await walk.press("enter")
    await walk.phase(Phase.RECORDING)
    await walk.see("RECORDING")
    item = walk.view.session.item
    # The headset's clock runs five times as fast as the one that the minimum is measured with.
    await asyncio.sleep(3.0)
    walk.stop_early(item.min_seconds)
    await walk.phase(Phase.VERDICT)


async def check(walk: Walk) -> None:
    await walk.phase(Phase.CHECK_RESULT)
    await walk.see("The headset is fine")
    await walk.press("enter")


@pytest.mark.costly
@pytest.mark.timeout(150)
@pytest.mark.parametrize(
    "size", [(80, 24), pytest.param((120, 40), marks=pytest.mark.long)], ids=["80x24", "120x40"]
)
def test_an_afternoon_by_keyboard(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A verdict stays until it was read.
    monkeypatch.setattr("station.demo.afternoon.AUTO_RESULT_SECONDS", 200.0)
    asyncio.run(an_afternoon(tmp_path, size))


async def an_afternoon(tmp_path: Path, size: tuple[int, int]) -> None:
    with afternoon(speedy(tmp_path / "demo")) as demo:
        app = StationApp(demo.station)
        async with app.run_test(size=size) as pilot:
            walk = Walk(pilot, app, demo.voices)
            await walk.until(lambda: walk.view.device_ready, "the headset opens")
            await walk.see("Expected 30   done 0   absent 0   to do 30", "Next: 0107")

            # The first one is absent: marked under the cursor, counted at once, undone and done again.
            await walk.press("f4", "1")
            await walk.see("absent 1", "Next: 0108")
            assert walk.view.session.pupils["0107"].standing is Standing.ABSENT

            # Enter alone calls the next one; the language changes while the pupil sits there.
            await walk.press("enter")
            await walk.see("Is this the pupil in the chair?", "刘   思   远")
            await walk.press("escape", "f3")
            assert current_language() == "zh_CN"
            await walk.see("应到 30")
            await walk.press("f3")

            # A scanner types fast and ends with Enter.
            await walk.press("0", "1", "0", "9", "enter")
            await walk.phase(Phase.IDENTITY)
            assert walk.view.session.current == "0109"
            await walk.press("enter")
            await check(walk)
            # The larger window needs no second song.
            for number in range(3 if size == (80, 24) else 1):
                await sing(walk)
                await walk.see("The recording is fine")
                if number == 1:
                    # A technical retake of a good take asks for the reason and keeps both.
                    await walk.press("t", "1")
                    await walk.phase(Phase.RECORDING)
                    await asyncio.sleep(3.0)
                    walk.stop_early(walk.view.session.item.min_seconds)
                    await walk.phase(Phase.VERDICT)
                await walk.press("enter")
            if size != (80, 24):
                # Back after the first item: the pupil is begun and comes first again.
                await walk.phase(Phase.INSTRUCTION)
                await walk.press("escape")
                await walk.see("done 0   absent 1   to do 29", "Next: 0109")
                return
            await walk.phase(Phase.HOME)
            await walk.see("done 1   absent 1   to do 28")
            takes = walk.view.session.pupils["0109"].takes
            assert [(take.item_id, take.attempt, take.reason) for take in takes] == [
                ("warmup", 1, ""),
                ("song1", 1, ""),
                ("song1", 2, "noise"),
                ("song2", 1, ""),
            ]

            # The uploads, every one proven.
            await walk.press("f7")
            await walk.until(lambda: walk.view.delivery.delivered == 3, "delivered")
            await walk.see("Uploads 3/3 delivered", "L2 read back")
            await walk.press("escape", "f1")
            await walk.see("The afternoon in five steps")
            await walk.press("escape", "f2")
            await walk.see("Phase: home")
            await walk.press("escape", "ctrl+q")
            await walk.see("End the rehearsal?")
            await walk.press("2")
