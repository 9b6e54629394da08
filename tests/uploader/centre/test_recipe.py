"""A centre of two of each part: each kind is killed once while twenty stations deliver; nothing is lost."""

from __future__ import annotations

import hashlib
import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from board.boardfile import BoardSettings
from board.expected import ExpectedStation
from board.judge.balance import balance_of
from board.judge.district import judged_rows
from board.judge.seen import BoardRow
from board.store.engine import open_board
from board.web.application import Stores
from config.kit import load_kit
from config.settings import ServerSection
from station.commands.board import WAITING
from station.commands.boarddemo import sample_settings, stop_all
from station.demo.schools import SchoolPlan, SimulatedSchool
from station.words.i18n import worded
from tests.board.postgres import POSTGRES, PostgresServer
from tests.board.visitor import Visitor
from tests.tools.testservers import TUSD, WEED
from tests.uploader.centre.recipe import NGINX, Centre, wait_for
from tests.uploader.s3servers import BUCKET
from uploader.centre.accounts import Accounts
from uploader.queue.states import ProofLevel

DISTRICT = "310105"
SCHOOLS, PUPILS, ITEMS = 20, 5, 2
TAKES = SCHOOLS * PUPILS * ITEMS
PAUSE = 8.0
"""Seconds between two pupils of a school, up to twice as many: they sing longer than the killing takes."""
DOWN, UP = 3.0, 3.0
"""Seconds for which a killed part is away, and until the next is killed."""
PATIENCE = 1200.0
ON_THE_LIST = 120.0
"""Seconds in which a take that was deleted behind the centre's back must be on the list."""
PAIRS = (("tusd", "1081"), ("board", "8091"), ("board", "8092"))
pytestmark = [
    pytest.mark.long,
    pytest.mark.go,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform != "linux", reason="the page is for a Linux server"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: nginx-light)"),
    pytest.mark.skipif(not POSTGRES, reason="PostgreSQL is not installed (Debian: postgresql)"),
]


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    for needed in (TUSD, WEED):
        if needed.why_not:
            pytest.skip(needed.why_not)
    folder = tmp_path / "centre"
    folder.mkdir()
    with PostgresServer(lasting=True) as database:
        found = Centre(folder, database)
        try:
            found.start_all()
            yield found
        finally:
            found.stop()


@pytest.fixture
def stores(centre: Centre) -> Iterator[Stores]:
    """The boards' own database."""
    engine = open_board(centre.database.address)
    yield Stores.of(engine, centre=Accounts(engine))
    engine.dispose()


@pytest.fixture
def schools(centre: Centre, stores: Stores, tmp_path: Path) -> Iterator[list[SimulatedSchool]]:
    """Stations with their own queue, uploader and voice; only nobody sings."""
    plans = [SchoolPlan(number, "", PUPILS, PAUSE) for number in range(SCHOOLS)]
    stores.roll.expect(DISTRICT, [ExpectedStation(one.station, one.school, "", "", PUPILS) for one in plans])
    stores.people.add("technician", "district", DISTRICT, "a long password")
    settings = sample_settings(tmp_path / "samples", centre.url)
    server = ServerSection.model_validate(centre.server_section)
    settings = settings.model_copy(update={"server": server})
    kit = load_kit(settings.session.kit, tmp_path / "kit")
    with ExitStack() as stack:
        found = list[SimulatedSchool]()
        stack.callback(stop_all, found)
        for plan in plans:
            token = stores.roll.make_token(DISTRICT, plan.school)
            found.append(SimulatedSchool(plan, settings, kit, token, tmp_path / "schools"))
        yield found


def proven(schools: list[SimulatedSchool]) -> int:
    return sum(row.verify_level is ProofLevel.L3 for school in schools for row in school.rows())


def said(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)


def rows_of(stores: Stores) -> dict[str, BoardRow]:
    now = time.time()
    rows = judged_rows(stores.roll, stores.arrivals, BoardSettings(), DISTRICT, now, stores.centre)
    return {row.seen.station: row for row in rows}


def test_each_kind_of_part_is_killed_and_every_take_is_there_once_with_a_receipt(
    centre: Centre, stores: Stores, schools: list[SimulatedSchool]
) -> None:
    began = time.monotonic()
    for school in schools:
        school.start()
    wait_for(lambda: proven(schools) > 0, "no first receipt")
    tusd, board, other = (f"{name}@{centre.ports[port]}" for name, port in PAIRS)
    for name in (tusd, "store@", board, "nginx@", "postgresql", "receipts@1"):
        before = sum(len(school.rows()) for school in schools)
        assert before < TAKES, "all had sung before the last part was killed"
        if name == "postgresql":
            centre.kill_database(DOWN, {other: worded("zh_CN", WAITING), "receipts@2": "it is waited for"})
        else:
            centre.kill(name, DOWN)
        said(f"{name} killed and started; {before} recordings before, {proven(schools)} receipts now")
        time.sleep(UP)
    wait_for(lambda: proven(schools) == TAKES, "recordings without a receipt", PATIENCE)
    said(f"{TAKES} of {TAKES} with a receipt after {time.monotonic() - began:.0f} s")
    assert centre.died() == []
    stored = {key: (take, data) for key, take, data in centre.stored()}
    sent = {row.take_id: row.wire_sha256 for school in schools for row in school.rows()}
    assert len(stored) == len(sent) == TAKES, "each once"
    assert {take: hashlib.sha256(data).hexdigest() for take, data in stored.values()} == sent
    balanced(stores, schools)
    deleted_is_on_the_list(centre, stores, schools[7], stored)


def balanced(stores: Stores, schools: list[SimulatedSchool]) -> None:
    """The board's account, the stations' own, and the centre's: the same, to the take."""

    def agree() -> bool:
        told = [row.seen.status.takes.l3 for row in rows_of(stores).values() if row.seen.status is not None]
        return told == [PUPILS * ITEMS] * SCHOOLS

    seconds = wait_for(agree, "the board has not heard the last of every station")
    said(f"the board has every station's last word after {seconds:.0f} s")
    rows = rows_of(stores)
    for school in schools:
        row = rows[school.plan.station]
        own, status, has = school.rows(), row.seen.status, row.seen.centre
        assert status is not None
        assert has is not None
        assert (status.takes.recorded, status.takes.delivered, has.takes, has.proven) == (len(own),) * 4
        assert (has.doubles, has.lost_count, len(status.missing)) == (0, 0, 0)
        assert [str(line.why) for line in balance_of(row.seen) if line.why] == []


def deleted_is_on_the_list(
    centre: Centre, stores: Stores, school: SimulatedSchool, stored: dict[str, tuple[str, bytes]]
) -> None:
    own = school.rows()[3]
    key = next(key for key, (take, _) in stored.items() if take == own.take_id)
    visitor = Visitor(centre.url)
    visitor.log_in("technician")
    visitor.get("/language?to=en")
    page = f"/station/{school.plan.station}?part=1"
    assert "was deleted there" not in visitor.get(page).text
    centre.s3.delete_object(Bucket=BUCKET, Key=key)

    def listed() -> bool:
        lines = re.findall(r"<tr>.*?</tr>", visitor.get(page).text, re.DOTALL)
        return any(own.student_id in line and "was deleted there" in line for line in lines)

    seconds = wait_for(listed, "it is not on the list of what has not arrived", ON_THE_LIST)
    said(f"a deleted recording stood on the list, with the reason, after {seconds:.0f} s")
    visitor.close()
    assert rows_of(stores)[school.plan.station].standing.codes[0] == "erased"
