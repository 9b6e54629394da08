"""What is in a folder."""

from __future__ import annotations

from pathlib import Path


def inside(folder: Path) -> set[str]:
    """The files below it, as paths relative to it, with slashes."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
