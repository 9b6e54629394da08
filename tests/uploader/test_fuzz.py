"""Some seconds of fuzz.py, always from the same seed: `make fuzz` looks for what nobody has met."""

from __future__ import annotations

import pytest

from tests.uploader import fuzz

SECONDS = 1.0


@pytest.mark.sampled(5, fewest=1)
@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_what_strangers_send_never_breaks_the_program(target: str) -> None:
    assert fuzz.hunt(target, 0, SECONDS)[0] >= fuzz.LEAST


def test_a_case_that_breaks_the_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("take_id")

    monkeypatch.setitem(fuzz.TARGETS, "broken", broken)
    with pytest.raises(AssertionError, match="target broken, seed 7: KeyError"):
        fuzz.hunt("broken", 7, 0.0)
