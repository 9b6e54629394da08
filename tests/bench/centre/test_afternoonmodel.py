"""The model of a country's afternoon, against what can be reckoned by hand."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from tests.bench.centre.afternoonmodel import (
    AFTERNOON,
    BACK_AT,
    DAY,
    PUPILS,
    RECORDED,
    SLOT,
    TAKE_BYTES,
    TAKES_EACH,
    SendingStation,
    Simulation,
    afternoon,
    burst,
)


def one(line: float, *pupils: float, free_at: float = 0.0) -> SendingStation:
    """A pupil every SLOT seconds, each of so many bytes."""
    return SendingStation(line, free_at, [(float(SLOT * n), sung) for n, sung in enumerate(pupils)][::-1])


def test_a_station_alone_sends_by_its_line_from_the_end_of_a_recording_on() -> None:
    found = Simulation([one(10.0, 100.0)], 1e9, DAY).run()
    assert np.flatnonzero(found.arrived).tolist() == list(range(RECORDED, RECORDED + 10))
    assert found.ended == pytest.approx(RECORDED + 10)
    assert (found.total, found.most_sending) == (100.0, 1)


def test_nothing_is_sent_while_the_next_pupil_is_recorded() -> None:
    bytes_each = 1.5 * (SLOT - RECORDED)
    found = Simulation([one(1.0, bytes_each, bytes_each)], 1e9, DAY).run()
    assert found.arrived[RECORDED:SLOT].sum() == pytest.approx(SLOT - RECORDED)
    assert found.arrived[SLOT : SLOT + RECORDED].sum() == 0.0
    assert found.ended == pytest.approx(SLOT + RECORDED + 2 * bytes_each - (SLOT - RECORDED))


def test_a_narrow_centre_fills_all_lines_to_the_same_part() -> None:
    found = Simulation([one(30.0, 300.0), one(10.0, 200.0)], 20.0, DAY).run()
    # 15 and 5 a second: the first is done after 20 s, the other has 100 left and then its whole line.
    assert found.ended == pytest.approx(RECORDED + 20 + 10)
    assert found.arrived[RECORDED : RECORDED + 20] == pytest.approx(20.0)
    assert found.arrived[RECORDED + 20 : RECORDED + 30] == pytest.approx(10.0)


def test_a_station_without_network_sends_when_it_is_back() -> None:
    found = Simulation([one(10.0, 50.0, free_at=float(BACK_AT))], 1e9, DAY).run()
    assert np.flatnonzero(found.arrived)[0] == BACK_AT
    assert found.ended == pytest.approx(BACK_AT + 5)


def test_a_network_that_comes_back_during_a_recording_waits_for_its_end() -> None:
    found = Simulation([one(10.0, 50.0, 50.0, free_at=SLOT + 10.0)], 1e9, DAY).run()
    assert np.flatnonzero(found.arrived)[0] == SLOT + RECORDED
    assert found.ended == pytest.approx(SLOT + RECORDED + 10)


@pytest.mark.parametrize("uploads", [1e12, 20e6])
def test_every_byte_arrives_once_and_never_more_than_the_centre_takes(uploads: float) -> None:
    found = afternoon(40, uploads)
    assert found.arrived.sum() == pytest.approx(found.total)
    assert found.total >= 40 * PUPILS * TAKES_EACH * TAKE_BYTES
    assert found.total <= 40 * PUPILS * TAKES_EACH * TAKE_BYTES * 1.02
    assert found.arrived.max() <= uploads * (1 + 1e-9)
    assert AFTERNOON < found.there_at(0.95) < found.there_at(0.9999) < DAY


def test_what_is_not_there_by_the_evening_counts_as_not_there() -> None:
    assert afternoon(40, 1e5).there_at(0.95) == inf


@pytest.mark.parametrize(("stations", "seconds"), [(1, 10.0), (5, 10.0), (20, 20.0)])
def test_a_burst_takes_as_long_as_its_lines_or_the_centre(stations: int, seconds: float) -> None:
    assert burst(stations, 100.0, 10.0, 100.0) == pytest.approx(seconds)
