"""The model's part of docs/bench-centre.md: its table, its picture, and how it fits what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tests.bench.centre.afternoonmodel import DAY, MINUTE, TAKE_BYTES, Afternoon, Parts, afternoon
from tests.bench.centre.onemachine import FEWER, STATIONS, OneMachine
from tests.bench.telling import table

SIZES = (20, 600, 6000)
SPARE = 0.7
"""Part of what it can do that a part is planned for."""
PLENTY = 1e12
MOST, LATER = 0.95, 900
WIDTH, HEIGHT, LEFT, BOTTOM = 900, 300, 60, 40


def country_part(machine: OneMachine, reads: float, statuses: float, picture: Path) -> str:
    """`reads`: bytes a second of one worker; `statuses`: a second that a board takes at most."""
    one = Parts(machine.rate, reads)
    wide = {size: afternoon(size, Parts(PLENTY, PLENTY)) for size in SIZES}
    picture.write_text(drawn(wide[SIZES[-1]]), encoding="utf-8")
    rows = [_row(size, wide[size], one, statuses) for size in SIZES]
    heading = ["stations", "busiest minute", "sending at once", f"{MOST:.0%} there", "all there"]
    heading += [f"one machine: {MOST:.0%} there", "tusd, nobody waits", "tusd, 15 minutes later"]
    heading += ["workers", "boards"]
    return (
        "**A country's afternoon, as a model**, second by second (tests/bench/centre/afternoonmodel.py): 60"
        f" recordings of {TAKE_BYTES / 1e6:.1f} MB of each station from 13:30 to 16:30, lines of 1 to 100"
        " Mbit/s (half below 10), nothing sent while a pupil is recorded, 15 % that send at 16:30 only, 2 %"
        " without network until 18:00, 0.5 % doubled. The first columns are of a centre that is never the"
        f" narrow place. One machine is what was measured here: a tusd and its store take"
        f" {machine.rate / 1e6:.0f} MB/s and a worker reads {reads / 1e6:.0f} MB/s, with the stations and all"
        " programs on the same two cores; a real computer for each takes more, and needs fewer."
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


def _row(size: int, wide: Afternoon, one: Parts, statuses: float) -> list[str]:
    least = 1 if size <= 20 else 2
    unhurried = max(least, math.ceil(wide.peak / (SPARE * one.uploads)))
    later = max(least, fewest(size, one, wide.there_at(MOST) + LATER, unhurried))
    workers = max(least, math.ceil(later * one.uploads / (SPARE * one.receipts)))
    boards = max(least, math.ceil(size / 60 / (SPARE * statuses)))
    return [
        f"{size:,}",
        f"{wide.peak * 8 / 1e9:.2f} Gbit/s",
        f"{wide.most_sending:,}",
        clock(wide.there_at(MOST)),
        clock(wide.there_at(0.9999)),
        clock(afternoon(size, one).there_at(MOST)),
        *(str(number) for number in (unhurried, later, workers, boards)),
    ]


def fewest(size: int, one: Parts, by: float, enough: int) -> int:
    """The fewest tusd with which MOST of all bytes are there `by` then; `enough` of them are."""
    few, many = 0, enough
    while many - few > 1:
        middle = (few + many) // 2
        found = afternoon(size, Parts(middle * one.uploads, PLENTY), seconds=int(by) + 1)
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
