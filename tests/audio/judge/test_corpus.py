"""A voice is told from what is none: singing is never called bad, and nobody singing is never called ok."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio.judge.verdict import judge
from config.kit import Limits
from tests.audio.recordings import expecting, write_take
from tests.corpus.cases import Case, cases

ALL = list(cases())


def test_the_corpus_is_large_enough_to_say_something() -> None:
    assert len(ALL) >= 150
    assert len({case.name for case in ALL}) == len(ALL)
    assert {case.right for case in ALL} == {"sung", "spoken", "nobody"}


FIRST = {case.sound: case for case in reversed(ALL)}
"""Each sound once; at other levels and in other rooms in the long tests."""
PARAMETERS = [
    pytest.param(case, id=case.name, marks=() if FIRST[case.sound] is case else pytest.mark.long)
    for case in ALL
]


@pytest.mark.sampled(47, fewest=5)
@pytest.mark.parametrize("case", PARAMETERS)
def test_who_sings_is_heard_and_what_does_not_is_not(case: Case, tmp_path: Path) -> None:
    expectation = expecting(floor_dbfs=case.room, min_seconds=2.0)
    verdict = judge(write_take(tmp_path / "take.wav", case.signal()), expectation, Limits())
    if case.right == "nobody":
        assert "no_singing" in verdict.reasons
    else:
        assert verdict.reasons == ()
        assert ("spoken" in verdict.remarks) == (case.right == "spoken")
