"""`station board`: the district's page over its stations. What it needs is imported when it is called."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.base import ConfigError, StationError, more_than, say
from station.commands.options import json_option
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import render, set_language, tr, worded

if TYPE_CHECKING:
    from board import BoardSettings, Stores

board_config = click.option(
    "--config",
    "board_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("board.toml"),
    show_default=True,
    help=tr("The settings of this board."),
)

WAITING = say("The board's database does not answer yet; the board waits for it for up to ten minutes.")


@click.group(help=tr("The district's board: all stations on one page, troubles on top."))
def board() -> None:
    return None


def opened(board_path: Path, waiting: Callable[[], None] | None = None) -> tuple[BoardSettings, Stores]:
    """Settings, and the database until the command ends. Raises StationError, also without the extra.

    With `waiting`, a database server that does not answer yet is waited for.
    """
    try:
        from board import Stores, load_board, open_board
        from uploader.centre import Accounts
    except ImportError as error:
        raise missing() from error
    settings = load_board(board_path)
    set_language(settings.language)
    engine = open_board(settings.database, waiting)
    click.get_current_context().call_on_close(engine.dispose)
    return settings, Stores.of(engine, centre=Accounts(engine))


def missing() -> StationError:
    return StationError(
        say("The board's packages are not installed."),
        say("Install the extra: pip install singing-test-station[board]."),
    )


@board.command(help=tr("Serve the page until Ctrl-C."))
@board_config
def serve(board_path: Path) -> int:
    settings, stores = opened(board_path, lambda: talk.tell(WAITING))
    from board import ServedBoard, board_app, prefer_answers

    app = board_app(settings, stores, worded)
    prefer_answers()
    with ServedBoard(app, settings.host, settings.port, settings.proxies) as served:
        talk.tell(say("The board is at {url}. Ctrl-C ends it.", url=served.url))
        # A wait with an end lets Ctrl-C through on Windows.
        forever = threading.Event()
        while not forever.wait(3600):
            pass
    return Exit.OK


@board.command(help=tr("Read the list of the stations that should speak: CSV or Excel."))
@board_config
@click.option("--district", required=True, metavar="CODE", help=tr("The district whose list it is."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def expect(board_path: Path, district: str, file: Path) -> int:
    _, stores = opened(board_path)
    from board import read_expected

    rows, problems = read_expected(file)
    for problem in problems[:20]:
        talk.tell(problem.sentence())
    if problems:
        if (more := more_than(problems[19:])) is not None and len(problems) > 20:
            talk.tell(more)
        talk.tell(say("The list was not taken; the board still has the one from before."))
        return Exit.USAGE
    taken = stores.roll.expect(district, rows)
    if taken:
        raise ConfigError(say("The station {station} is in another district's list.", station=taken[0]))
    talk.tell(say("{count} {count|station is|stations are} expected.", count=len(rows)))
    return Exit.OK


@board.command(help=tr("Tokens of the schools: make one (it is shown once), revoke one, or list them."))
@board_config
@click.option("--district", metavar="CODE", help=tr("The district of the school."))
@click.option("--school", metavar="NAME", help=tr("Make a token for this school, named as in the list."))
@click.option("--revoke", type=int, metavar="NUMBER", help=tr("Revoke the token of this number."))
@json_option
def token(
    board_path: Path, district: str | None, school: str | None, revoke: int | None, as_json: bool
) -> int:
    _, stores = opened(board_path)
    if revoke is not None:
        if not stores.roll.revoke(revoke):
            raise ConfigError(say("There is no token {number} that holds.", number=revoke))
        return Exit.OK
    if school is not None:
        schools = {place.row.school for place in stores.roll.places(district or "") if district}
        if school not in schools:
            raise ConfigError(
                say("There is no school “{school}” in the list of this district.", school=school),
                say("Give --district, and the name as it stands in the list."),
            )
        talk.line(stores.roll.make_token(district or "", school))
        talk.tell(say("This token is not shown again. Its place is a variable of the school's computer."))
        return Exit.OK
    found = stores.roll.tokens()
    if as_json:
        talk.document([vars(one) for one in found])
        return Exit.OK
    rows = [[str(t.id), t.district, t.school, _day(t.made_at), _day(t.revoked_at)] for t in found]
    talk.table([tr("Number"), tr("District"), tr("School"), tr("Made"), tr("Revoked")], rows)
    return Exit.OK


@board.command(help=tr("Users of the page: add one or give one a new password, remove one, or list them."))
@board_config
@click.option("--add", metavar="NAME", help=tr("Add this user; the password is asked for."))
@click.option("--remove", metavar="NAME", help=tr("Remove this user."))
@click.option(
    "--role",
    type=click.Choice(["district", "viewer"]),
    default="viewer",
    show_default=True,
    help=tr("A viewer only looks; “district” also writes."),
)
@click.option("--district", default="", metavar="CODE", help=tr("Sees this district; without it, all."))
def user(board_path: Path, add: str | None, remove: str | None, role: str, district: str) -> int:
    _, stores = opened(board_path)
    if remove is not None and not stores.people.remove(remove):
        raise ConfigError(say("There is no user {name}.", name=remove))
    if add is not None:
        password = click.prompt(tr("Password"), hide_input=True, confirmation_prompt=True, err=True)
        try:
            stores.people.add(add, "district" if role == "district" else "viewer", district, password)
        except ValueError as error:
            raise ConfigError(
                say("A name has letters a-z, digits, dot and dash, a password 10 to 200 characters.")
            ) from error
    if add is None and remove is None:
        rows = [[person.name, person.role, person.district or "*"] for person in stores.people.names()]
        talk.table([tr("Name"), tr("Role"), tr("District")], rows)
    return Exit.OK


@board.command(help=tr("The whole district as text: every station, and what has not arrived."))
@board_config
@click.option("--district", default="", metavar="CODE", help=tr("Only this district."))
@json_option
def report(board_path: Path, district: str, as_json: bool) -> int:
    settings, stores = opened(board_path)
    from board import judged_rows, overview

    rows = judged_rows(stores.roll, stores.arrivals, settings, district, time.time(), stores.centre)
    if as_json:
        talk.document(overview.as_json(rows))
        return Exit.OK
    talk.table(overview.heading(render), [overview.cells(row, render) for row in rows])
    for line in overview.missing_lines(rows, render):
        talk.line("  ".join(line))
    return Exit.OK


@board.command(
    help=tr("Twenty simulated schools on this computer, some of them in trouble: something to look at.")
)
@click.option(
    "--schools", type=click.IntRange(7, 60), default=20, show_default=True, help=tr("How many schools.")
)
@click.option("--seconds", type=click.IntRange(1), help=tr("End by itself after so many seconds."))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help=tr("Port of the page.")
)
@click.option("--no-browser", is_flag=True, help=tr("Do not open the page."))
def demo(schools: int, seconds: int | None, port: int, no_browser: bool) -> int:
    try:
        from station.commands.boarddemo import run_demo
    except ImportError as error:
        raise missing() from error
    return run_demo(schools, seconds, port, browser=not no_browser)


def _day(at: float | None) -> str:
    return "" if at is None else f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M}"
