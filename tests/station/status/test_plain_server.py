"""A real tusd and no board: it keeps a few empty objects, and recordings travel as if nothing were said."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.load import load_settings
from config.samples import write_samples
from config.settings import DeliverySection, ServerSection, Settings
from config.status import Status
from station.run.station import Station
from station.status.broadcast import Asked, Broadcast, KeptCount
from station.status.schedule import MOST_KEPT
from tests.config.status.samples import status
from tests.uploader.httpgate import HttpGate, Passed
from tests.uploader.kinds import kind
from tests.uploader.realservers import Running
from tests.uploader.takes import new_take
from uploader.queue.queue import Queue
from uploader.queue.take import FinishedTake
from uploader.send.worker import Uploader
from uploader.tus import Announcer

pytestmark = [pytest.mark.long, pytest.mark.go, pytest.mark.timeout(300)]


@pytest.fixture
def tusd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    with Running(kind("tusd", request.config.cache), tmp_path / "store") as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path, tusd: Running) -> Settings:
    home = tmp_path / "station"
    home.mkdir()
    write_samples(home)
    found = load_settings(home / "station.toml")
    audio = found.audio.model_copy(update={"input": "builtin", "output": "builtin"})
    server = found.server.model_copy(update={"url": tusd.url, "token_env": None})
    return found.model_copy(update={"audio": audio, "server": server})


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kept(store: Path) -> list[dict[str, str]]:
    """Metadata of the statuses that lie in tusd's folder."""
    found = [json.loads(path.read_text(encoding="utf-8"))["MetaData"] for path in store.glob("*.info")]
    return [one for one in found if one.get("kind") == "status"]


def test_a_station_that_starts_thirty_times_leaves_twenty_words_at_most(
    tusd: Running, settings: Settings
) -> None:
    for number in range(30):
        station = Station(settings)
        try:
            station.start()
            if number < MOST_KEPT:
                until(lambda now=station: now.view.board.state == "kept")  # type: ignore[misc]
            else:
                time.sleep(0.3)
        finally:
            station.stop()
    words = kept(tusd.store)
    assert len(words) == MOST_KEPT == 20
    assert len({one["session"] for one in words}) == 1
    assert {path.stat().st_size for path in tusd.store.glob("*") if path.suffix != ".info"} == {0}


def deliver(place: Path, takes: list[FinishedTake], server: str, *, speaks: bool) -> list[Passed]:
    """Every request of a delivery, with or without a voice beside it."""
    queue = Queue.open(place / "station.db")
    for take in takes:
        queue.add(take)
    with HttpGate(server) as gate:
        section = ServerSection(url=f"{gate.url}/files/")
        voice = Broadcast(Announcer(section, "token"), said, lambda _: None, KeptCount(place / "s.json", "s"))
        if speaks:
            voice.start()
        uploader = Uploader(queue, section, DeliverySection(), lambda *_: None, "token")
        uploader.run_once()
        uploader.stop(5)
        if speaks:
            until(lambda: any(map(is_word, gate.passed)))
            voice.stop()
        assert all(row.delivered for row in queue.rows())
    queue.close()
    return gate.passed


def said(asked: Asked) -> Status:
    return status(seq=asked.seq)


def is_word(passed: Passed) -> bool:
    return Status.in_header(passed.headers.get("upload-metadata", ""))


def told(requests: list[Passed]) -> list[tuple[object, ...]]:
    """What of them can be the same twice: all but the server's port and the names it gives to uploads."""
    return [
        (
            one.method,
            re.sub(r"(?<=/files/).+", "ID", one.path),
            {name: value for name, value in one.headers.items() if name != "host"},
            one.body,
        )
        for one in requests
    ]


def test_recordings_travel_byte_for_byte_as_without_a_voice(tusd: Running, tmp_path: Path) -> None:
    takes = [new_take(tmp_path / "takes", number) for number in range(4)]
    server = tusd.url.removesuffix("/files/")
    silent = deliver(tmp_path / "silent", takes, server, speaks=False)
    spoken = deliver(tmp_path / "spoken", takes, server, speaks=True)
    assert [one for one in spoken if is_word(one)]
    assert not [one for one in silent if is_word(one)]
    assert told([one for one in spoken if not is_word(one)]) == told(silent)
    data = [take.path.read_bytes() for take in takes]
    assert sorted(one.data for one in tusd.stored()) == sorted(data * 2)
