"""How much the system holds of a body: half a second of what the line takes, so that a pause is a pause."""

from __future__ import annotations

import socket
import sys

import pytest

from config.settings import DeliverySection
from tests.uploader.tusserver import TusServer
from uploader.flow.gate import SMALLEST_BLOCK, Gate
from uploader.tus.answer import answer_of
from uploader.tus.transport import BUFFERED_SECONDS, LARGEST_SEND_BUFFER, SEND_BUFFER, Timing, Transport

MBIT = 1_000_000 / 8


@pytest.mark.parametrize(
    ("rate", "block"),
    [
        (0, SEND_BUFFER),
        (1 * MBIT, SEND_BUFFER),
        (2 * MBIT, int(2 * MBIT * BUFFERED_SECONDS)),
        (10 * MBIT, LARGEST_SEND_BUFFER),
        (1000 * MBIT, LARGEST_SEND_BUFFER),
    ],
)
def test_a_fast_line_gets_larger_blocks(rate: float, block: int) -> None:
    transport = Transport("http://127.0.0.1:1/", None, None, Timing())
    transport.expect(rate)
    assert transport.block == block
    transport.close()


def test_the_line_in_use_gets_more_room_and_less_again() -> None:
    with TusServer() as server:
        transport = Transport(server.url, None, None, Timing())
        answer_of(transport.send("OPTIONS", server.url, {}))
        [connection] = transport._live

        def room() -> int:
            return connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)

        small = room()
        transport.expect(1000 * MBIT)
        assert room() > 2 * small
        transport.expect(0)
        assert room() == small
        transport.close()
    # Linux doubles what is asked for.
    assert small in (SEND_BUFFER, 2 * SEND_BUFFER) or sys.platform != "linux"


@pytest.mark.parametrize(
    ("limit", "block"), [("off", 200_000), ("80k", 40_000), ("4k", SMALLEST_BLOCK), ("10M", 200_000)]
)
def test_a_limit_makes_blocks_of_half_a_second(limit: str, block: int) -> None:
    assert Gate(DeliverySection(limit=limit)).block(200_000) == block
