"""A folder with the samples of the product, to be changed by a test."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from config.samples import write_samples

Rewrite = Callable[[str, str], Path]


@pytest.fixture(autouse=True)
def no_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer's own variables must not reach a test."""
    for name in [name for name in os.environ if name.upper().startswith("STATION_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """A folder with station.toml, roster.csv and kit."""
    folder = tmp_path / "示例"
    write_samples(folder)
    return folder


def rewriting(file: Path) -> Rewrite:
    def rewrite(old: str, new: str) -> Path:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return file

    return rewrite


@pytest.fixture
def in_settings(samples: Path) -> Rewrite:
    """Replaces text in station.toml; returns its path."""
    return rewriting(samples / "station.toml")


@pytest.fixture
def in_kit(samples: Path) -> Rewrite:
    """Replaces text in kit.toml; returns its path."""
    return rewriting(samples / "kit" / "kit.toml")
