"""When a station speaks, over a real connection to a server with a board, without one, and to nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import ServerSection
from config.status.carriage import answer_headers, header_status
from config.status.record import Status
from station.session.view import BoardLine
from station.status.broadcast import Asked, Broadcast, KeptCount
from station.status.schedule import MOST_KEPT, Schedule
from tests.config.status.samples import status
from tests.uploader.tusserver import Answer, Request, Rule, TusServer
from uploader.tus.announce import Announcer


def schedule(kept: int = 0) -> Schedule:
    return Schedule(kept, jitter=lambda low, high: high)


def test_it_speaks_at_its_start() -> None:
    assert schedule().due_at(changed=False, stage=False) == 0.0


def test_with_a_board_once_a_minute_and_at_changes_every_ten_seconds() -> None:
    found = schedule()
    found.spoken(100.0, True)
    assert found.due_at(changed=False, stage=False) == 170.0
    assert found.due_at(changed=True, stage=False) == 110.0
    assert found.due_at(changed=False, stage=True) == 110.0


def test_what_nobody_took_is_told_again_a_minute_later() -> None:
    found = schedule()
    found.spoken(100.0, None)
    assert found.due_at(changed=False, stage=False) == 170.0


def test_without_a_board_changes_of_stage_only_and_twenty_at_most() -> None:
    found = schedule()
    found.spoken(100.0, False)
    assert found.due_at(changed=True, stage=False) is None
    assert found.due_at(changed=True, stage=True) == 110.0
    for count in range(MOST_KEPT - 1):
        found.spoken(200.0 + count, False)
    assert found.due_at(changed=True, stage=True) is None
    assert schedule(kept=MOST_KEPT).due_at(changed=True, stage=True) is None


def test_the_twenty_outlive_a_restart_and_belong_to_one_session(tmp_path: Path) -> None:
    kept = KeptCount(tmp_path / "new" / "status.json", "s1")
    kept.note(7)
    assert KeptCount(kept._path, "s1").count == 7
    assert KeptCount(kept._path, "s2").count == 0
    kept._path.write_text("[]", encoding="utf-8")
    assert KeptCount(kept._path, "s1").count == 0


# --- the thread


class Talk:
    """A broadcast to a server with a rule."""

    def __init__(self, tmp_path: Path, rule: Rule | None) -> None:
        self.told: list[BoardLine] = []
        self.asked: list[Asked] = []
        self.heard = threading.Event()
        self.server = TusServer(rule)
        section = ServerSection(url=self.server.url)
        kept = KeptCount(tmp_path / "status.json", "s")
        self.broadcast = Broadcast(Announcer(section, "secret"), self.collect, self.hear, kept)

    def collect(self, asked: Asked) -> Status:
        self.asked.append(asked)
        return status(seq=asked.seq, heard=asked.heard)

    def hear(self, line: BoardLine) -> None:
        self.told.append(line)
        self.heard.set()

    def run(self, until: Callable[[], bool]) -> list[Request]:
        with self.server:
            self.broadcast.start()
            deadline = time.monotonic() + 10
            while not until() and time.monotonic() < deadline:
                time.sleep(0.01)
            self.broadcast.stop()
            return self.server.asked("POST")


def board(request: Request) -> Answer:
    found = header_status(request.headers["Upload-Metadata"])
    more = answer_headers(found.seq, "请接电话", 3)
    return Answer(201, {"Location": "/files/x", "Tus-Resumable": "1.0.0", **more})


def test_a_board_hears_at_once_and_its_words_come_back(tmp_path: Path) -> None:
    talk = Talk(tmp_path, board)
    posts = talk.run(lambda: bool(talk.told))
    assert talk.told == [BoardLine("heard", "请接电话")]
    assert [asked.closed for asked in talk.asked] == [False, True]
    assert talk.asked[1].heard == 3
    assert posts[0].headers["Upload-Length"] == "0"
    assert posts[0].headers["Upload-Metadata"].startswith("kind c3RhdHVz,")
    assert posts[0].headers["Authorization"] == "Bearer secret"
    assert posts[0].body == b""
    assert not talk.broadcast._thread.is_alive()


def test_a_plain_server_keeps_one_empty_object_and_no_goodbye(tmp_path: Path) -> None:
    talk = Talk(tmp_path, None)
    posts = talk.run(lambda: bool(talk.told))
    assert talk.told == [BoardLine("kept")]
    assert len(posts) == 1
    assert KeptCount(tmp_path / "status.json", "s").count == 1
    assert [bytes(upload.data) for upload in talk.server.uploads.values()] == [b""]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(401),
        Answer(500),
        Answer(302, {"Location": "http://127.0.0.1:9/"}),
        Answer(200, {"Content-Type": "text/html"}, b"<html>please log in</html>", tus=False),
        Answer(lost=True),
    ],
)
def test_what_fails_is_one_word_and_nothing_more(tmp_path: Path, answer: Answer) -> None:
    talk = Talk(tmp_path, lambda request: answer)
    posts = talk.run(lambda: bool(talk.told))
    assert talk.told == [BoardLine("failed")]
    assert len(posts) == 1


def test_a_server_that_never_answers_does_not_hold_the_end(tmp_path: Path) -> None:
    released = threading.Event()

    def slow(request: Request) -> Answer | None:
        released.wait(20)
        return None

    talk = Talk(tmp_path, slow)
    with talk.server:
        talk.broadcast.start()
        while not talk.asked:
            time.sleep(0.01)
        time.sleep(0.3)
        began = time.monotonic()
        talk.broadcast.stop()
        seconds = time.monotonic() - began
        released.set()
    assert seconds < 7
    assert not talk.broadcast._thread.is_alive()


def test_a_fault_of_our_own_is_one_word_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    talk = Talk(tmp_path, board)

    def broken(asked: Asked) -> Status:
        raise RuntimeError("of our own")

    talk.broadcast._collect = broken
    talk.run(lambda: bool(talk.told))
    assert talk.told == [BoardLine("failed")]
    assert "of our own" in caplog.text
