"""The sentence of a reason: with the numbers of the verdict where they are known, else without them."""

from __future__ import annotations

import pytest

from audio.judge.reasons import ORDER, REASONS, in_order

KNOWN = {"muted_from": 1.5, "muted_to": 3.0, "muted_seconds": 1.5, "peak_dbfs": -9.0}
PLAIN = "The microphone was dead for a while."


def test_the_proctor_reads_from_when_to_when_the_microphone_was_dead() -> None:
    told = REASONS["muted"].told(KNOWN)
    assert str(told) == "The microphone was dead from 1.5 s to 3.0 s."
    assert told.params == {"muted_from": 1.5, "muted_to": 3.0}, "what is stored has no number more"


@pytest.mark.parametrize("left_out", [("muted_from",), ("muted_to",), tuple(KNOWN)])
def test_of_a_verdict_without_the_numbers_the_plain_sentence_is_told(left_out: tuple[str, ...]) -> None:
    numbers = {name: value for name, value in KNOWN.items() if name not in left_out}
    assert str(REASONS["muted"].told(numbers)) == PLAIN


def test_a_reason_without_numbers_is_told_as_it_is() -> None:
    reason = REASONS["silent"]
    assert reason.told(KNOWN) == reason.told({}) == reason.what


def test_reasons_come_in_the_order_of_their_gravity() -> None:
    assert in_order({"dc", "partial", "muted", "none of ours"}) == ("partial", "muted", "dc")
    assert in_order(set(ORDER)) == ORDER
    assert in_order(set()) == ()
