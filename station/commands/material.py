"""`station kit check`: everything that is wrong, with file, line and column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from config.base import Message, Problem, say
from config.kit import check_kit
from station.commands.options import json_option
from station.exitcodes import Exit
from station.sound.sounds import check_sounds
from station.words import talk
from station.words.i18n import tr


@click.group(help=tr("The test material."))
def kit() -> None:
    pass


@kit.command("check", help=tr("Check a kit: a folder or .zip with kit.toml."))
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def check_kit_command(path: Path, as_json: bool) -> int:
    with TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True) as unpacked:
        found, problems = check_kit(path, Path(unpacked))
        if found is not None and (broken := check_sounds(found)):
            found, problems = None, [*problems, *broken]
    facts = {"id": found.id, "version": found.version, "items": len(found.items)} if found else {}
    summary = say("{items} items, kit {id} version {version}", **facts) if found else None
    return report(problems, facts, summary, as_json)


SEVERITIES = {"error": say("error"), "warning": say("please look"), "repaired": say("repaired")}


def report(problems: Sequence[Problem], facts: dict[str, Any], summary: Message | None, as_json: bool) -> int:
    """Problems and the summary, which is None where the file can't be used; the exit code."""
    ok = summary is not None
    if as_json:
        talk.document({"ok": ok, **facts, "problems": [problem.as_json() for problem in problems]})
    else:
        for problem in problems:
            severity = SEVERITIES[problem.severity]
            talk.line(say("{severity}: {sentence}", severity=severity, sentence=problem.sentence()))
        if summary is not None:
            talk.line(say("All in order: {summary}", summary=summary))
    return Exit.OK if ok else Exit.FAILED
