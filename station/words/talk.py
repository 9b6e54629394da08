"""stdout and stderr of every command. stdout: data, or one JSON document. stderr: sentences."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import east_asian_width

import click

from config.base import Message, StationError, is_console, say
from station.words.i18n import render

LONG = 500
READABLE = say("Recordings and token go to the server without encryption (http): others can read them.")
HTTPS = say("Ask the centre for an address that begins with https.")


def document(value: Any) -> None:
    """One JSON document on stdout: UTF-8, never translated; a long list without indentation.

    Where a person reads it on a console of another encoding, with ASCII letters only.
    """
    indent = None if isinstance(value, list) and len(value) > LONG else 2
    strange = is_console(sys.stdout) and codecs.lookup(sys.stdout.encoding).name != "utf-8"
    text = json.dumps(value, ensure_ascii=strange, indent=indent)
    sys.stdout.flush()
    # Halves of characters (file names that are no text) become JSON's own escapes.
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def line(message: Message | str = "") -> None:
    """One line of data on stdout."""
    click.echo(render(message) if isinstance(message, Message) else message)


def tell(message: Message) -> None:
    """One sentence on stderr."""
    click.echo(render(message), err=True)


def trouble(error: StationError) -> None:
    """What went wrong, and the next step, on stderr."""
    tell(error.what)
    if error.todo is not None:
        tell(error.todo)


def cells(text: str) -> int:
    """Width of `text` in terminal cells: East Asian wide characters take two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table on stdout, columns as wide as their widest cell."""
    lines = [list(heading), *map(list, rows)]
    widths = [max(cells(row[column]) for row in lines) for column in range(len(heading))]
    for row in lines:
        padded = (text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())
