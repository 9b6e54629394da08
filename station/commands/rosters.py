"""`station roster`: what is understood of a list of pupils, and an empty one to fill in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from config.base import ConfigError, Message, say
from config.roster import Pupil, Roster, check_roster, write_template
from station.commands.material import report
from station.commands.options import json_option
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import render, tr

FIRST, LAST = 5, 1
"""Pupils that are shown of the beginning and of the end: a list that is cut off shows there."""
HELP = (
    say("One row a pupil. Leave the first row as it is."),
    say("The number is needed: letters a-z, digits, dot and dash, each only once. Zeros in front are kept."),
    say("Name, class and sex may stay empty; they never leave this computer."),
    say("All cells are text. When you paste, choose “values only”, so that they stay text."),
    say("No totals, remarks or signatures below the list."),
    say("Save it as .xlsx, name it in station.toml under [session] roster, then run: station roster check"),
)


@click.group(help=tr("The list of expected pupils."))
def roster() -> None:
    pass


@roster.command("check", help=tr("Check a roster: .csv, .xlsx or .xls; shows what was understood of it."))
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def check_command(path: Path, as_json: bool) -> int:
    found, problems = check_roster(path)
    facts = _facts(found) if found else {}
    if found is not None and not as_json:
        _show(found)
    summary = say("{pupils} {pupils|pupil|pupils}", pupils=len(found.pupils)) if found else None
    return report(problems, facts, summary, as_json)


@roster.command("template", help=tr("Write an empty roster for Excel with text cells and a page of help."))
@click.argument("path", type=click.Path(path_type=Path))
def template_command(path: Path) -> int:
    if path.suffix.lower() != ".xlsx":
        raise ConfigError(say("The name of the template must end in .xlsx."))
    try:
        write_template(path, (tr("Roster"), tr("How to fill it in")), [render(line) for line in HELP])
    except FileExistsError as error:
        raise ConfigError(
            say("{file} is there already.", file=path.name), say("Choose another name; nothing was changed.")
        ) from error
    talk.tell(say("An empty roster was written to {file}.", file=path.name))
    return Exit.OK


def _facts(found: Roster) -> dict[str, Any]:
    return {
        "pupils": len(found.pupils),
        "classes": _counts([pupil.class_name for pupil in found.pupils]),
        "sexes": _counts([pupil.sex for pupil in found.pupils]),
        "first": [vars(pupil) for pupil in found.pupils[:FIRST]],
        "last": [vars(pupil) for pupil in found.pupils[-LAST:]],
    }


def _counts(words: Sequence[str]) -> dict[str, int]:
    """How often each occurs, in the order of the list."""
    return dict(Counter(words))


def _show(found: Roster) -> None:
    heading = (tr("Row"), tr("Number"), tr("Name"), tr("Class"), tr("Sex"))
    pupils = list(enumerate(found.pupils, start=1))
    rows = [_cells(place, pupil) for place, pupil in pupils[:FIRST]]
    if len(pupils) > FIRST + LAST:
        rows.append(("…",) * len(heading))
    rows += [_cells(place, pupil) for place, pupil in pupils[max(FIRST, len(pupils) - LAST) :]]
    talk.table(heading, rows)
    for title, words in (
        (tr("Class"), [pupil.class_name for pupil in found.pupils]),
        (tr("Sex"), [pupil.sex for pupil in found.pupils]),
    ):
        parts = (f"{word or '-'} {count}" for word, count in _counts(words).items())
        talk.line(render(Message.labelled(title, Message.listed(parts))))


def _cells(place: int, pupil: Pupil) -> tuple[str, ...]:
    return str(place), pupil.student_id, pupil.name or "-", pupil.class_name or "-", pupil.sex or "-"
