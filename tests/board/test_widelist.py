"""The list of a whole country: who looks waits for nobody's counting, and sees nothing that is old."""

from __future__ import annotations

import threading

import pytest

from board.expected import ExpectedStation
from board.web import widelist
from board.web.application import Stores
from board.web.widelist import FRESH_SECONDS, MANY, OLD_SECONDS, WideLists
from tests.board.visitor import Visitor
from tests.clock import Clock


class Writer:
    def __init__(self, stations: int = MANY + 1) -> None:
        self.count, self.stations = 0, stations

    def __call__(self, district: str, language: str) -> tuple[str, int]:
        self.count += 1
        return f"{language} {self.count}", self.stations


def test_a_long_list_is_shown_as_it_was_made_last_and_renewed_after_the_answer() -> None:
    clock, writer = Clock(), Writer()
    lists = WideLists(writer, clock)
    assert lists.get("", "en").html == "en 1"
    clock.now += FRESH_SECONDS - 1
    lists.renew("", "en")
    assert writer.count == 1, "it is fresh"
    clock.now += 2
    assert lists.get("", "en").html == "en 1", "who asks does not wait"
    lists.renew("", "en")
    assert lists.get("", "en").html == "en 2"
    assert lists.get("", "zh_CN").html == "zh_CN 3"


def test_a_list_that_nobody_looked_at_for_long_is_made_anew() -> None:
    clock, writer = Clock(), Writer()
    lists = WideLists(writer, clock)
    lists.get("", "en")
    clock.now += OLD_SECONDS + 1
    assert lists.get("", "en").html == "en 2"


def test_a_short_list_is_made_for_each_who_asks() -> None:
    writer = Writer(MANY)
    lists = WideLists(writer, Clock())
    assert [lists.get("", "en").html for _ in range(3)] == ["en 1", "en 2", "en 3"]
    lists.renew("", "en")
    assert writer.count == 3


def test_many_who_ask_at_once_wait_for_one_list() -> None:
    asked, go_on = threading.Event(), threading.Event()
    writer = Writer()

    def slow(district: str, language: str) -> tuple[str, int]:
        asked.set()
        go_on.wait(10)
        return writer(district, language)

    lists = WideLists(slow, Clock())
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(lists.get("", "en").html)) for _ in range(5)]
    for thread in threads:
        thread.start()
    asked.wait(10)
    go_on.set()
    for thread in threads:
        thread.join()
    assert found == ["en 1"] * 5


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_who_sees_a_country_sees_each_of_its_stations_as_it_is_now(
    stores: Stores, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widelist, "MANY", 3)
    stores.people.add("nation", "viewer", "", "a long password")
    visitor.log_in("nation")
    assert "静默小学" in visitor.get("/rows").text
    assert "外区小学" in visitor.get("/").text
    stores.roll.expect("310107", [ExpectedStation("310107-001-A", "新的小学")])
    assert "新的小学" not in visitor.get("/rows").text, "the list of a moment ago"
    assert "新的小学" in visitor.get("/station/310107-001-A").text
