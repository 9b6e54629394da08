"""What measurements mean, and what to do.

reasons        why a take is not fine, in words
evidence       what can be measured about a take
song           was it this song
remarks        what was noticed about it and is no fault
verdict        what is said of a finished take
headset_check  what is said to the pupil before the first take
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "GATED_SHARE",
    "REASONS",
    "REMARKS",
    "Expectation",
    "Songs",
    "StepReport",
    "headset_check",
    "judge",
    "judge_silence",
    "judge_singing",
    "lost",
    "lost_ms",
]

if TYPE_CHECKING:
    from audio.judge import headset_check
    from audio.judge.evidence import Expectation, lost_ms
    from audio.judge.headset_check import GATED_SHARE, StepReport, judge_silence, judge_singing
    from audio.judge.reasons import REASONS
    from audio.judge.remarks import REMARKS
    from audio.judge.song import Songs
    from audio.judge.verdict import judge, lost
else:
    __getattr__ = lazy(
        __name__,
        {
            "": ("headset_check",),
            "evidence": ("Expectation", "lost_ms"),
            "headset_check": ("GATED_SHARE", "StepReport", "judge_silence", "judge_singing"),
            "reasons": ("REASONS",),
            "remarks": ("REMARKS",),
            "song": ("Songs",),
            "verdict": ("judge", "lost"),
        },
    )
