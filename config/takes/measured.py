"""What was measured of a take and is written beside it: which devices, what was lost, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DeviceName:
    """A device as it is matched and stored: never an index."""

    hostapi: str
    name: str


@dataclass(frozen=True)
class Devices:
    """The headset of a take."""

    input: DeviceName
    output: DeviceName
    side: str = "mix"
    """Which side of a stereo microphone was recorded: "mix", "left" or "right"."""


@dataclass(frozen=True)
class Step:
    """One loss."""

    at_seconds: float
    """After the first block of the take."""
    ms: float
    """How much is missing."""


@dataclass(frozen=True)
class Loss:
    """Evidence of lost samples in one take; all zero in a clean one."""

    short_ms: float = 0.0
    """Recorded time behind the monotonic clock."""
    longest_gap_ms: float = 0.0
    """Longest time between two callbacks."""
    longest_zero_run_ms: float = 0.0
    overflows: int = 0
    """Status flags of PortAudio; often 0 although samples were lost."""
    queue_peak: int = 0
    """Deepest queue between callback and writer, in blocks."""
    drift_ppm: float | None = None
    """How much slower the card's clock is than the computer's; None where it was not measured."""
    steps: tuple[Step, ...] = ()
    """What is missing, told from drift (audio.device.drift); the first one first."""

    @property
    def lost_ms(self) -> float:
        """All steps together."""
        return sum(step.ms for step in self.steps)


@dataclass(frozen=True)
class Verdict:
    """What the station found about a take (audio.judge)."""

    ok: bool
    reasons: tuple[str, ...]
    """Codes of audio.judge.reasons.REASONS, the gravest first; empty when ok."""
    numbers: Mapping[str, float]
    """JSON types, rounded; what can't be measured is left out."""
    sha256: str
    """Of the file that was measured."""
    remarks: tuple[str, ...] = ()
    """Codes of what was noticed and does not count."""
