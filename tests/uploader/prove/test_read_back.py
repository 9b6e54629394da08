"""What a server gives back proves something only where it was read whole."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import arrived, deliver
from tests.uploader.rows import put
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.faults import UploadFault
from uploader.prove import trust
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State

SIZE = 300_044
LESS = 200_000
Make1 = Callable[[bytes], Answer]
NOT_WHOLE: dict[str, Make1] = {
    "breaks off": lambda body: Answer(200, {"Content-Length": str(SIZE)}, body[:LESS]),
    "announces less and gives less": lambda body: Answer(200, {}, body[:LESS], tus=False),
    "announces more": lambda body: Answer(200, {"Content-Length": str(SIZE + 1)}, body, tus=False),
    "announces no number": lambda body: Answer(200, {"Content-Length": "lots"}, body),
    "announces nothing and gives less": lambda body: Answer(200, {}, body[:LESS], framed=False),
    "announces nothing and gives more": lambda body: Answer(200, {}, body + b"x", framed=False),
    "another range": lambda body: Answer(206, {"Content-Range": f"bytes 1-{SIZE}/{SIZE}"}, body),
    "a range in a 200": lambda body: Answer(200, {"Content-Range": f"bytes 0-{LESS}/{SIZE}"}, body),
    "packed": lambda body: Answer(200, {"Content-Encoding": "gzip"}, gzip.compress(body)),
    "says it is packed and is not": lambda body: Answer(200, {"Content-Encoding": "gzip"}, body),
    "empty": lambda body: Answer(200, {}, b""),
}


@pytest.mark.sampled(11, fewest=1)
@pytest.mark.parametrize("case", NOT_WHOLE)
def test_a_copy_that_was_not_read_whole_proves_nothing(
    queue: Queue, uploader: Make, tmp_path: Path, case: str
) -> None:
    """Though every piece went with a checksum: the server shows less than it took."""

    def rule(request: Request) -> Answer | None:
        return NOT_WHOLE[case](server.stored()[0]) if request.method == "GET" and broken else None

    broken = [True]
    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path, SIZE)
        assert (row.state, row.delivered, row.verify_level) == (State.WAITING, False, None)
        assert not row.path.with_suffix(".receipt.json").exists()
        assert len(server.stored()) == 1, "it is not known to be wrong either"
        broken.clear()
        put(queue, row.take_id, due_at=0)
        uploader(server.url).run_once()
        assert arrived(queue.row(row.take_id), server), "by itself, without a byte sent again"


@pytest.mark.sampled(11, fewest=1)
@pytest.mark.parametrize("case", NOT_WHOLE)
def test_a_delivered_take_is_not_proven_again_by_a_copy_that_was_not_whole(
    queue: Queue, uploader: Make, tmp_path: Path, case: str
) -> None:
    with TusServer() as server:
        row = deliver(queue, uploader, server, tmp_path, SIZE)
        body = server.stored()[0]
        server.rule = lambda request: NOT_WHOLE[case](body) if request.method == "GET" else None
        with pytest.raises(UploadFault):
            uploader(server.url).recheck(row)


def test_a_server_whose_own_copy_is_shorter_gets_the_recording_anew(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        first = next(iter(server.of_takes()), None)
        if request.method == "GET" and first is not None and not cut:
            cut.append(request.path)
        return Answer(200, {}, bytes(first.data[:LESS])) if first and request.path in cut else None

    cut: list[str] = []
    with TusServer(rule) as server:
        server.rule = lambda request: rule(request) if request.method == "GET" else None
        row = deliver(queue, uploader, server, tmp_path, SIZE)
        assert arrived(row, server)
        assert row.upload_url is not None
        assert not row.upload_url.endswith(cut[0])


@pytest.mark.parametrize("answer", [Answer(404), Answer(405), Answer(520, tus=False), Answer(403)])
def test_one_refused_reading_back_is_an_accident(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer
) -> None:
    with TusServer() as server:
        refused: list[Request] = []

        def rule(request: Request) -> Answer | None:
            if request.method != "GET" or refused:
                return None
            refused.append(request)
            return answer

        server.rule = rule
        row = deliver(queue, uploader, server, tmp_path)
        assert refused
        assert row.verify_level is ProofLevel.L2


def test_reading_back_is_tried_again_after_a_while(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TusServer(downloads=False) as server:
        one = uploader(server.url)
        levels = []
        for number in range(3):
            row = deliver(queue, lambda *_, **__: one, server, tmp_path / str(number))
            levels.append(row.verify_level)
            if number == 1:
                assert len(server.asked("GET")) == 3, "not once more for each take"
                server.downloads = True
                monkeypatch.setattr(trust, "TRUST_BACK_SECONDS", 0.0)
    assert levels == [ProofLevel.L1, ProofLevel.L1, ProofLevel.L2]
