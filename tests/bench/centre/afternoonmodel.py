"""A country's afternoon as a discrete-event simulation: stations with their lines and pauses, and one centre.

Events: a pupil begins to be recorded, a pupil is recorded, a station's network is there, a station has sent
all that it had. Between two events nothing changes: each station that sends has its line, or, where all
together wish more than the centre takes, the same part of its line as every other.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

PUPILS, TAKES_EACH, TAKE_BYTES = 30, 2, 5_800_000
"""Of a station: 2.1 TB of 6,000 stations, at most."""
AFTERNOON = 3 * 3600
"""13:30 to 16:30."""
DAY = 10 * 3600
"""What has not arrived by 23:30 counts as not arrived."""
SLOT, RECORDED = AFTERNOON // PUPILS, 120
"""Seconds of a pupil, and of these those in which nothing is sent ([delivery] while_recording = "pause")."""
SHORTEST, LONGEST = 0.5, 1.5
"""Of the usual pause between two pupils."""
LEAST, MIDDLE, MOST = 1e6 / 8, 10e6 / 8, 100e6 / 8
"""Bytes a second of a school's line; half of them have less than the middle."""
OFFLINE, BACK_AT = 0.02, 16200
"""Part of the stations that have no network until 18:00."""
DOUBLED = 0.005
"""Part of the recordings that come twice."""
LATE = 0.15
"""Part of the stations that send in the end only, at 16:30: paused, limited, or switched on to send."""
MINUTE = 60


@dataclass
class Afternoon:
    """What came of it; times are seconds after 13:30."""

    arrived: NDArray[np.float64] = field(repr=False)
    """Bytes in each second."""
    total: float = 0.0
    """Bytes that were recorded."""
    most_sending: int = 0
    """Stations that had something under way at the same time."""
    ended: float = 0.0
    """When nothing was to be done any more."""

    @property
    def peak(self) -> float:
        """Bytes a second in the busiest minute."""
        sums = np.convolve(self.arrived, np.ones(MINUTE) / MINUTE, "valid")
        return float(sums.max())

    def there_at(self, part: float) -> float:
        """When this part of all bytes, of 1, had arrived; infinite where it had not by the evening."""
        so_far = np.cumsum(self.arrived)
        place = int(np.searchsorted(so_far, part * self.total))
        return float(place) if place < len(so_far) else inf


@dataclass(slots=True)
class SendingStation:
    line: float
    """Bytes a second."""
    free_at: float
    """When it may send."""
    pupils: list[tuple[float, float]]
    """When each who is still to sing begins, and bytes; the last one first."""
    waiting: float = 0.0
    """Bytes, as long as it does not send."""
    recording: bool = False
    sends: int = 0
    """0 where it does not; else which time this is."""
    turns: int = 0
    until: float = 0.0
    """Where in the centre's own time all is sent, if nothing comes between."""


