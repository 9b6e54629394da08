"""For all tests: Ctrl-C for what they start; a virtual sound card, private to its worker, gone afterwards."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path
from zlib import crc32

import pytest

from audio.device.card import VirtualCard, why_not

FEWEST = 3
"""Cases of a sampled test that always stay, where its marker names no `fewest`."""
ONE_IN = int(os.environ.get("STATION_CASES", "1"))
"""So of each test: cases are dear under Wine, and differ in what is given, not in the system."""


def pytest_configure() -> None:
    """A shell starts what it has in the background without Ctrl-C, nohup without SIGHUP; processes inherit
    that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """Whatever is collected stays to the end: looking through it for garbage took an eighth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    _sample(items)
    yield
    items[:] = _spread(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _sample(items: list[pytest.Item]) -> None:
    """Of a test with `sampled(n)`, about every n-th case stays; the others are `long`, and so is what is
    `costly`. By the names of the cases: each parameter's values stay, the same ones every time."""
    for item in items:
        if item.get_closest_marker("costly"):
            item.add_marker(pytest.mark.long)
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if ONE_IN > 1 or item.get_closest_marker("sampled"):
            cases[item.nodeid.partition("[")[0]].append(item)
    for several in cases.values():
        mark = several[0].get_closest_marker("sampled")
        one_in, fewest = (mark.args[0], mark.kwargs.get("fewest", FEWEST)) if mark else (1, FEWEST)
        several.sort(key=lambda item: crc32(item.nodeid.encode()))
        for item in several[max(fewest, len(several) // (one_in * ONE_IN)) :]:
            item.add_marker(pytest.mark.long)


def _spread(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Each worker gets a part of the list. One that begins a minute of waiting last keeps all others waiting,
    so tests with a time limit of their own stand at the beginning of each part."""
    patient = [item for item in items if item.get_closest_marker("timeout")]
    others = [item for item in items if not item.get_closest_marker("timeout")]
    spread: list[pytest.Item] = []
    for worker in range(workers):
        first = patient[worker::workers]
        # xdist gives each worker its share of what is left, rounded down.
        share = (len(items) - len(spread)) // (workers - worker) - len(first)
        spread += first + others[: max(0, share)]
        others = others[max(0, share) :]
    return spread


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
