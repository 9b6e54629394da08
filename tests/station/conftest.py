"""A station on the built-in headset with virtual pupils, for tests of screens and commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.load import load_settings
from config.samples import write_samples
from config.settings import Settings
from station.words.i18n import set_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder as `station init` writes it."""
    write_samples(tmp_path)
    return tmp_path


@pytest.fixture
def settings(home: Path) -> Settings:
    return load_settings(home / "station.toml")


@pytest.fixture
def config(home: Path) -> Callable[[str, str], Path]:
    """Replace a line of station.toml."""

    def change(old: str, new: str) -> Path:
        path = home / "station.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return change
