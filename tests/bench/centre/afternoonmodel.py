"""A country's afternoon as a model: stations with their lines and pauses, a centre with so much of each part.

Second by second from 13:30 on. A station records two songs in each slot of its pupils and sends while it does
not record; what its line gives is shared with all others at the centre.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TAKES, TAKE_BYTES = 60, 5_800_000
"""Of a station: 2.1 TB of 6,000 stations, at most."""
AFTERNOON = 3 * 3600
"""13:30 to 16:30."""
DAY = 10 * 3600
"""What has not arrived by 23:30 counts as not arrived."""
SLOT, RECORDED = 360, 120
"""Seconds of a pupil, and of these those in which nothing is sent ([delivery] while_recording = "pause")."""
LEAST, MOST = 1e6 / 8, 100e6 / 8
"""Bytes a second of a school's line."""
OFFLINE, BACK_AT = 0.02, 16200
"""Part of the stations that have no network until 18:00."""
DOUBLED = 0.005
"""Part of the recordings that come twice."""
LATE = 0.15
"""Part of the stations that send in the end only, at 16:30: paused, limited, or switched on to send."""
MINUTE = 60
STEP = 0.01


@dataclass(frozen=True)
class Parts:
    """Bytes a second that the centre can take, and read for receipts."""

    uploads: float
    receipts: float


@dataclass
class Afternoon:
    """What came of it; times are seconds after 13:30."""

    arrived: NDArray[np.float64] = field(repr=False)
    """Bytes in each second."""
    sending: NDArray[np.int64] = field(repr=False)
    """Stations that have something under way, in each second."""
    total: float

    @property
    def peak(self) -> float:
        """Bytes a second in the busiest minute."""
        sums = np.convolve(self.arrived, np.ones(MINUTE) / MINUTE, "valid")
        return float(sums.max())

    @property
    def most_sending(self) -> int:
        return int(self.sending.max())

    def there_at(self, part: float) -> float:
        """When this part of all bytes, of 1, had arrived; infinite where it had not by the evening."""
        so_far = np.cumsum(self.arrived)
        return (
            float(np.searchsorted(so_far, part * self.total))
            if so_far[-1] >= part * self.total
            else float("inf")
        )


def lines_of(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Bytes a second: half of the schools have less than 10 Mbit/s."""
    return np.clip(np.exp(rng.normal(np.log(10e6 / 8), 1.0, count)), LEAST, MOST)


def afternoon(stations: int, parts: Parts, seed: int = 1, seconds: int = DAY) -> Afternoon:
    rng = np.random.default_rng(seed)
    line = lines_of(stations, rng)
    phase = rng.integers(0, SLOT, stations)
    free_at = np.where(rng.random(stations) < LATE, AFTERNOON, 0)
    free_at = np.where(rng.random(stations) < OFFLINE, BACK_AT, free_at)
    per_slot = TAKES * TAKE_BYTES * SLOT / AFTERNOON * (1 + DOUBLED)
    waiting = np.zeros(stations)
    found = Afternoon(np.zeros(seconds), np.zeros(seconds, int), 0.0)
    for now in range(seconds):
        place = (now + phase) % SLOT
        if now < AFTERNOON:
            sung = place == RECORDED
            waiting[sung] += per_slot
            found.total += per_slot * int(sung.sum())
        recording = (place < RECORDED) & (now < AFTERNOON)
        wish = np.where(recording | (now < free_at), 0.0, np.minimum(waiting, line))
        given = shared(wish, parts.uploads)
        waiting -= given
        found.arrived[now], found.sending[now] = given.sum(), np.count_nonzero(wish)
    return found


def shared(wish: NDArray[np.float64], most: float) -> NDArray[np.float64]:
    """What each gets where all together get so much at most: the same part of what it wishes."""
    whole = float(wish.sum())
    return wish * min(1.0, most / whole) if whole else wish


def burst(stations: int, each: float, line: float, uploads: float) -> float:
    """Seconds until all have sent so many bytes, by the same rule, all beginning now; to compare with
    measured ones."""
    waiting, steps = np.full(stations, float(each)), 0
    while waiting.max() >= 1.0:
        waiting -= shared(np.minimum(waiting, line * STEP), uploads * STEP)
        steps += 1
    return steps * STEP
