"""`python -m tests.bench.centre.report [--seconds N]`: docs/bench-centre.md, each figure beside its goal."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from board.store.engine import open_board
from board.web.application import Stores
from tests.bench.centre.boardload import TECHNICIANS, Load, board_load
from tests.bench.centre.country import DISTRICTS, EACH, STATIONS, TAKES, settle
from tests.bench.centre.countrypage import country_part
from tests.bench.centre.onemachine import one_machine
from tests.bench.centre.receiptspeed import SIZE, Speed, receipt_speed
from tests.bench.centre.rounds import ROUNDS, Round
from tests.bench.centre.stationshare import FLAC_BYTES, WAV_BYTES, Share, station_share
from tests.bench.machine import description
from tests.bench.telling import table, tell
from tests.board.postgres import POSTGRES, PostgresServer
from tests.tools.environment import ROOT
from tests.tools.testservers import TUSD, WEED

PAGE = ROOT / "docs" / "bench-centre.md"
PICTURE = ROOT / "docs" / "pictures" / "centre-afternoon.svg"
PACKAGES = ("starlette", "uvicorn", "SQLAlchemy", "psycopg", "boto3")
ANSWER, DISTRICT_PAGE, COUNTRY_PAGE, MEMORY, OF_DISK, SHARE = 0.050, 0.100, 0.300, 200.0, 0.8, 0.01
RECORDINGS = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each load on a board")
    parser.add_argument("--out", type=Path, default=PAGE)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-centre-") as passing:
        folder = Path(passing)
        loads = board_loads(folder, wishes.seconds)
        share = share_of(folder)
        speed = receipt_speed(folder, RECORDINGS) if not WEED.why_not else None
        country = None
        if speed is not None and not TUSD.why_not:
            reads, statuses = speed.receipts[1] * 1e6, min(load.most for load in loads)
            country = country_part(one_machine(folder), reads, statuses, PICTURE)
    text = written(loads, share, speed, wishes.seconds, country)
    wishes.out.write_text(text, encoding="utf-8")
    print(text)
    return 0


def board_loads(folder: Path, seconds: float) -> list[Load]:
    (folder / "sqlite").mkdir()
    address = f"sqlite:///{(folder / 'sqlite' / 'board.db').as_posix()}"
    found = [board_load("SQLite", folder / "sqlite", address, seconds)]
    if not POSTGRES:
        tell("PostgreSQL is not installed (Debian: postgresql)")
        return found
    (folder / "postgresql").mkdir()
    with PostgresServer(lasting=True) as server:
        found.append(board_load("PostgreSQL", folder / "postgresql", server.address, seconds))
    return found


def share_of(folder: Path) -> Share:
    engine = open_board(f"sqlite:///{(folder / 'share.db').as_posix()}")
    settle(engine)
    try:
        return station_share(Stores.of(engine))
    finally:
        engine.dispose()


def judged(value: float, goal: float, form: str, *, most: bool = True) -> str:
    """A figure, and whether it keeps to its goal."""
    kept = value <= goal if most else value >= goal
    return f"{form.format(value)}{'' if kept else ' **missed**'}"


def written(
    loads: Sequence[Load], share: Share, speed: Speed | None, seconds: float, country: str | None
) -> str:
    parts = [
        "# What a centre bears",
        f"`make bench-centre`: {description(PACKAGES, ())}.",
        f"**One board on one core, {STATIONS:,} stations** in {DISTRICTS} districts of {EACH}, a status from"
        f" each every 60 s ({STATIONS / 60:.0f} a second, each over a line of its own), and"
        f" {STATIONS * TAKES:,} recordings in the ledger beside them. An answer is timed from the moment at"
        " which it was due. *Watched*: meanwhile the"
        f" pages of {TECHNICIANS} districts and of the country are open, each fetched anew every ten seconds."
        f" Other programs ran on this computer, too: of {ROUNDS} rounds of {seconds / ROUNDS:.0f} s it is the"
        " one in which a server on the same core that does nothing but answer, asked just before and after,"
        " was disturbed least; its p99 stands below. The country's page is made once for all who look;"
        " *made anew* is for who looks first when nobody has for half a minute.",
        board_table(loads),
        "**Statuses beside recordings**: "
        f"{share.statuses} in an afternoon, {share.bytes_each:.0f} bytes each with all headers, beside"
        f" {TAKES} recordings. Goal: at most {SHARE:.0%} of a station's bytes. WAV:"
        f" {judged(share.of(WAV_BYTES) * 100, SHARE * 100, '{:.2f} %')}; FLAC:"
        f" {judged(share.of(FLAC_BYTES) * 100, SHARE * 100, '{:.2f} %')}.",
        receipts(speed),
        *([country] if country is not None else []),
    ]
    return "\n\n".join(parts) + "\n"


def board_table(loads: Sequence[Load]) -> str:
    def row(what: str, goal: str, cells: list[str]) -> list[str]:
        return [what, goal, *cells]

    def ms(value: float, goal: float) -> str:
        return judged(value * 1000, goal * 1000, "{:.0f} ms")

    def quantiles(rounds: Sequence[Round], part: float, form: str) -> list[str]:
        return [form.format(one.board.quantile(part) * 1000) for one in rounds]

    alone = [load.alone for load in loads if load.alone is not None]
    watched = [load.watched for load in loads if load.watched is not None]
    nothing = "… of a server that does nothing"
    refused = [one.board.codes + other.board.codes for one, other in zip(alone, watched, strict=True)]
    rows = [
        row("p99 of an answer", "50 ms", [ms(one.board.quantile(0.99), ANSWER) for one in alone]),
        row(nothing, "", [f"{one.nothing * 1000:.0f} ms" for one in alone]),
        row("median", "", quantiles(alone, 0.5, "{:.1f} ms")),
        row("p99, watched", "", quantiles(watched, 0.99, "{:.0f} ms")),
        row(nothing, "", [f"{one.nothing * 1000:.0f} ms" for one in watched]),
        row("of the core, nobody watching", "", [f"{one.core:.0%}" for one in alone]),
        row("answers that were no 201", "0", [str(codes.total() - codes[201]) for codes in refused]),
        row("statuses a second at most", "", [f"{load.most:.0f}" for load in loads]),
        row("a district's page", "100 ms", [ms(load.district, DISTRICT_PAGE) for load in loads]),
        row("the country's page", "300 ms", [ms(load.country, COUNTRY_PAGE) for load in loads]),
        row("the same, made anew", "300 ms", [ms(load.first, COUNTRY_PAGE) for load in loads]),
        row("memory at most", "200 MB", [judged(load.memory, MEMORY, "{:.0f} MB") for load in loads]),
    ]
    return table(["", "goal", *(load.database for load in loads)], rows).rstrip()


def receipts(speed: Speed | None) -> str:
    if speed is None:
        return f"**Receipts from S3**: not measured; {WEED.why_not}."
    rows = [["sha256sum from the disk", f"{speed.disk:.0f}", ""]]
    for workers, found in speed.receipts.items():
        part = judged(found / speed.disk, OF_DISK, "{:.2f}", most=False)
        rows.append([f"{workers} worker{'s' if workers > 1 else ''}", f"{found:.0f}", part])
    text = (
        "**Receipts from S3** (SeaweedFS on the same computer, which needs a core itself):"
        f" {RECORDINGS} recordings of {SIZE / 1e6:.0f} MB. Goal: {OF_DISK} of sha256sum of the same"
        " bytes from the disk."
    )
    return f"{text}\n\n{table(['', 'MB/s', 'of sha256sum'], rows).rstrip()}"


if __name__ == "__main__":
    sys.exit(main())
