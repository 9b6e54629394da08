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
from tests.bench.centre.receiptspeed import SIZE, Speed, receipt_speed
from tests.bench.centre.stationshare import FLAC_BYTES, WAV_BYTES, Share, station_share
from tests.bench.machine import description
from tests.bench.telling import table, tell
from tests.board.postgres import POSTGRES, PostgresServer
from tests.tools.environment import ROOT
from tests.tools.testservers import S3

PAGE = ROOT / "docs" / "bench-centre.md"
PACKAGES = ("starlette", "uvicorn", "SQLAlchemy", "psycopg", "boto3")
ANSWER, DISTRICT_PAGE, COUNTRY_PAGE, MEMORY, OF_DISK, SHARE = 0.050, 0.100, 0.300, 200.0, 0.8, 0.01
RECORDINGS = 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="of each load on a board")
    parser.add_argument("--out", type=Path, default=PAGE)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-centre-") as passing:
        folder = Path(passing)
        loads = board_loads(folder, wishes.seconds)
        share = share_of(folder)
        speed = receipt_speed(folder, RECORDINGS) if not S3.why_not else None
    text = written(loads, share, speed, wishes.seconds)
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


def written(loads: Sequence[Load], share: Share, speed: Speed | None, seconds: float) -> str:
    parts = [
        "# What a centre bears",
        f"`make bench-centre`: {description(PACKAGES, ())}.",
        f"**One board on one core, {STATIONS:,} stations** in {DISTRICTS} districts of {EACH}, a status from"
        f" each every 60 s ({STATIONS / 60:.0f} a second, each over a line of its own, for {seconds:.0f} s),"
        f" and {STATIONS * TAKES:,} recordings in the ledger beside them. An answer is timed from the moment"
        f" at which it was due. *Watched*: meanwhile the pages of {TECHNICIANS} districts and of the country"
        " are open, each fetched anew every ten seconds.",
        board_table(loads),
        "**Statuses beside recordings**: "
        f"{share.statuses} in an afternoon, {share.bytes_each:.0f} bytes each with all headers, beside"
        f" {TAKES} recordings. Goal: at most {SHARE:.0%} of a station's bytes. WAV:"
        f" {judged(share.of(WAV_BYTES) * 100, SHARE * 100, '{:.2f} %')}; FLAC:"
        f" {judged(share.of(FLAC_BYTES) * 100, SHARE * 100, '{:.2f} %')}.",
        receipts(speed),
    ]
    return "\n\n".join(parts) + "\n"


def board_table(loads: Sequence[Load]) -> str:
    def row(what: str, goal: str, cells: list[str]) -> list[str]:
        return [what, goal, *cells]

    def ms(value: float, goal: float) -> str:
        return judged(value * 1000, goal * 1000, "{:.0f} ms")

    def refused(load: Load) -> str:
        codes = load.alone.codes + load.watched.codes
        return str(codes.total() - codes[201])

    rows = [
        row("p99 of an answer", "50 ms", [ms(load.alone.quantile(0.99), ANSWER) for load in loads]),
        row("median", "", [f"{load.alone.quantile(0.5) * 1000:.1f} ms" for load in loads]),
        row("p99, watched", "", [f"{load.watched.quantile(0.99) * 1000:.0f} ms" for load in loads]),
        row("of the core, meanwhile", "", [f"{load.core:.0%}" for load in loads]),
        row("answers that were no 201", "0", [refused(load) for load in loads]),
        row("statuses a second at most", "", [f"{load.most:.0f}" for load in loads]),
        row("a district's page", "100 ms", [ms(load.district, DISTRICT_PAGE) for load in loads]),
        row("the country's page", "300 ms", [ms(load.country, COUNTRY_PAGE) for load in loads]),
        row("memory at most", "200 MB", [judged(load.memory, MEMORY, "{:.0f} MB") for load in loads]),
    ]
    return table(["", "goal", *(load.database for load in loads)], rows).rstrip()


def receipts(speed: Speed | None) -> str:
    if speed is None:
        return f"**Receipts from S3**: not measured; {S3.why_not}."
    rows = [["sha256sum from the disk", f"{speed.disk:.0f}", ""]]
    for workers, found in speed.receipts.items():
        part = judged(found / speed.disk, OF_DISK, "{:.2f}", most=False)
        rows.append([f"{workers} worker{'s' if workers > 1 else ''}", f"{found:.0f}", part])
    text = (
        "**Receipts from S3** (moto, a store in memory, written in Python, on the same two cores):"
        f" {RECORDINGS} recordings of {SIZE / 1e6:.0f} MB. Goal: {OF_DISK} of sha256sum of the same"
        " bytes from the disk."
    )
    return f"{text}\n\n{table(['', 'MB/s', 'of sha256sum'], rows).rstrip()}"


if __name__ == "__main__":
    sys.exit(main())
