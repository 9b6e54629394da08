"""What a station's statuses add to its bytes: those of a whole afternoon, counted on the line."""

from __future__ import annotations

from dataclasses import dataclass

from board.boardfile import BoardSettings
from board.serving import ServedBoard
from board.web.application import Stores, board_app
from config import ServerSection
from config.status import metadata_of
from station.words.i18n import worded
from tests.bench.centre.country import POSTS, TAKES
from tests.uploader.proxy import Line, Proxy
from uploader.tus import Announcer

MINUTES = 190
"""13:30 to 16:40, a status a minute, and one more at each of 30 pupils."""
CHANGES = 30
MEASURED = 30
"""Statuses whose bytes were counted, one for each number of pupils who are done."""
WAV_BYTES, FLAC_BYTES = 3_000_000, 1_500_000
"""Of a recording of half a minute."""


@dataclass(frozen=True)
class Share:
    statuses: int
    bytes_each: float
    """On the way up, with all headers."""

    def of(self, take_bytes: int) -> float:
        """Part of the bytes of all recordings, of 1."""
        return self.statuses * self.bytes_each / (TAKES * take_bytes)


def station_share(stores: Stores) -> Share:
    """`stores` know the first station's token."""
    post, line = POSTS[0], Line()
    with ServedBoard(board_app(BoardSettings(), stores, worded)) as served:
        port = int(served.url.rpartition(":")[2])
        with Proxy(port, line) as proxy:
            section = ServerSection(url=f"http://127.0.0.1:{proxy.port}/files/")
            for seq in range(1, MEASURED + 1):
                # A line of its own for each: a minute later no server has kept the one before.
                announcer = Announcer(section, post.token)
                answer = announcer.announce(metadata_of(post.status(seq)))
                assert answer.get("Station-Board") == "1"
                announcer.close()
    return Share(MINUTES + CHANGES, line.carried / MEASURED)
