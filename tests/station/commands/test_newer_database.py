"""A data folder that a newer program has opened: what opens its database refuses, and changes nothing.

The commands are those of the command line itself; each is a process in which every opening of a database
is heard.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from config.disk import DataDir
from config.disk.database import VERSIONS, migrate, open_database
from station.commands import run
from station.commands.cli import cli
from station.exitcodes import Exit
from station.session.journal import SCHEMA
from tests.station.commands.called import ENV
from tests.station.commands.forked import called
from uploader.queue.schema import STEPS


def heard(event: str, arguments: tuple[object, ...]) -> None:
    if event == "sqlite3.connect":
        print("OPENED", arguments[0], file=sys.stderr)


def listen() -> None:
    sys.addaudithook(heard)
    # The screens are not reached.
    run.need_terminal = lambda: None


VALUES = {
    "student_id": "0107",
    "item_id": "song1",
    "folder": "stick",
    "path": ".",
    "paths": ".",
    "reason": "wanted",
    "district": "d",
    "take_ids": "t",
    "file": "f",
}
"""What people name to commands; `stick` is a folder that is there."""
QUICK = {
    "demo": ("--auto", "--students", "1", "--data", "."),
    "queue run": ("--once",),
    "record": ("--seconds", "1"),
    "selftest": ("--only", "disk_space"),
    "start": ("--home", "."),
}
"""What makes a command use this folder, and come to its end soon where it is not refused."""
OPENING = {"run", "record", "recover", "report", "start", "demo", "selftest"}
"""These and all of `queue` but its table of faults must be found to open one; what else does is found out."""


def commands(group: click.Group = cli, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its full name."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield before + name, command


ELSEWHERE = {"rehearse", "board demo"}
"""They have data folders of their own, made anew each time: a newer database can't lie in them."""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows copies no process")
FOUND = {name: command for name, command in commands() if name not in ELSEWHERE}


def line_of(name: str) -> list[str]:
    """The shortest command line that a command takes."""
    line = [*name.split(), *QUICK.get(name, ())]
    for parameter in FOUND[name].params:
        if parameter.required and isinstance(parameter, click.Argument):
            line.append(VALUES[str(parameter.name)])
        elif parameter.required:
            line += [parameter.opts[0], VALUES[str(parameter.name)]]
    return line


@pytest.fixture(params=list(VERSIONS))
def newer(home: Path, request: pytest.FixtureRequest) -> Path:
    """The database of a station, one of its components one version further."""
    data = DataDir(home / "data")
    data.root.mkdir()
    (home / "stick").mkdir()
    with closing(open_database(data.database)) as db:
        migrate(db, "journal", SCHEMA)
        migrate(db, "queue", STEPS)
        db.execute("PRAGMA journal_mode = DELETE")
        query = "UPDATE schema_versions SET version = version + 1 WHERE component = ?"
        db.execute(query, (request.param,))
    return data.database


def known(database: Path) -> tuple[str, int, int]:
    """Component, its version there, and the one that this program knows."""
    with closing(sqlite3.connect(database)) as db:
        there = dict(db.execute("SELECT component, version FROM schema_versions"))
    [name] = [name for name in VERSIONS if there[name] != VERSIONS[name]]
    return name, there[name], VERSIONS[name]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", FOUND)
def test_whatever_opens_the_database_refuses_it_with_both_versions(newer: Path, name: str) -> None:
    component, there, here = known(newer)
    before = newer.read_bytes()
    code, out, err = called(line_of(name), {**os.environ, **ENV}, newer.parents[1], 55, listen)
    opened = [line for line in err.splitlines() if line.startswith("OPENED") and newer.name in line]
    assert newer.read_bytes() == before
    assert list(newer.parent.glob(f"{newer.name}-*")) == []
    if name in OPENING or (name.startswith("queue") and name != "queue faults"):
        assert opened, err
    if opened:
        said = f"“{component}” has version {there}, this program knows {here}."
        assert (said in err + out, code) == (True, Exit.DISK), err
        assert not list(newer.parent.glob("takes/**/*.wav")), "nobody sings for a folder that takes nothing"