class Simulation:
    """The centre's own time runs as fast as lines are filled: while they are half filled, half as fast. In it
    the end of what a station sends is known when it begins, however many others come and go."""

    def __init__(self, stations: list[SendingStation], uploads: float, seconds: int) -> None:
        """`uploads`: bytes a second that the centre takes."""
        self._stations, self._most, self._seconds = stations, uploads, seconds
        self._now = self._own = self._wish = 0.0
        self._sending = 0
        self._events: list[tuple[float, int, str]] = []
        self._ends: list[tuple[float, int, int]] = []
        self.found = Afternoon(np.zeros(seconds))

    def run(self) -> Afternoon:
        for number, station in enumerate(self._stations):
            self._await_pupil(number, station)
            self._at(station.free_at, number, "free")
        while True:
            event, end = self._next_event(), self._next_end()
            at = min(event, end)
            if at >= self._seconds:
                break
            self._go_on(at)
            if end <= event:
                self._sent()
            else:
                _, number, what = heapq.heappop(self._events)
                self._happen(number, what)
        self._go_on(self._now if at == inf else self._seconds)
        self.found.ended = self._now
        return self.found

    def _at(self, when: float, number: int, what: str) -> None:
        heapq.heappush(self._events, (when, number, what))

    def _next_event(self) -> float:
        return self._events[0][0] if self._events else inf

    def _next_end(self) -> float:
        while self._ends and self._stations[self._ends[0][1]].sends != self._ends[0][2]:
            heapq.heappop(self._ends)  # Somebody began to sing before it was over.
        return self._now + max(0.0, self._ends[0][0] - self._own) / self._part() if self._ends else inf

    def _part(self) -> float:
        """Of each line that is filled."""
        return min(1.0, self._most / self._wish) if self._sending else 1.0

    def _go_on(self, at: float) -> None:
        """Time passes in which nothing changes."""
        part = self._part()
        if self._sending:
            self._arrive(part * self._wish, at)
        self._own += part * (at - self._now)
        self._now = at

    def _arrive(self, rate: float, at: float) -> None:
        first, last, arrived = int(self._now), int(at), self.found.arrived
        if first == last:
            arrived[first] += rate * (at - self._now)
            return
        arrived[first] += rate * (first + 1 - self._now)
        arrived[first + 1 : last] += rate
        if last < len(arrived):
            arrived[last] += rate * (at - last)

    def _happen(self, number: int, what: str) -> None:
        station = self._stations[number]
        if what == "begin":
            station.waiting = self._stop(station)
            station.recording = True
            self._at(self._now + RECORDED, number, "recorded")
            return
        if what == "recorded":
            _, sung = station.pupils.pop()
            station.waiting, station.recording = station.waiting + sung, False
            self.found.total += sung
            self._await_pupil(number, station)
        if station.waiting and not station.recording and not station.sends and self._now >= station.free_at:
            self._send(number, station)

    def _await_pupil(self, number: int, station: SendingStation) -> None:
        if station.pupils:
            self._at(station.pupils[-1][0], number, "begin")

    def _send(self, number: int, station: SendingStation) -> None:
        station.turns += 1
        station.sends, station.until = station.turns, self._own + station.waiting / station.line
        heapq.heappush(self._ends, (station.until, number, station.sends))
        self._wish, self._sending = self._wish + station.line, self._sending + 1
        self.found.most_sending = max(self.found.most_sending, self._sending)

    def _stop(self, station: SendingStation) -> float:
        """Bytes that are left."""
        if not station.sends:
            return station.waiting
        station.sends = 0
        self._wish, self._sending = self._wish - station.line, self._sending - 1
        return max(0.0, (station.until - self._own) * station.line)

    def _sent(self) -> None:
        _, number, _ = heapq.heappop(self._ends)
        station = self._stations[number]
        self._stop(station)
        station.waiting = 0.0


def afternoon(count: int, uploads: float, seed: int = 1, seconds: int = DAY) -> Afternoon:
    """Of `count` stations, and a centre that takes `uploads` bytes a second."""
    rng = np.random.default_rng(seed)
    lines = np.clip(np.exp(rng.normal(np.log(MIDDLE), 1.0, count)), LEAST, MOST)
    pauses = rng.uniform(SHORTEST, LONGEST, (count, PUPILS))
    over = AFTERNOON - rng.uniform(0, SLOT, (count, 1))
    pauses *= (over - PUPILS * RECORDED) / pauses.sum(axis=1, keepdims=True)
    begins = pauses.cumsum(axis=1) + RECORDED * np.arange(PUPILS)
    free_at = np.where(rng.random(count) < LATE, AFTERNOON, 0)
    free_at = np.where(rng.random(count) < OFFLINE, BACK_AT, free_at)
    takes = TAKES_EACH + (rng.random((count, PUPILS, TAKES_EACH)) < DOUBLED).sum(axis=2)
    stations = [
        SendingStation(float(line), float(free), list(zip(begin[::-1], sung[::-1], strict=True)))
        for line, free, begin, sung in zip(
            lines, free_at, begins.tolist(), (takes * float(TAKE_BYTES)).tolist(), strict=True
        )
    ]
    return Simulation(stations, uploads, seconds).run()


def burst(stations: int, each: float, line: float, uploads: float) -> float:
    """Seconds until all have sent so many bytes, all beginning now; to compare with measured ones."""
    all_now = [SendingStation(line, 0.0, [], waiting=each) for _ in range(stations)]
    return Simulation(all_now, uploads, DAY).run().ended
