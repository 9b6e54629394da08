"""Sample settings, roster and kit of a day."""

from __future__ import annotations

from pathlib import Path

from config.samples import write_samples


def sampled(home: Path, url: str) -> None:
    """Songs of 40 seconds at most, delivered to `url`."""
    write_samples(home)
    (home / "tmp").mkdir()
    changed(home / "station.toml", "http://127.0.0.1:1080/files/", url)
    changed(home / "kit" / "kit.toml", "min_seconds = 12\n", "min_seconds = 12\nmax_seconds = 40\n")


def fewer(roster: Path, pupils: int) -> None:
    lines = roster.read_text(encoding="utf-8").splitlines(keepends=True)
    roster.write_text("".join(lines[: pupils + 1]), encoding="utf-8")


def changed(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
