"""stdout and stderr of every command. stdout: data, or one JSON document. stderr: sentences."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import click

from config.errors import StationError
from config.message import Message
from station.i18n import render

LONG = 500


def prepare_streams() -> None:
    """Make sure that there is something to write to, and that no letter is too much for it.

    Python has no streams where they were closed before (a planned task of Windows does so), and a pipe of
    Windows takes the letters of one country only.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - open as long as the process
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def document(value: Any) -> None:
    """One JSON document on stdout: UTF-8, never translated; a long list without indentation."""
    indent = None if isinstance(value, list) and len(value) > LONG else 2
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
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
