"""The pure parts: sizes of pieces, waits, limits, headers."""

from __future__ import annotations

from email.utils import formatdate
from time import time as now

import pytest
import requests

from config.base.message import say
from uploader.faults import POLICY, ROW_SECONDS, Kind, UploadFault
from uploader.flow.chunks import (
    CALM,
    CALM_AFTER_BREAK,
    FAST_LARGEST,
    FLOOR,
    LARGEST,
    SMALLEST,
    START,
    ChunkSize,
)
from uploader.flow.limit import Bucket
from uploader.flow.speed import Speed
from uploader.send.retry import RetryTimes, Streak, row_wait
from uploader.tus.answers import retry_after
from uploader.tus.headers import decode_metadata, encode_metadata, repr_digest

# --- sizes of pieces


def grown(size: ChunkSize, rate: float, pieces: int = 100) -> list[int]:
    """Sizes after each piece on a line of `rate` bytes a second."""
    sizes = []
    for _ in range(pieces):
        size = size.after(size.size, size.size / rate)
        sizes.append(size.size)
    return sizes


def test_pieces_aim_at_nine_seconds() -> None:
    slow = ChunkSize().after(START, 30.0)
    assert SMALLEST < slow.size < START
    sizes = grown(ChunkSize(), rate=START / 0.5)
    assert sizes == sorted(sizes)
    assert sizes[:CALM] == [START] * (CALM - 1) + [2 * START]
    assert sizes[-1] == LARGEST
    assert ChunkSize().after(START, 600.0).size == SMALLEST


@pytest.mark.parametrize(("seconds", "largest"), [(1.0, LARGEST), (0.5, 2 * LARGEST), (0.01, FAST_LARGEST)])
def test_a_line_faster_than_any_school_has_gets_pieces_of_a_second(seconds: float, largest: int) -> None:
    """`seconds`: for the largest piece of other lines."""
    assert grown(ChunkSize(), rate=LARGEST / seconds)[-1] == largest


def test_a_line_without_delay_gets_larger_pieces_at_once() -> None:
    assert grown(ChunkSize(), rate=100 * START, pieces=4) == [2 * START, 4 * START, 8 * START, 16 * START]


def test_after_a_break_in_a_piece_of_a_fast_line_none_is_so_large_again() -> None:
    """Some proxies end the connection where others answer 413."""
    assert grown(ChunkSize(2 * LARGEST).broken(), rate=1000 * START)[-1] == LARGEST
    assert grown(ChunkSize(LARGEST).broken(), rate=1000 * START)[-1] == FAST_LARGEST


def test_a_piece_that_was_large_becomes_small_where_the_line_slows_down() -> None:
    assert ChunkSize(FAST_LARGEST).after(FAST_LARGEST, FAST_LARGEST / START).size == LARGEST


def test_a_refused_size_is_never_tried_again() -> None:
    size: ChunkSize | None = ChunkSize()
    assert size is not None
    size = size.refused(START)
    assert size is not None
    for _ in range(20):
        size = size.after(size.size, 0.01)
    assert size.size == START // 2
    assert size.refused(FLOOR) is None


def test_a_line_that_breaks_gets_small_pieces_for_a_while() -> None:
    size = ChunkSize(LARGEST).broken()
    assert size.size == START
    for _ in range(CALM_AFTER_BREAK - 1):
        size = size.after(size.size, 0.01)
    assert size.size == START
    assert size.after(size.size, 0.01).size == 2 * START
    for _ in range(10):
        size = size.broken()
    assert size.size == SMALLEST


# --- waits


def fault(kind: Kind, wait: float | None = None) -> UploadFault:
    return UploadFault(kind, say("x"), retry_after=wait)


def test_rows_wait_longer_and_longer_up_to_an_hour() -> None:
    middle = [row_wait(fault(Kind.NETWORK), failures, lambda low, high: 1.0) for failures in range(1, 8)]
    assert middle == [*ROW_SECONDS, 3600.0, 3600.0, 3600.0]


def test_every_kind_of_fault_has_its_rule() -> None:
    assert set(POLICY) == set(Kind)


def test_nothing_ever_waits_for_a_person_alone() -> None:
    assert all(30 <= row_wait(fault(kind), number) <= 1.25 * 86400 for kind in Kind for number in (1, 99))


