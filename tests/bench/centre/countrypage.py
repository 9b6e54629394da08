"""The model's part of docs/bench-centre.md: its table, its picture, and how it fits what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.bench.centre.afternoonmodel import (
    AFTERNOON,
    BACK_AT,
    DAY,
    DOUBLED,
    LATE,
    LEAST,
    LONGEST,
    MIDDLE,
    MINUTE,
    OFFLINE,
    PUPILS,
    RECORDED,
    SHORTEST,
    SLOT,
    TAKE_BYTES,
    TAKES_EACH,
    Afternoon,
    afternoon,
)
from tests.bench.centre.afternoonmodel import MOST as WIDEST
from tests.bench.centre.onemachine import FEWER, STATIONS, OneMachine
from tests.bench.telling import table

SIZES = (20, 600, 6000)
SPARE = 0.7
"""Part of what it can do that a part is planned for."""
PLENTY = 1e12
MOST, LATER = 0.95, 900
WIDTH, HEIGHT, LEFT, BOTTOM = 900, 300, 60, 40


@dataclass(frozen=True)
class OneOfEach:
    """What one of each part can do, a second."""

    uploads: float
    """Bytes that a tusd and its store take."""
    receipts: float
    """Bytes that a worker reads."""
    statuses: float


def country_part(machine: OneMachine, reads: float, statuses: float, picture: Path) -> str:
    """`reads`: bytes a second of one worker; `statuses`: a second that a board takes at most."""
    one = OneOfEach(machine.rate, reads, statuses)
    wide = {size: afternoon(size, PLENTY) for size in SIZES}
    picture.write_text(drawn(wide[SIZES[-1]]), encoding="utf-8")
    rows = [_row(size, wide[size], one) for size in SIZES]
    heading = ["stations", "busiest minute", "sending at once", f"{MOST:.0%} there", "all there"]
    heading += [f"one machine: {MOST:.0%} there", "tusd, nobody waits", "tusd, 15 minutes later"]
    heading += ["workers", "boards"]
    return (
        "**A country's afternoon, as a discrete-event simulation** (tests/bench/centre/afternoonmodel.py)."
        " Its events: a pupil begins to be recorded, a pupil is recorded, a station's network is there, a"
        f" station has sent all that it had.\n\n{table(['assumed', ''], assumptions(one))}\n"
        "The first columns are of a centre that is never the narrow place."
        f" *Nobody waits*: so many that {1 - SPARE:.0%} is to spare in the busiest minute. *15 minutes"
        f" later*: the fewest with which {MOST:.0%} is there at most so much later, since stations wait"
        " without harm. Workers and boards have the same to spare; at least two of each where stations are"
        " many, so that one may die.\n\n"
        f"{table(heading, rows)}\n"
        "![Arriving bytes of 6,000 stations](pictures/centre-afternoon.svg)\n\n"
        f"How the model fits: from what one station alone and {STATIONS} at once had through one tusd it"
        f" foretells {machine.foretold:.1f} s for {FEWER} stations at once; measured were"
        f" {machine.fewer:.1f} s ({machine.fewer / machine.foretold:.2f} of it; the stations run on the same"
        " cores)."
    )


def assumptions(one: OneOfEach) -> list[list[str]]:
    """All that goes into the table below."""
    lines = f"{LEAST * 8e-6:.0f} to {WIDEST * 8e-6:.0f} Mbit/s, log-normal, half below {MIDDLE * 8e-6:.0f}"
    here = "stations and all programs on the same two cores; a computer for each takes more"
    return [
        [
            "a station",
            f"{PUPILS} pupils from {clock(0)} to {clock(AFTERNOON)}, the last one in the last {SLOT} s",
        ],
        [
            "a pupil",
            f"{TAKES_EACH} recordings of {TAKE_BYTES / 1e6:.1f} MB, {RECORDED} s in which it sends nothing",
        ],
        ["pauses between pupils", f"{SHORTEST} to {LONGEST} of the usual {SLOT - RECORDED} s"],
        ["lines", lines],
        ["where the centre is narrow", "each station that sends has the same part of its line"],
        ["send in the end only", f"{LATE:.0%} of the stations, from {clock(AFTERNOON)} on"],
        ["without network", f"{OFFLINE:.0%} of the stations, until {clock(BACK_AT)}"],
        ["come twice", f"{DOUBLED:.1%} of the recordings"],
        ["a tusd and its store take", f"{one.uploads / 1e6:.0f} MB/s, as measured here: {here}"],
        ["a worker reads", f"{one.receipts / 1e6:.0f} MB/s, as measured here"],
        [
            "a board takes",
            f"{one.statuses:.0f} statuses a second, as measured here; each station says one a minute",
        ],
        ["to spare", f"{1 - SPARE:.0%} of each part in its busiest minute"],
    ]


def _row(size: int, wide: Afternoon, one: OneOfEach) -> list[str]:
    least = 1 if size <= 20 else 2
    unhurried = max(least, math.ceil(wide.peak / (SPARE * one.uploads)))
    later = max(least, fewest(size, one, wide.there_at(MOST) + LATER, unhurried))
    workers = max(least, math.ceil(later * one.uploads / (SPARE * one.receipts)))
    boards = max(least, math.ceil(size / 60 / (SPARE * one.statuses)))
    return [
        f"{size:,}",
        f"{wide.peak * 8 / 1e9:.2f} Gbit/s",
        f"{wide.most_sending:,}",
        clock(wide.there_at(MOST)),
        clock(wide.there_at(0.9999)),
        clock(afternoon(size, one.uploads).there_at(MOST)),
        *(str(number) for number in (unhurried, later, workers, boards)),
    ]


def fewest(size: int, one: OneOfEach, by: float, enough: int) -> int:
    """The fewest tusd with which MOST of all bytes are there `by` then; `enough` of them are."""
    few, many = 0, enough
    while many - few > 1:
        middle = (few + many) // 2
        found = afternoon(size, middle * one.uploads, seconds=int(by) + 1)
        few, many = (few, middle) if found.there_at(MOST) <= by else (middle, many)
    return many


def clock(seconds: float) -> str:
    """Seconds after 13:30 as a time of day."""
    if math.isinf(seconds):
        return "after 23:30"
    minutes = 13 * 60 + 30 + round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def drawn(found: Afternoon) -> str:
    """SVG: Gbit/s over the day, a point a minute."""
    values = found.arrived[: DAY // MINUTE * MINUTE].reshape(-1, MINUTE).mean(axis=1) * 8 / 1e9
    top = max(1.0, float(np.ceil(values.max())))
    wide, high = WIDTH - LEFT - 10, HEIGHT - BOTTOM - 10

    def at(minute: int, value: float) -> str:
        return f"{LEFT + wide * minute / len(values):.1f},{10 + high * (1 - value / top):.1f}"

    line = " ".join(at(minute, float(value)) for minute, value in enumerate(values))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        *_grid(top, at),
        f'<polyline points="{line}" fill="none" stroke="#0b4f9c" stroke-width="2"/>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid(top: float, at: Callable[[int, float], str]) -> Sequence[str]:
    found = []
    for hour in range(14, 24):
        x = at(hour * 60 - 13 * 60 - 30, 0.0).partition(",")[0]
        found.append(f'<text x="{x}" y="{HEIGHT - 15}" text-anchor="middle">{hour}:00</text>')
        found.append(f'<line x1="{x}" x2="{x}" y1="10" y2="{HEIGHT - BOTTOM}" stroke="#e3e6ea"/>')
    for step in range(int(top) + 1):
        y = at(0, float(step)).partition(",")[2]
        found.append(f'<line x1="{LEFT}" x2="{WIDTH - 10}" y1="{y}" y2="{y}" stroke="#e3e6ea"/>')
        found.append(f'<text x="{LEFT - 8}" y="{float(y) + 4}" text-anchor="end">{step}</text>')
    found.append(f'<text x="{LEFT - 45}" y="22">Gbit/s</text>')
    return found
