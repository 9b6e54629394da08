"""Rows of a DataTable from plain texts: brackets are brackets, and only what changed is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import DataTable


def add_columns(table: DataTable[Text], keys: Sequence[str], widths: Sequence[int]) -> None:
    """Columns without names; `widths` in cells."""
    for key, width in zip(keys, widths, strict=True):
        table.add_column("", key=key, width=width)


def name_columns(table: DataTable[Text], keys: Sequence[str], names: Sequence[str]) -> None:
    """Name the columns anew, e.g. in another language."""
    columns = {column.key.value: column for column in table.columns.values()}
    if [columns[key].label.plain for key in keys] == list(names):
        return
    for key, name in zip(keys, names, strict=True):
        columns[key].label = Text(name)
    table.refresh()


def put_row(table: DataTable[Text], row: str, keys: Sequence[str], texts: Sequence[str]) -> None:
    """Add or change the row with this key; Text, since a table reads [x] in a str as markup."""
    if row not in table.rows:
        table.add_row(*map(Text, texts), key=row)
        return
    for key, before, now in zip(keys, table.get_row(row), texts, strict=True):
        if before.plain != now:
            table.update_cell(row, key, Text(now))
