"""docs/verdicts.md explains every reason and remark, and shows pictures that are there."""

from __future__ import annotations

import re

from audio.judge.reasons import REASONS
from audio.judge.remarks import REMARKS
from tests.tools.environment import ROOT

PAGE = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")


def test_every_reason_and_remark_is_explained() -> None:
    first_cells = "\n".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `"))
    explained = set(re.findall(r"`([a-z_]+)`", first_cells))
    assert explained == set(REASONS) | set(REMARKS)


def test_its_pictures_are_there_and_its_tables_are_filled() -> None:
    pictures = re.findall(r"\]\((pictures/[^)]+)\)", PAGE)
    assert len(pictures) >= 7
    assert all((ROOT / "docs" / picture).stat().st_size > 1000 for picture in pictures)
    for part in ("losses", "leakage"):
        text = PAGE.split(f"<!-- {part} -->")[1].split(f"<!-- /{part} -->")[0]
        assert text.count("\n|") > 4
