"""Names of the files of a take."""

from __future__ import annotations

from pathlib import Path

PART = ".part.wav"


def take_prefix(student_id: str, item_id: str) -> str:
    """How the names of all files of a pupil's attempts at an item begin."""
    return f"{student_id}_{item_id}_"


def part_path(path: Path) -> Path:
    """`x.part.wav` of `x.wav`."""
    return path.with_name(path.name.removesuffix(".wav") + PART)


def final_path(part: Path) -> Path:
    """`x.wav` of `x.part.wav`, and of itself."""
    return part.with_name(part.name.removesuffix(PART).removesuffix(".wav") + ".wav")


def sidecar_path(take: Path) -> Path:
    """`x.json` of `x.wav` or `x.part.wav`."""
    return take.with_name(take.name.removesuffix(".wav").removesuffix(".part") + ".json")
