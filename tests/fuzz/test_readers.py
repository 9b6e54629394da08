"""Whatever is in a file, its reader ends soon, needs little memory, and answers with a sentence."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.mutate import mutated
from tests.fuzz.readers import READERS
from tests.fuzz.run import LONGEST_SECONDS, MAX_MEMORY_MB, fuzz

SECONDS = 1.0
"""For each."""


@pytest.mark.sampled(10, fewest=1)
@pytest.mark.parametrize("name", sorted(READERS))
def test_no_file_breaks_its_reader(name: str) -> None:
    found = fuzz(name, SECONDS)
    assert found.broken == []
    assert found.runs >= 3
    assert found.slowest_seconds < LONGEST_SECONDS
    assert found.memory_mb < MAX_MEMORY_MB or name not in ("settings", "sidecar")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", sorted(READERS))
def test_good_files_are_read(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Else nothing would be tried but the refusal of everything."""
    read = 0
    for number, seed in enumerate(READERS[name].seeds()):
        path = tmp_path_factory.mktemp(f"{name}{number}") / READERS[name].name
        path.write_bytes(seed)
        try:
            READERS[name].read(path)
        except READERS[name].expected:
            continue
        read += 1
    assert read


def test_the_same_seed_makes_the_same_file() -> None:
    seed = READERS["settings"].seeds()[0]
    assert mutated(seed, random.Random("x")) == mutated(seed, random.Random("x")) != seed
