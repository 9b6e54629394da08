"""pytest plugin: tests that left_out.toml names have to fail under Wine; one that passes is reported.

`make test-windows` loads it (`-p tests.windows.left_out`); on a real Windows computer it stays away.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

LIST = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class LeftOut:
    """Tests whose ids begin with `tests`: why they can't pass under Wine.

    `hangs`: not even tried. `sometimes`: a pass is no news.
    """

    tests: str
    why: str
    hangs: bool = False
    sometimes: bool = False

    def names(self, test_id: str) -> bool:
        """Whether this is about a test: the id itself, or something within it."""
        rest = test_id.removeprefix(self.tests)
        return (rest != test_id and (not rest or rest[0] in ":[")) or self.tests == test_id


def left_out(file: Path | None = None) -> list[LeftOut]:
    """The list. Raises TypeError for unknown or missing keys."""
    content = tomllib.loads((file or LIST).read_text(encoding="utf-8"))
    return [LeftOut(**entry) for entry in content["left_out"]]


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    entries = left_out()
    for item in items:
        for entry in entries:
            if entry.names(item.nodeid):
                marks = pytest.mark.xfail(
                    reason=f"Wine: {entry.why}", run=not entry.hangs, strict=not entry.sometimes
                )
                item.add_marker(marks)
