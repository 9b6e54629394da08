"""The facts of a take, as they stand in its sidecar. docs/sidecar.md has every field with its unit.

1. A field is added, never renamed or given another meaning; that would be a new VERSION of
   config.takes.sidecar.
2. What is always known is required; the rest is None, or left out where nothing is to be said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from config.takes.measured import DeviceName, Devices, Loss, Verdict


@dataclass(frozen=True)
class KitName:
    """Which kit was sung from."""

    id: str
    version: str = ""
    digest: str = ""
    """sha256 of its files."""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What is decided before a take begins, and never changes afterwards: who sings what, and where."""

    session: str
    station: str
    kit: KitName | None = None
    software: str = ""
    take_id: str
    student_id: str
    item: str
    kind: str | None = None
    """"test" or "practice", which is never delivered; None where a rebuilt take does not tell it."""
    attempt: int

    def begun(
        self,
        *,
        started_at: str,
        samplerate: int,
        bits: int,
        device: tuple[DeviceName, DeviceName, str] | None,
    ) -> TakeFacts:
        """The facts of the take when it has begun; `device`: microphone, headphones, side recorded."""
        return TakeFacts(
            **vars(self),
            started_at=started_at,
            samplerate=samplerate,
            bits=bits,
            device=Devices(*device) if device is not None else None,
        )


@dataclass(frozen=True, kw_only=True)
class TakeFacts(Assignment):
    """All that is known of a take; of one that runs, or was cut off, what its beginning tells."""

    started_at: str
    """Of its first frame: ISO 8601 with offset."""
    samplerate: int
    bits: int
    device: Devices | None = None
    max_seconds: float | None = None
    """Written while it runs: so long it may go on."""
    frames: int | None = None
    sha256: str | None = None
    """Of the audio file."""
    ended_by: str | None = None
    """"stop", "maximum", "device" or "disk"."""
    loss: Loss | None = None
    accompaniment_at: int | None = None
    """Where the accompaniment began, in frames of the take."""
    accompaniment_by: str | None = None
    """"leakage" where it was heard in the take; None where the streams' clocks tell."""
    accompaniment_predicted_at: int | None = None
    """What the clocks had told, in frames."""
    verdict: Verdict | None = None
    recovered: bool = False
    """Repaired after a crash."""
    rebuilt: bool = False
    """From the name, the folder and the tags of the file, since the sidecar was gone."""
    unknown: tuple[str, ...] = ()
    """What such a file could not tell."""
    source: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """The JSON that it was read from, with the fields of later programs; they are kept when it is written."""

    @property
    def practice(self) -> bool:
        return self.kind == "practice"

    def finished(self, *, frames: int, sha256: str, ended_by: str, **more: Any) -> FinishedFacts:
        """Of the take when it has ended; `more`: other fields that are known by now."""
        values = {**vars(self), "frames": frames, "sha256": sha256, "ended_by": ended_by, **more}
        return FinishedFacts(**values)


@dataclass(frozen=True, kw_only=True)
class FinishedFacts(TakeFacts):
    """Of a take that is whole."""

    frames: int
    sha256: str
    ended_by: str

    @property
    def seconds(self) -> float:
        return self.frames / self.samplerate

    def judged(self, verdict: Verdict) -> FinishedFacts:
        """With its verdict, and where the accompaniment was heard in the take itself: that is exact to the
        sample, the streams' clocks only within the driver's buffers."""
        heard_at = verdict.numbers.get("accompaniment_heard_at")
        if heard_at is None:
            return replace(self, verdict=verdict)
        predicted = self.accompaniment_predicted_at
        return replace(
            self,
            verdict=verdict,
            accompaniment_at=int(heard_at),
            accompaniment_by="leakage",
            accompaniment_predicted_at=self.accompaniment_at if predicted is None else predicted,
        )
