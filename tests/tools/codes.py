"""The codes of sentences that may be stored: config/base/codes.json, kept in step with the sources."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from config.base.codes import TABLE, wordings

ROOT = Path(__file__).parents[2]
STORED = ("audio", "config", "uploader", "station/run", "station/takes")
"""Where the sentences come from that the queue and the journal keep."""
LONGEST = 40


def sentences() -> Iterator[str]:
    """Every literal of a say() there."""
    for folder in STORED:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "say" and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value


def name_for(sentence: str, taken: set[str]) -> str:
    """A code for a new sentence: its first words."""
    words = re.sub(r"[^a-z0-9]+", "_", sentence.lower()).strip("_") or "sentence"
    name = words if len(words) <= LONGEST else words[:LONGEST].rpartition("_")[0]
    others = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (name, *others) if code not in taken)


def updated() -> bytes:
    """The table with a code for every sentence."""
    table = wordings() if TABLE.exists() else {}
    known = {said[0] for said in table.values()}
    for sentence in sentences():
        if sentence not in known:
            known.add(sentence)
            table[name_for(sentence, set(table))] = [sentence]
    lines = {code: said[0] if len(said) == 1 else said for code, said in sorted(table.items())}
    return (json.dumps(lines, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def gone() -> list[str]:
    """Codes whose sentence no source has any more: somebody must say what their words are now."""
    said = set(sentences())
    return [code for code, found in wordings().items() if found[0] not in said]
