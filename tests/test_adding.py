"""docs/adding.md: what it names is there, and nothing takes more than four files."""

from __future__ import annotations

import re

import pytest

from tests.sources import ROOT

PAGE = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+): (\d+)$", PAGE, re.MULTILINE))
NAMES = re.compile(r"`((?:config|audio|uploader|station|tests)/[\w/.]*)`")


def test_eight_kinds_of_things_can_be_added() -> None:
    assert len(SECTIONS) == 8


@pytest.mark.parametrize("name", sorted(set(NAMES.findall(PAGE))))
def test_a_file_that_the_page_names_is_there(name: str) -> None:
    path = ROOT / name
    assert path.is_dir() if name.endswith("/") else path.is_file()


@pytest.mark.parametrize("kind", SECTIONS)
def test_no_kind_takes_more_than_four_files(kind: str) -> None:
    assert 1 <= int(SECTIONS[kind]) <= 4


@pytest.mark.parametrize("name", ["CHECKS", "POLICY", "FORMS", "MODES", "ENCODERS", "has_prompt", "prompts"])
def test_a_table_that_the_page_names_is_in_the_file_beside_it(name: str) -> None:
    for line in re.findall(r"^\d\. .*(?:\n   .*)*", PAGE, re.MULTILINE):
        if f"`{name}" in line or f" {name} " in line:
            files = [ROOT / file for file in NAMES.findall(line) if file.endswith(".py")]
            if any(name in file.read_text(encoding="utf-8") for file in files):
                return
    raise AssertionError(f"{name} is in none of the files that the page names with it")
