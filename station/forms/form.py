"""A form as a value: every text in the chosen language, nothing that only a page or only Excel could show."""

from __future__ import annotations

from dataclasses import dataclass

Texts = tuple[str, ...]


@dataclass(frozen=True)
class FormTable:
    heading: Texts
    rows: tuple[Texts, ...]
    """Each as long as `heading`."""
    title: str = ""
    """Above the table; empty for none."""
    empty: str = ""
    """Said in place of a table without rows."""
    widths: tuple[int, ...] = ()
    """Parts of the page's width, for columns that are filled in by hand; empty: as the texts need."""


@dataclass(frozen=True)
class Form:
    id: str
    title: str
    facts: tuple[tuple[str, str], ...]
    """What it is about: label and value."""
    tables: tuple[FormTable, ...]
    signs: Texts
    """Under whom it says who signs."""
    sums: Texts = ()
    """Sentences above the tables."""
    notes: Texts = ()
    """Sentences below them."""
    code: str = ""
    """Printed large: the seal code where the form is about it."""
    warning: str = ""
    """Above everything, e.g. that this was a rehearsal."""
