"""What benchmarks say: progress on stderr, tables in Markdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
