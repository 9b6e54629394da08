"""docs/sidecar.md names every field that a sidecar can have, with its type."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from config.takes import TakeFacts
from station import __version__

ROOT = Path(__file__).parents[3]
WORDS: dict[Any, str] = {str: "text", int: "whole number", float: "number", bool: "yes/no"}


def kinds_of(kind: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Path and type of every field below a dataclass, as the page says them."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        if field.repr:
            yield from kind_of(hints[field.name], prefix + field.name)


def kind_of(hint: Any, path: str) -> Iterator[tuple[str, str]]:
    null = get_origin(hint) is UnionType
    if null:
        [hint] = [part for part in get_args(hint) if part is not NoneType]
    origin, inner = get_origin(hint), get_args(hint)
    below: list[tuple[str, str]] = []
    if is_dataclass(hint):
        word, below = "object", list(kinds_of(hint, f"{path}."))
    elif origin is tuple and is_dataclass(inner[0]):
        word, below = "list of objects", list(kinds_of(inner[0], f"{path}[]."))
    elif origin is tuple:
        word = f"list of {WORDS[inner[0]]}"
    elif origin is Mapping:
        word = f"{WORDS[inner[1]]}s by name"
    else:
        word = WORDS[hint]
    yield path, word + (", null" if null else "")
    yield from below


def rows() -> Iterator[list[str]]:
    page = (ROOT / "docs" / "sidecar.md").read_text(encoding="utf-8")
    for line in page.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line[1:-1].split("|")]


def test_every_field_stands_on_the_page_with_its_type() -> None:
    found = [(path.strip("| `"), kind) for path, kind, *_ in rows()]
    assert found == [("version", "whole number"), *kinds_of(TakeFacts)]


def test_every_field_says_since_when_and_what_it_is() -> None:
    versions = {"0.1.0", __version__}
    assert [row for row in rows() if len(row) != 5 or row[3] not in versions or not row[4]] == []


def paths(found: object, prefix: str = "") -> Iterator[str]:
    if isinstance(found, dict) and not prefix.startswith("verdict.numbers"):
        for name, value in found.items():
            yield prefix + name
            yield from paths(value, f"{prefix}{name}.")


def test_what_the_first_version_wrote_is_as_old_on_the_page() -> None:
    since = {row[0].strip("| `"): row[3] for row in rows()}
    for sidecar in (ROOT / "tests" / "data" / "before").glob("*.json"):
        found = set(paths(json.loads(sidecar.read_text(encoding="utf-8"))))
        assert found
        assert {since[path] for path in found} == {"0.1.0"}
