"""Scripts and pages of a bundle are files in the folder `texts`; @words@ in them are filled in here."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"
WORD = re.compile(r"@([a-z]+)@")


def filled(name: str, /, **words: str) -> str:
    """The text of a file with every word in place. Raises KeyError for a word that is not given."""
    return WORD.sub(lambda found: words[found[1]], (FOLDER / name).read_text(encoding="utf-8"))
