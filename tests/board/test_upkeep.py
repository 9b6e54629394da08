"""The list of a country is kept up while stations speak, so that who looks first waits for little."""

from __future__ import annotations

import asyncio
import threading

import pytest

from board.expected import ExpectedStation
from board.judge.keptrows import Country, KeptRows
from board.web.application import Stores
from board.web.upkeep import EVERY_SECONDS, Upkeep
from board.web.widelist import MANY
from tests.board.conftest import DISTRICT
from tests.board.visitor import Visitor
from tests.clock import Clock
from tests.config.status.samples import status


def test_it_is_done_once_at_a_time_and_seldom() -> None:
    clock, done, go_on = Clock(), list[float](), threading.Event()

    def work() -> None:
        go_on.wait(20)
        done.append(clock.now)

    async def nudged(upkeep: Upkeep) -> None:
        upkeep.nudge()
        while upkeep._going is not None:
            go_on.set()
            await asyncio.sleep(0.01)

    async def afternoon() -> None:
        upkeep = Upkeep(work, clock)
        for _ in range(3):
            upkeep.nudge()
            await asyncio.sleep(0.01)
        await nudged(upkeep)
        clock.now += EVERY_SECONDS - 1
        await nudged(upkeep)
        clock.now += 2
        await nudged(upkeep)

    asyncio.run(afternoon())
    assert done == [1000.0, 1000.0 + EVERY_SECONDS + 1]


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
@pytest.mark.parametrize("stations", [MANY, 5])
def test_what_a_station_says_is_judged_before_anybody_looks(
    stores: Stores, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, stations: int
) -> None:
    looked, plainly, heard = threading.Event(), KeptRows.look, list[int]()

    def look(self: KeptRows, now: float) -> Country:
        found = plainly(self, now)
        heard.append(found.sums.heard)
        looked.set()
        return found

    monkeypatch.setattr(KeptRows, "look", look)
    places = [ExpectedStation(f"310107-{number:03}-A", "娄山小学") for number in range(stations)]
    stores.roll.expect("310107", places)
    token = stores.roll.make_token(DISTRICT, "娄山小学")
    assert visitor.tell(status(), token).status_code == 201
    if stations >= MANY:
        assert looked.wait(30)
        assert heard == [1]
    else:
        assert not looked.wait(0.3), "a district's list is made when somebody asks"
