"""Statuses that come at the same time: each has its own answer, whoever it came with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from board.store.register import MOST_A_MINUTE, Register, Spoken, StationPace
from board.store.roll import digest
from board.web.application import Stores
from board.web.together import MOST, Together
from config.status.carriage import answer_of
from tests.board.conftest import DISTRICT
from tests.board.visitor import Visitor
from tests.config.status.samples import status

SCHOOL = "娄山小学"
LISTED = "310105-017-A"


def test_in_one_batch_each_is_judged_by_its_own_token(stores: Stores) -> None:
    token, other = (digest(stores.roll.make_token(DISTRICT, school)) for school in (SCHOOL, "天山小学"))
    stores.desk.tell(DISTRICT, LISTED, "technician", "for you alone")
    batch = [
        Spoken(token, status(seq=8)),
        Spoken(digest("wrong"), status(seq=99)),
        Spoken(other, status(seq=98)),
        Spoken(token, None),
        Spoken(token, status(seq=7)),
        *(Spoken(token, status(station=f"new-{number}")) for number in range(6)),
        Spoken(other, status(station="new-0", seq=97)),
        Spoken(other, status(station="310105-018-A")),
    ]
    heard = Register(stores.arrivals, stores.desk, StationPace()).take(batch)
    assert [one.code for one in heard] == [201, 401, 403, 400, 201, *[201] * 5, 403, 403, 201]
    told = {place: one.word.text for place, one in enumerate(heard) if one.word is not None}
    assert told == {0: "for you alone", 4: "for you alone"}
    found = stores.arrivals.last()
    assert sorted(found) == sorted([LISTED, "310105-018-A", *(f"new-{number}" for number in range(5))])
    assert found[LISTED].status.seq == 8, "the newest, though an older one stood behind it"
    assert found["new-0"].school == SCHOOL


def test_in_one_batch_a_station_can_not_speak_without_end(stores: Stores) -> None:
    token = digest(stores.roll.make_token(DISTRICT, SCHOOL))
    batch = [Spoken(token, status(seq=seq)) for seq in range(1, MOST_A_MINUTE + 3)]
    heard = Register(stores.arrivals, stores.desk, StationPace()).take(batch)
    assert [one.code for one in heard] == [201] * MOST_A_MINUTE + [429] * 2


def test_many_stations_that_speak_at_once_are_all_heard(stores: Stores, visitor: Visitor) -> None:
    token = stores.roll.make_token(DISTRICT, SCHOOL)

    def said(seq: int) -> int:
        answer = visitor.tell(status(seq=seq), token)
        assert answer.status_code == 201
        return answer_of(answer.headers).acknowledged

    with ThreadPoolExecutor(16) as crowd:
        assert list(crowd.map(said, range(1, 25))) == list(range(1, 25))
    arrival = stores.arrivals.of(LISTED)
    assert arrival is not None
    assert arrival.status.seq == 24


def test_what_comes_while_others_are_written_is_written_together() -> None:
    batches, go_on = list[int](), threading.Event()

    def work(batch: Sequence[int]) -> list[int]:
        batches.append(len(batch))
        go_on.wait(20)
        return [-one for one in batch]

    async def crowd() -> list[int]:
        together = Together[int, int](work)
        asked = [asyncio.create_task(together.ask(number)) for number in range(MOST + 50)]
        while not batches:
            await asyncio.sleep(0.01)
        asked += [asyncio.create_task(together.ask(number)) for number in range(MOST + 50, MOST + 60)]
        # Each task begins, and asks, before this one goes on.
        await asyncio.sleep(0)
        go_on.set()
        return await asyncio.gather(*asked)

    assert asyncio.run(crowd()) == [-number for number in range(MOST + 60)]
    assert sum(batches) == MOST + 60
    assert max(batches) <= MOST
    assert len(batches) <= 3


def test_a_batch_that_fails_is_refused_to_each_and_the_next_is_taken() -> None:
    go_on = threading.Event()

    def work(batch: Sequence[int]) -> list[int]:
        go_on.wait(20)
        if 0 in batch:
            raise OSError("the disk is full")
        return list(batch)

    async def crowd() -> list[object]:
        together = Together[int, int](work)
        asked = [asyncio.create_task(together.ask(0)) for _ in range(3)]
        await asyncio.sleep(0)
        go_on.set()
        first = await asyncio.gather(*asked, return_exceptions=True)
        return [*first, await together.ask(1)]

    *failed, last = asyncio.run(crowd())
    assert [type(one) for one in failed] == [OSError] * 3
    assert last == 1
