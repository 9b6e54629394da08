"""What a pupil costs beyond what the kit asks for, from the diary of a station."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

KIT = frozenset({"study", "prompt", "ready", "recording"})
"""Phases that last as long as the kit says."""
CHECK = "check_silence"
WHOLE_CHECK = "check_singing"
"""First step of any check, and one of a whole check alone. Which of them a follower has, the kit decides."""


@dataclass(frozen=True)
class Pace:
    """Of one pupil, in seconds."""

    student_id: str
    total: float
    phases: dict[str, float]

    @property
    def short_check(self) -> float:
        """As long as the kit has a follower's check be; 0 of who had a whole one."""
        return 0.0 if WHOLE_CHECK in self.phases else self.phases.get(CHECK, 0.0)

    @property
    def beyond(self) -> float:
        """Without the kit's own."""
        others = sum(seconds for phase, seconds in self.phases.items() if phase not in KIT)
        return others - self.short_check


def paces(diary: Sequence[str]) -> list[Pace]:
    """From the call to the empty chair, of all pupils in their order. `diary`: lines of accelerated.Diary."""
    found: dict[str, defaultdict[str, float]] = {}
    lines = [line.split() for line in diary]
    for (begun, student_id, phase), (ended, *_) in pairwise(lines):
        if phase != "home":
            found.setdefault(student_id, defaultdict(float))[phase] += float(ended) - float(begun)
    return [Pace(student_id, sum(phases.values()), dict(phases)) for student_id, phases in found.items()]
