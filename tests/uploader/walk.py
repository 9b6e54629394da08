"""`python -m tests.uploader.walk [--only WORDS]`: every server before every fault, and what was seen into
docs/delivery.md.

It runs the tests of tests/uploader/test_servers_and_boxes.py; each cell that passed says at which level the
take was proven. What was not run keeps what was seen before.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tests.tools.environment import ROOT
from tests.tools.testservers import NODE_S3, RUSTUS, S3, TUSD

SEEN = Path(__file__).with_name("walked.json")
NOTES = "STATION_WALK_NOTES"
"""Names the file for the cells of a run that is written down."""


@dataclass(frozen=True)
class Cell:
    """A take that arrived once, identical, without a hand."""

    server: str
    fault: str
    level: str
    """Of its proof: "L2"; empty where it did not arrive so."""


def note(cell: Cell) -> bool:
    """Write it down for the page; False where this is no such run."""
    notes = os.environ.get(NOTES)
    if notes is None:
        return False
    with Path(notes).open("a", encoding="utf-8") as file:
        file.write(json.dumps(astuple(cell)) + "\n")
    return True


def walked() -> set[Cell]:
    """What was seen at the last runs."""
    return {Cell(*one) for one in json.loads(SEEN.read_text(encoding="utf-8"))["cells"]}


def versions() -> dict[str, str]:
    return {
        "resumable-upload": version("resumable-upload"),
        "tuspyserver": version("tuspyserver"),
        "tussi": version("tussi"),
        "@tus/server": "2.4.5",
        "tusd": TUSD.version,
        "tusd on S3": f"{TUSD.version} and moto {S3.version}",
        "@tus/server on S3": f"2.4.5 with @tus/s3-store {NODE_S3.version} and moto {S3.version}",
        "rustus": RUSTUS.version,
    }


def keep(cells: Sequence[Cell]) -> None:
    """Cells take the place of those of the same server and fault."""
    before = json.loads(SEEN.read_text(encoding="utf-8")) if SEEN.exists() else {"cells": []}
    found = {(cell.server, cell.fault): cell for cell in (*(Cell(*one) for one in before["cells"]), *cells)}
    lines = ",\n  ".join(json.dumps(astuple(cell)) for cell in sorted(found.values(), key=astuple))
    facts = json.dumps(versions(), indent=1)
    text = f'{{"on": "{date.today()}", "versions": {facts},\n "cells": [\n  {lines}\n]}}\n'  # noqa: DTZ011
    SEEN.write_text(text, encoding="utf-8", newline="\n")


def walk_table() -> str:
    """The part of docs/delivery.md."""
    facts = json.loads(SEEN.read_text(encoding="utf-8"))
    cells = [Cell(*one) for one in facts["cells"]]
    level = {(cell.server, cell.fault): cell.level for cell in cells}
    servers = sorted({cell.server for cell in cells})
    faults = list(dict.fromkeys(cell.fault for cell in cells))
    said = "; ".join(f"{name} {number}" for name, number in facts["versions"].items())
    right = sum(bool(cell.level) for cell in cells)
    head = f"{len(cells)} walks, last on {facts['on']}: {right} arrived once and identical"
    head += ", 0 lost, 0 doubled." if right == len(cells) else f", {len(cells) - right} did not."
    rows = [["fault", *servers], ["---"] * (len(servers) + 1)]
    rows += [
        [fault, *(level.get((server, fault), "-") or "**no**" for server in servers)] for fault in faults
    ]
    return f"{head} {said}.\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.uploader.walk")
    parser.add_argument("--only", help="as pytest's -k: parts of the names of servers and faults")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        notes = Path(name) / "notes"
        notes.touch()
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", "long", "-rs"]
        only = ["-k", wishes.only] if wishes.only else []
        done = subprocess.run(
            [*command, *only, "tests/uploader/test_servers_and_boxes.py"],
            cwd=ROOT,
            env={**os.environ, NOTES: str(notes)},
        )
        cells = [Cell(*json.loads(line)) for line in notes.read_text(encoding="utf-8").splitlines()]
    keep(cells)
    subprocess.run([sys.executable, "-m", "tests.tools.readme"], cwd=ROOT, check=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
