"""A server that goes down again and again is not taken for one that can do less."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State

TIMES = 4
"""More often than trust in anything lasts."""


class GoingDown:
    """Each session the server dies at its first request of this method."""

    def __init__(self, method: str, *, of_probe: bool) -> None:
        self._method = method
        self._of_probe = of_probe
        self.down = False
        self.often = 0

    def __call__(self, request: Request) -> Answer | None:
        probe = len(request.body) == 1
        if (
            request.method == self._method
            and self.often < TIMES
            and probe == self._of_probe
            and not self.down
        ):
            self.down = True
            self.often += 1
        return Answer(lost=True) if self.down else None


@pytest.mark.parametrize(
    ("method", "of_probe", "downloads", "level"),
    [("GET", False, True, ProofLevel.L2), ("PATCH", True, False, ProofLevel.L1)],
    ids=["reading back", "probing"],
)
def test_what_a_server_can_do_is_used_as_soon_as_it_is_back(
    queue: Queue,
    uploader: Make,
    tmp_path: Path,
    method: str,
    of_probe: bool,
    downloads: bool,
    level: ProofLevel,
) -> None:
    rule = GoingDown(method, of_probe=of_probe)
    take = new_take(tmp_path / "takes", size=6_044)
    queue.add(take)
    with TusServer(rule, downloads=downloads) as server:
        worker = uploader(server.url)
        for _ in range(TIMES + 1):
            put(queue, take.take_id, due_at=0)
            worker.run_once()
            rule.down = False
        row = queue.row(take.take_id)
        assert (row.state, row.verify_level) == (State.VERIFIED, level)
        assert rule.often == TIMES
        assert server.stored() == [take.path.read_bytes()]
