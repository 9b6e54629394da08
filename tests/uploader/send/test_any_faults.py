"""Any faults in any order, and a server that keeps what it took: each take is there once, and known to be."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import DeliverySection, ServerSection
from tests.uploader.conftest import QUICK, TIMING
from tests.uploader.takes import new_take
from tests.uploader.tusserver import DONE, Answer, Request, TusServer
from uploader.queue.queue import Queue
from uploader.send.worker import Uploader

FAULTS = {
    "none": DONE,
    "answer lost": Answer(lost=True),
    "nothing done": Answer(503),
    "busy": Answer(429),
    "broken": Answer(500),
    "a box": Answer(502, {}, b"<html>", tus=False),
    "held": Answer(423),
}
SESSIONS = 10
"""Of tries; a person asks for each, so that nothing waits."""


@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(
    faults=st.lists(st.sampled_from([*FAULTS, *["none", "answer lost"] * 3]), min_size=8, max_size=20),
    proof=st.sampled_from([(True, True), (True, False), (False, True)]),
)
def test_each_take_is_at_the_server_once_whatever_went_wrong_before(
    faults: list[str], proof: tuple[bool, bool]
) -> None:
    left, (checks, downloads) = list(faults), proof

    def rule(request: Request) -> Answer | None:
        return FAULTS[left.pop(0)] if left else DONE

    with tempfile.TemporaryDirectory() as folder, closing(Queue.open(Path(folder) / "station.db")) as queue:
        takes = [new_take(Path(folder) / "takes", number, 90_044) for number in (1, 2)]
        for take in takes:
            queue.add(take)
        with TusServer(rule, checks=checks, downloads=downloads) as server:
            for _ in range(SESSIONS):
                queue.retry()
                section = DeliverySection()
                Uploader(
                    queue,
                    ServerSection(url=server.url),
                    section,
                    lambda *_: None,
                    None,
                    timing=TIMING,
                    retry_times=QUICK,
                ).run_once()
                complete = [upload.metadata["take_id"] for upload in server.of_takes() if upload.complete]
                known = {row.take_id for row in queue.rows() if row.delivered}
                assert len(complete) == len(set(complete)), "nothing twice"
                assert known <= set(complete), "nothing is called delivered that is not there"
                if not left and len(known if downloads else complete) == len(takes):
                    break
            assert sorted(server.stored()) == sorted(take.path.read_bytes() for take in takes)
            # What went without a checksum, since the server could not be asked, proves nothing by itself.
            assert len(known) == len(takes) or not downloads
