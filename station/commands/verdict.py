"""`station verdict`: what the station says of any recording, on any computer, without a headset."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from config.base import StationError, say
from station.commands.options import json_option
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import render, tr


@click.command(help=tr("Judge recordings: WAV files, or all of a folder."))
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--kit", "kit_path", type=click.Path(path_type=Path), help=tr("By the limits and songs of this kit.")
)
@click.option("--item", "item_id", metavar="ITEM", help=tr("What was to be sung; else the sidecar says so."))
@json_option
def verdict(paths: tuple[Path, ...], kit_path: Path | None, item_id: str | None, as_json: bool) -> int:
    from config.kit import load_kit
    from station.takes.anyfile import FileJudge, files_of

    if item_id is not None and kit_path is None:
        raise click.UsageError(tr("--item needs --kit."))
    with TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True) as unpacked:
        kit = load_kit(kit_path, Path(unpacked)) if kit_path is not None else None
        judging = FileJudge(kit, item_id)
        rows: list[dict[str, Any]] = []
        for path in files_of(paths):
            try:
                found = judging.verdict(path)
            except StationError as error:
                rows.append({"path": str(path), "ok": False, "reasons": ["unreadable"], "remarks": [],
                             "numbers": {}, "sha256": None, "detail": str(error.what)})  # fmt: skip
                if not as_json:
                    talk.line(f"{path.name}: {render(error.what)}")
                continue
            rows.append({"path": str(path), **asdict(found)})
            if not as_json:
                _say(path.name, rows[-1])
    if as_json:
        talk.document(rows)
    elif not rows:
        talk.tell(say("There is no WAV file in this folder."))
    return Exit.OK if rows and all(row["ok"] for row in rows) else Exit.FAILED


def _say(name: str, row: dict[str, Any]) -> None:
    """One line for the verdict, one for what was noticed."""
    from station.words import present

    if row["ok"]:
        talk.line(f"{name}: {tr('ok')}")
    for code in row["reasons"]:
        talk.line(f"{name}: {code}: {present.advice(code, row['numbers'])}")
    noticed = present.remarks(row["remarks"], row["numbers"])
    if noticed:
        talk.line(f"  {noticed}")
