"""Losses as steps of the line that recorded time draws against the monotonic clock.

1. `clock - frames` has a floor: a straight line, whose slope is how much slower the card's clock is than the
   computer's, with late callbacks above it. What was lost lifts the floor for ever: a step.
2. The line is the one that touches the points from below with the least left over (the linear programme for
   clock skew of Moon, Skelly and Towsley, INFOCOM 1999), with a level of its own after each step.
3. Callbacks that are late for a while are no step. How often they are as late as the step is high is taken
   from the take itself; a step is believed where that many late callbacks in a row have less than CHANCE.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from config.takes import Step

CELL_SECONDS = 0.25
"""Of the callbacks within it the quickest counts."""
MAX_PPM = 1000
"""What is slower is a wrong clock. Cheap USB headsets: 100-300 ppm."""
GRIDS_PPM = ((1000, 50), (50, 5), (4, 1))
"""Slopes that are tried: reach and distance, each around the best of the one before."""
LEAST_SECONDS = 0.012
"""The lowest step that is looked for: where callbacks jitter by 50 ms the floor is found to some of them."""
AFTER_SECONDS = 0.75
"""So long a step must last: a process was held up for less (audio.capture.loss)."""
CHANCE = 1e-4
NEARLY = 0.8
"""Callbacks this part of the step late make it doubtful."""
COST_OF_STEP = 0.015
"""Seconds by which a step must lower the mean rest over a second; below it a slope tells as much."""
LONG_SECONDS = 20.0
"""A take that is longer makes a step dearer."""
COST_OF_DRIFT = 1.0
"""The same for each second that the slope adds up to over the take, up to LEAST_SECONDS: in a short take,
a step can look like a slope."""
MAX_STEPS = 200
Points = NDArray[np.float64]


class DriftLine:
    """note() every callback; steps() looks for what was lost up to now."""

    def __init__(self, samplerate: int) -> None:
        self._samplerate = samplerate
        self._first_at: float | None = None
        self._cells: list[tuple[float, float]] = []
        """Of each cell: when the quickest callback came, and how late it was, in seconds."""
        self._cell = -1

    def note(self, at: float, frames: int) -> None:
        """`frames` had come at the time `at`."""
        if self._first_at is None:
            self._first_at = at
        since = at - self._first_at
        late = since - frames / self._samplerate
        cell = int(since / CELL_SECONDS)
        if cell != self._cell:
            self._cell = cell
            self._cells.append((since, late))
        elif late < self._cells[-1][1]:
            self._cells[-1] = since, late

    def steps(self) -> tuple[float, tuple[Step, ...]]:
        """Drift in ppm (positive: the card's clock is slow) and the losses, the first one first."""
        if len(self._cells) < 2:
            return 0.0, ()
        times, late = np.array(self._cells, dtype=np.float64).T
        slope = 0.0
        for reach, distance in GRIDS_PPM:
            grid = slope + np.arange(-reach, reach + 1, distance)
            costs = [_cost(times, late, ppm) for ppm in grid[np.abs(grid) <= MAX_PPM]]
            slope = float(grid[np.abs(grid) <= MAX_PPM][int(np.argmin(costs))])
        levels = late - slope * 1e-6 * times
        return slope, tuple(
            Step(round(float(times[place]), 2), round(1000 * height, 1))
            for place, height in _edges(levels, times)
            if height > 0
        )


def _cost(times: Points, late: Points, ppm: float) -> float:
    """What is left above the line of this slope, with the steps that it needs."""
    levels = late - ppm * 1e-6 * times
    edges = _edges(levels, times)
    places = [0, *(place for place, _ in edges), len(levels)]
    rest = sum(float((levels[begin:end] - levels[begin:end].min()).sum()) for begin, end in pairwise(places))
    drifted = min(abs(ppm) * 1e-6 * float(times[-1] - times[0]), LEAST_SECONDS)
    # In a long take, many steps over a wrong slope would cost less than one dent that is too low for a step.
    longer = max(1.0, float(times[-1] - times[0]) / LONG_SECONDS)
    return rest + (COST_OF_STEP * longer * len(edges) + COST_OF_DRIFT * drifted) / CELL_SECONDS


def _edges(levels: Points, times: Points) -> list[tuple[int, float]]:
    """Where the floor changes and by how much, in the order of time."""
    found: list[tuple[int, float]] = []
    open_parts = [(0, len(levels))]
    while open_parts and len(found) < MAX_STEPS:
        begin, end = open_parts.pop()
        edge = _edge(levels[begin:end], times[begin:end])
        if edge is not None:
            place, height = begin + edge[0], edge[1]
            found.append((place, height))
            open_parts += [(begin, place), (place, end)]
    return sorted(found)


def _edge(levels: Points, times: Points) -> tuple[int, float] | None:
    """The change of the floor that explains most; None where none is beyond doubt."""
    count = len(levels)
    after = times[-1] - times >= AFTER_SECONDS - CELL_SECONDS
    if count < 2 or not after[1:].any():
        return None
    before_floor = np.minimum.accumulate(levels)[:-1]
    after_floor = np.minimum.accumulate(levels[::-1])[::-1][1:]
    floor = min(before_floor[-1], after_floor[-1])
    places = np.arange(1, count)
    gained = places * (before_floor - floor) + (count - places) * (after_floor - floor)
    height = after_floor - before_floor
    gained[(np.abs(height) < LEAST_SECONDS) | ~after[1:]] = 0
    best = int(gained.argmax())
    if gained[best] <= 0:
        return None
    place, high = best + 1, float(height[best])
    rest = np.concatenate([levels[:place] - before_floor[best], levels[place:] - after_floor[best]])
    share = (np.count_nonzero(rest > NEARLY * abs(high)) + 1) / (count + 1)
    lasts = count - place if high > 0 else place
    return (place, high) if share**lasts < CHANCE else None