def test_only_the_file_and_the_centres_clear_word_block() -> None:
    blocking = {kind for kind in Kind if POLICY[kind].blocking}
    assert blocking == {Kind.TAKE, Kind.MISSING, Kind.AUTH, Kind.SMALLEST}


def test_stations_do_not_come_back_together() -> None:
    waits = {row_wait(fault(Kind.NETWORK), 1) for _ in range(20)}
    assert len(waits) == 20
    assert all(45 <= wait <= 75 for wait in waits)


def test_the_servers_wish_is_the_least() -> None:
    assert row_wait(fault(Kind.BUSY, 2000.0), 1) >= 2000


def test_a_session_in_which_nothing_answers_ends_after_two_time_outs() -> None:
    streak = Streak(RetryTimes())

    def attempt() -> None:
        streak.count += 1
        streak.timeouts += 1
        raise UploadFault(Kind.NETWORK, say("x"), timed_out=True)

    with pytest.raises(UploadFault):
        streak.retrying(lambda _: None)(attempt)
    assert streak.count == 2


def waits_of(kind: Kind, *asked: float | None) -> list[float]:
    """Seconds between the tries of a session; the server asked for these after each."""
    waits: list[float] = []
    streak, left = Streak(RetryTimes(tries=len(asked))), list(asked)

    def attempt() -> None:
        streak.count += 1
        raise fault(kind, left.pop(0))

    with pytest.raises(UploadFault):
        streak.retrying(waits.append)(attempt)
    return waits


def test_a_server_that_is_busy_is_asked_ever_more_seldom_and_never_before_it_said() -> None:
    assert waits_of(Kind.HELD, None, None, None, None) == [1.0, 2.0, 5.0]
    assert waits_of(Kind.BUSY, 7.0, 0.0, None, None) == [7.0, 0.0, 5.0]


def test_a_session_ends_after_its_tries_and_counts_anew_after_progress() -> None:
    waits: list[float] = []
    streak = Streak(RetryTimes(tries=3))
    tries = 0

    def attempt() -> None:
        nonlocal tries
        tries += 1
        if tries == 2:
            streak.progress()
        streak.count += 1
        raise fault(Kind.NETWORK)

    with pytest.raises(UploadFault):
        streak.retrying(waits.append)(attempt)
    assert tries == 4
    assert all(wait <= 4 for wait in waits)


# --- limits


def test_the_bucket_lets_no_burst_through() -> None:
    clock = [0.0]
    bucket = Bucket(lambda: clock[0])
    assert [bucket.take(100, 100.0) for _ in range(3)] == [0.0, 1.0, 2.0]
    clock[0] = 10.0
    assert [bucket.take(100, 100.0) for _ in range(2)] == [0.0, 1.0]


def test_speed_follows_the_line() -> None:
    speed = Speed()
    assert speed.seconds_for(1000) is None
    for _ in range(20):
        speed.note(1000, 1.0)
    assert speed.seconds_for(5000) == pytest.approx(5.0)
    for _ in range(20):
        speed.note(4000, 1.0)
    assert speed.seconds_for(4000) == pytest.approx(1.0, rel=0.05)


# --- headers


def test_metadata_there_and_back() -> None:
    metadata = {"take_id": "1-2", "item": "望春风", "attempt": "1", "empty": ""}
    assert decode_metadata(encode_metadata(metadata)) == metadata
    assert decode_metadata("a !!!, b Yg==,,c") == {"b": "b", "c": ""}


def test_repr_digest() -> None:
    assert repr_digest("sha-512=:AAAA:, sha-256=:" + "A" * 43 + "=:") == "00" * 32
    assert repr_digest("sha-256=AAAA") is None
    assert repr_digest("sha-256=:!:") is None
    assert repr_digest("") is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("7", 7, 7), ("in 100 s", 90, 101), ("99999999", 3600, 3600), ("0", 0, 0)],
)
def test_retry_after(text: str, low: float, high: float) -> None:
    response = requests.Response()
    date = formatdate(now() + 100, usegmt=True)
    response.headers["Retry-After"] = date if text == "in 100 s" else text
    found = retry_after(response)
    assert found is not None
    assert low <= found <= high


@pytest.mark.parametrize("text", ["", "soon", "-1"])
def test_retry_after_that_is_none(text: str) -> None:
    response = requests.Response()
    response.headers["Retry-After"] = text
    assert retry_after(response) is None
