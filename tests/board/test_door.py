"""What a station may say, and what it can't do with it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from sqlalchemy import text

from board.store.register import MOST_A_MINUTE, StationPace
from board.web.application import Stores
from config.status.carriage import answer_of
from tests.board.conftest import DISTRICT
from tests.board.visitor import Visitor
from tests.config.status.samples import status


@pytest.fixture
def token(stores: Stores) -> str:
    return stores.roll.make_token(DISTRICT, "娄山小学")


def test_a_status_has_its_row_and_is_acknowledged(stores: Stores, visitor: Visitor, token: str) -> None:
    answer = visitor.tell(status(), token)
    assert answer.status_code == 201
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Location"].startswith("/files/")
    found = answer_of(answer.headers)
    assert (found.board, found.acknowledged, found.word) == (True, 7, "")
    arrival = stores.arrivals.of("310105-017-A")
    assert arrival is not None
    assert arrival.status == status()
    assert abs(arrival.received_at - time.time()) < 60


@pytest.mark.parametrize("secret", [None, "", "x" * 43, "娄山"])
def test_a_wrong_token_is_refused_and_leaves_no_row(
    stores: Stores, visitor: Visitor, token: str, secret: str | None
) -> None:
    answer = visitor.tell(status(), secret.encode("utf-8").decode("latin-1") if secret else secret)
    assert answer.status_code == 401
    assert stores.arrivals.last() == {}


def test_a_revoked_token_is_refused(stores: Stores, visitor: Visitor, token: str) -> None:
    (known,) = stores.roll.tokens()
    assert stores.roll.revoke(known.id)
    assert not stores.roll.revoke(known.id)
    assert visitor.tell(status(), token).status_code == 401


def test_a_token_is_kept_as_a_digest_only(stores: Stores, token: str) -> None:
    assert token not in repr([vars(one) for one in stores.roll.tokens()])
    assert stores.roll.whose(token) is not None
    assert stores.roll.whose(token[:-1]) is None


@pytest.mark.parametrize("station", ["310105-018-A", "310106-001-A"])
def test_a_station_can_not_write_another_schools_row(
    stores: Stores, visitor: Visitor, token: str, station: str
) -> None:
    assert visitor.tell(status(station=station), token).status_code == 403
    assert stores.arrivals.last() == {}


def test_without_its_database_the_board_asks_for_patience_and_comes_back(
    stores: Stores, visitor: Visitor, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = stores.arrivals._engine
    with engine.begin() as db:
        db.execute(text("ALTER TABLE latest RENAME TO gone"))
    assert visitor.tell(status(), token).status_code == 503
    assert "0112" not in caplog.text
    with engine.begin() as db:
        db.execute(text("ALTER TABLE gone RENAME TO latest"))
    assert visitor.tell(status(), token).status_code == 201


def test_an_unknown_station_belongs_to_the_school_that_spoke_first(
    stores: Stores, visitor: Visitor, token: str
) -> None:
    other = stores.roll.make_token(DISTRICT, "天山小学")
    assert visitor.tell(status(station="new-1"), token).status_code == 201
    assert visitor.tell(status(station="new-1", seq=9), other).status_code == 403
    arrival = stores.arrivals.of("new-1")
    assert arrival is not None
    assert arrival.school == "娄山小学"


def test_a_lying_school_can_not_fill_the_page(stores: Stores, visitor: Visitor, token: str) -> None:
    codes = [visitor.tell(status(station=f"new-{n}"), token).status_code for n in range(8)]
    assert codes == [201] * 5 + [403] * 3


def test_an_older_status_never_replaces_a_newer_one(stores: Stores, visitor: Visitor, token: str) -> None:
    for seq in (7, 6):
        assert visitor.tell(status(seq=seq), token).status_code == 201
    arrival = stores.arrivals.of("310105-017-A")
    assert arrival is not None
    assert arrival.status.seq == 7
    visitor.tell(status(run="ffffffff", seq=1), token)
    arrival = stores.arrivals.of("310105-017-A")
    assert arrival is not None
    assert arrival.status.run == "ffffffff"


@pytest.mark.parametrize(
    "metadata", ["kind c3RhdHVz", "kind c3RhdHVz,status ####", "kind c3RhdHVz," + "x" * 9000]
)
def test_what_is_no_status_is_refused(stores: Stores, visitor: Visitor, token: str, metadata: str) -> None:
    answer = visitor.tell(status(), token, **{"Upload-Metadata": metadata})
    assert answer.status_code in (400, 431)
    assert stores.arrivals.last() == {}


def test_a_recording_is_none_of_the_boards_business(visitor: Visitor, token: str) -> None:
    answer = visitor.tell(status(), token, **{"Upload-Metadata": "filename YS53YXY="})
    assert answer.status_code == 404


def test_words_reach_the_station_and_are_known_to_have_arrived(
    stores: Stores, visitor: Visitor, token: str
) -> None:
    stores.desk.tell(DISTRICT, "", "technician", "all please hurry")
    stores.desk.tell(DISTRICT, "310105-017-A", "technician", "请接电话\x1b[31m" + "x" * 300)
    found = answer_of(visitor.tell(status(), token).headers)
    assert found.word.startswith("请接电话")
    assert len(found.word) <= 120
    stores.desk.withdraw(DISTRICT, "310105-017-A")
    assert answer_of(visitor.tell(status(seq=8), token).headers).word == "all please hurry"


def test_words_of_one_district_reach_no_other(stores: Stores, visitor: Visitor, token: str) -> None:
    stores.desk.tell("310106", "", "neighbour", "not for you")
    assert answer_of(visitor.tell(status(), token).headers).word == ""


def test_a_station_that_speaks_without_end_is_asked_for_patience() -> None:
    now = [0.0]
    clock: Callable[[], float] = lambda: now[0]  # noqa: E731 - a clock that a test moves
    pace = StationPace(clock)
    assert [pace.allows("a") for _ in range(MOST_A_MINUTE + 1)] == [True] * MOST_A_MINUTE + [False]
    assert pace.allows("b")
    now[0] = 61.0
    assert pace.allows("a")


def test_two_stations_of_a_school_with_one_roster_hear_who_sang_or_is_absent_at_the_other(
    stores: Stores, visitor: Visitor, token: str
) -> None:
    shared = {"roster": "ab" * 8}
    visitor.tell(status(station="017-B", sung="5", absent="2", **shared), token)
    visitor.tell(status(station="017-C", sung="1", roster="cd" * 8), token)
    other = stores.roll.make_token(DISTRICT, "天山小学")
    visitor.tell(status(station="310105-018-A", sung="f", **shared), other)
    answer = answer_of(visitor.tell(status(**shared, sung="8"), token).headers)
    assert [(word.station, word.sung, word.absent) for word in answer.beside] == [("017-B", "5", "2")]
    assert answer_of(visitor.tell(status(seq=8), token).headers).beside == ()
