"""The stations' own accounts and the centre's: to the take, also after somebody deletes from the store."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from sqlalchemy import delete, event, update

from board.boardfile import BoardSettings
from board.expected import ExpectedStation
from board.judge.balance import balance_of
from board.judge.district import judged_rows
from board.judge.listline import sums_of
from board.judge.seen import BoardRow, Grade
from board.web.application import Stores
from config.status.record import Pupils, Status, TakeCounts
from tests.board.conftest import DISTRICT
from tests.board.visitor import Visitor
from tests.config.status.samples import status
from tests.uploader.centre.stored import MemoryS3, description
from uploader.centre.accounts import Accounts
from uploader.centre.bucket import BucketStore
from uploader.centre.centreworker import CentreWorker
from uploader.centre.ledger import Ledger, uploads

STATIONS = [f"310105-{number:03}-A" for number in range(20)]
TAKES = 3
SETTINGS = BoardSettings(language="en")


class Centre:
    """A bucket with the takes of twenty stations, and a worker on the board's database."""

    def __init__(self, stores: Stores) -> None:
        assert isinstance(stores.centre, Accounts)
        self.s3 = MemoryS3()
        self.worker = CentreWorker(BucketStore("s3://takes/", self.s3), Ledger(stores.roll._engine))

    def put(self, key: str, station: str, take: str, student: str) -> None:
        facts = {"take_id": take, "station": station, "session": "roster-20261126"}
        facts |= {"student_id": student, "item": "song1", "attempt": "1"}
        self.s3.put(key)
        self.s3.objects[f"{key}.info"] = description(f"{key}+m", 5, **facts).encode()


@pytest.fixture
def centre(stores: Stores) -> Centre:
    """All that the stations say is there."""
    found = Centre(stores)
    stores.roll.expect(DISTRICT, [ExpectedStation(station, "娄山小学") for station in STATIONS])
    for station in STATIONS:
        for number in range(TAKES):
            name = f"{station}-{number}"
            found.put(name, station, f"take-{name}", f"01{number:02}")
        stores.arrivals.keep(said(station), DISTRICT, "娄山小学")
    found.worker.once()
    return found


def said(station: str) -> Status:
    """Finished, all delivered."""
    return status(
        station=station,
        stage="finished",
        headset=True,
        selftest=None,
        pupils=Pupils(expected=TAKES, done=TAKES),
        takes=TakeCounts(recorded=TAKES, l3=TAKES),
        missing=(),
        why=(),
        incidents=(),
    )


def rows_of(stores: Stores) -> dict[str, BoardRow]:
    rows = judged_rows(stores.roll, stores.arrivals, SETTINGS, DISTRICT, time.time(), stores.centre)
    return {row.seen.station: row for row in rows}


@pytest.mark.sampled(2, fewest=1)
def test_both_accounts_agree_to_the_take(stores: Stores, centre: Centre) -> None:
    rows = rows_of(stores)
    assert {row.seen.centre.takes for row in rows.values() if row.seen.centre} == {TAKES}
    assert not [line for row in rows.values() for line in balance_of(row.seen)[-2:] if line.why]
    sums = sums_of(rows.values())
    assert (sums.delivered, sums.at_centre, sums.lost) == (20 * TAKES, 20 * TAKES, 0)


def test_a_take_deleted_from_the_store_is_missing_with_the_reason(
    stores: Stores, centre: Centre, people: Stores, visitor: Visitor
) -> None:
    del centre.s3.objects[f"{STATIONS[7]}-1"]
    centre.worker.look()
    centre.worker.look()
    rows = rows_of(stores)
    assert [station for station, row in rows.items() if "erased" in row.standing.codes] == [STATIONS[7]]
    assert rows[STATIONS[7]].standing.grade is Grade.BAD
    sums = sums_of(rows.values())
    assert (sums.delivered, sums.at_centre, sums.lost) == (20 * TAKES, 20 * TAKES - 1, 1)
    visitor.log_in("technician")
    page = visitor.get(f"/station/{STATIONS[7]}?part=1").text
    assert "<td>0101</td>" in page
    assert "was deleted there" in page
    assert "<td>0100</td>" not in page
    assert "deleted there 1" in visitor.get("/rows").text


