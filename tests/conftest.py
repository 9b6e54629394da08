"""For all tests: Ctrl-C for what they start; a virtual sound card, private to its worker, gone afterwards."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.device.card import VirtualCard, why_not


def pytest_configure() -> None:
    """A shell starts what it has in the background without Ctrl-C, and processes inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def card() -> Iterator[VirtualCard]:
    """One card for all tests that leave it as it was."""
    yield from _card()


@pytest.fixture
def own_card() -> Iterator[VirtualCard]:
    """A card that may be broken."""
    yield from _card()


def _card() -> Iterator[VirtualCard]:
    reason = why_not()
    if reason is not None:
        pytest.skip(str(reason))
    # Not tmp_path: a socket's path may have 107 bytes only.
    with tempfile.TemporaryDirectory(prefix="card-") as folder, VirtualCard(Path(folder) / "c") as card:
        yield card
