"""What is wrong in the notation of a kit's items, by line and column of kit.toml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.base.message import Message, say, shown
from config.base.problems import Problem, Severity
from config.kit.items import Item
from config.kit.melody import NotationError, beats_of, parse_key, parse_lines, wrong_bars

MOST_BARS = 3
"""Wrong bars of one item that are named: after a wrong time all of them are."""


def check_notation(item: Item, file: str, written: Sequence[str]) -> Iterator[Problem]:
    """`written`: the lines of kit.toml. A notation of before that can't be read is only warned of: it is
    shown as it is written."""
    asked = bool(item.start_tone) or item.show == "staff"
    gravity: Severity = "error" if asked else "warning"

    def problem(severity: Severity, what: Message, line: int = 0, column: int = 0) -> Problem:
        told = say("item “{id}”: {what}", id=item.id, what=what)
        return Problem(severity, file, told, *_place(item, written, line, column))

    if item.start_tone and item.prompt is not None:
        yield problem("error", say("a prompt and a start_tone are too much: put the tone into the prompt."))
    if item.key and not _reads(parse_key, item.key):
        yield problem("error", say("“{key}” is no key; write C, G, bB or F#.", key=shown(item.key)))
    good_time = not item.time or _reads(beats_of, item.time)
    if not good_time:
        yield problem("error", say("“{time}” is no time signature; write 4/4 or 3/4.", time=shown(item.time)))
    try:
        lines = parse_lines(item.notation)
    except NotationError as error:
        unread = say(
            "“{sign}” is no note. The notation is shown as it is written, but nothing can be made of it: no"
            " staff, no start tone, no word on whether this song was sung.",
            sign=shown(error.sign),
        )
        yield problem(gravity, unread, error.line, error.column)
        return
    if asked and not any(sign.kind == "note" for line in lines for sign in line):
        yield problem("error", say("there is no note to make a staff or a start tone of."))
    bars = wrong_bars(item.notation, item.time) if item.time and good_time else []
    for line, column, wrong in bars[:MOST_BARS]:
        yield problem("warning", wrong, line, column)


def _reads(parse: object, text: str) -> bool:
    try:
        parse(text)  # type: ignore[operator]
    except ValueError:
        return False
    return True


def _place(item: Item, written: Sequence[str], line: int, column: int) -> tuple[int | None, int | None]:
    """Line and column of kit.toml; None where they can't be told, as in texts with escapes."""
    text = item.notation.splitlines()[line - 1] if line else ""
    heads = [index for index, found in enumerate(written) if "id" in found and f'"{item.id}"' in found]
    begin = heads[0] if heads else 0
    if not text.strip():
        return (begin + 1 if heads else None), None
    for index in range(begin, len(written)):
        at = written[index].find(text)
        if at >= 0:
            return index + 1, at + column
    return None, None