def test_the_same_take_twice_is_one_take_and_is_told(stores: Stores, centre: Centre) -> None:
    centre.put("again", STATIONS[0], f"take-{STATIONS[0]}-0", "0100")
    centre.put("new", STATIONS[0], "a new take", "0100")
    centre.worker.once()
    has = rows_of(stores)[STATIONS[0]].seen.centre
    assert has is not None
    assert (has.takes, has.doubles) == (TAKES + 1, 1)
    why = [str(line.why) for line in balance_of(rows_of(stores)[STATIONS[0]].seen) if line.why]
    assert why == ["1 is there without a proof at the station", "1 came twice"]


def test_the_account_of_all_stations_follows_what_changes(stores: Stores, centre: Centre) -> None:
    """Counted once, then only where something changed."""
    account = stores.centre
    assert isinstance(account, Accounts)
    key = (STATIONS[5], "roster-20261126")
    assert account.takes()[key].takes == TAKES
    centre.put("more", STATIONS[5], "another take", "0109")
    centre.worker.look()
    assert (account.takes()[key].takes, account.takes()[key].proven) == (TAKES + 1, TAKES)
    centre.worker.once()
    assert account.takes()[key].proven == TAKES + 1
    gone = centre.s3.objects.pop("more")
    centre.worker.look()
    centre.worker.look()
    assert account.takes()[key].lost_count == 1
    centre.s3.objects["more"] = gone
    centre.worker.once()
    assert (account.takes()[key].takes, account.takes()[key].lost_count) == (TAKES + 1, 0)
    assert dict(account.takes()) == dict(Accounts(account._engine).takes()), "as one who counts all"


def test_what_no_clock_told_is_counted_in_its_turn(stores: Stores, centre: Centre) -> None:
    """As a worker whose clock is hours behind would leave it."""
    account = stores.centre
    assert isinstance(account, Accounts)
    account.takes()
    account.takes()
    with stores.roll._engine.begin() as db:
        db.execute(update(uploads).where(uploads.c.student_id == "0101").values(state="gone"))
    assert {one.takes for one in account.takes().values()} == {TAKES - 1}
    with stores.roll._engine.begin() as db:
        db.execute(delete(uploads).where(uploads.c.station == STATIONS[0]))
    assert sorted(station for station, _ in account.takes()) == STATIONS[1:]


# SQLite says how it will look for something; PostgreSQL decides by the size of the table.
@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_a_look_at_the_centre_does_not_read_all_that_it_has(stores: Stores, centre: Centre) -> None:
    engine = stores.roll._engine
    account, asked = Accounts(engine), list[tuple[str, Any]]()
    account.takes()
    centre.put("more", STATIONS[5], "another take", "0109")
    centre.worker.look()
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
    account.takes()
    told = list(asked)
    with engine.connect() as db:
        plans = [db.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all() for query, values in told]
    assert len(told) >= 4
    assert not [row for plan in plans for row in plan if row.detail.startswith("SCAN centre_uploads")]


def test_what_the_station_proved_and_the_centre_never_had_is_said(stores: Stores, centre: Centre) -> None:
    more = said(STATIONS[3]).model_copy(update={"seq": 8, "takes": TakeCounts(recorded=9, l2=9)})
    stores.arrivals.keep(more, DISTRICT, "娄山小学")
    assert rows_of(stores)[STATIONS[3]].standing.codes[0] == "unseen"


def test_a_board_publishes_receipts_and_none_of_what_is_gone(
    stores: Stores, centre: Centre, visitor: Visitor
) -> None:
    address = f"/receipts/{STATIONS[0]}-0%2Bm.json"
    assert json.loads(visitor.get(address).text)["take_id"] == f"take-{STATIONS[0]}-0"
    centre.s3.objects.clear()
    centre.worker.look()
    centre.worker.look()
    assert visitor.get(address).status_code == 404
    assert visitor.get("/receipts/..%2F..%2Fetc.json").status_code == 404


def test_a_board_without_a_centre_says_nothing_of_it(stores: Stores, visitor: Visitor) -> None:
    stores.arrivals.keep(said("310105-017-A"), DISTRICT, "娄山小学")
    assert rows_of(stores)["310105-017-A"].seen.centre is None
