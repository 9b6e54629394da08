"""Where a microphone is dead although samples come: nothing but one value, or the same piece again and again.

1. A muted microphone delivers exact zeros, one that lost its converter a constant, a driver that hangs its
   last buffer once more. An open microphone does neither: its last bits never rest.
2. A second of it is a fault, however long the pauses of a song are; what is shorter is for
   audio.measure.flaws.
3. A pure tone made by a computer repeats exactly, too. It has nothing between its partials; a piece of a
   real room has noise at all frequencies.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from audio.file.wavread import Samples, Sound

STUCK_SECONDS = 1.0
CELL_SECONDS = 0.2
LEAST_CELLS = 4
"""A second holds so many whole cells wherever it begins."""
DITHER = 1
"""Steps of 16 bits by which a dead signal may move to either side: a driver that adds dither to zeros. A
microphone that is set very low moves no more in a quiet room..."""
OPEN_STEPS = 16
"""...so that this proves nothing where the room at other times moves by less than this."""
REPEAT_SECONDS = 0.5
"""The longest buffer of a driver is shorter."""
REPEAT_FRAMES = 64
"""The shortest one is not."""
LIVE_BLOCKS = 30
"""So many blocks tell how loud the room is: two seconds or less."""
NOISE_STEPS = 3.0
"""RMS in steps of 16 bits of what lies between the partials; the rounding of a pure tone gives 0.3."""


@dataclass(frozen=True)
class Stuck:
    """Frames in which the microphone was dead: `begin` is the first, `end` the one after the last."""

    begin: int
    end: int


def find_stuck(sound: Sound) -> tuple[Stuck, ...]:
    """All dead pieces of STUCK_SECONDS or more, in the order of the recording."""
    least = STUCK_SECONDS * sound.samplerate
    size = round(CELL_SECONDS * sound.samplerate)
    found = [*_resting(sound.samples, size), *_repeating(sound.samples, size, sound.samplerate)]
    merged: list[Stuck] = []
    for piece in sorted(found, key=lambda piece: piece.begin):
        if piece.end - piece.begin < least:
            continue
        if merged and piece.begin <= merged[-1].end:
            merged[-1] = Stuck(merged[-1].begin, max(merged[-1].end, piece.end))
        else:
            merged.append(piece)
    return tuple(merged)


def without(sound: Sound, stuck: Sequence[Stuck]) -> Sound:
    """The recording with its dead pieces cut out."""
    if not stuck:
        return sound
    edges = [0, *(edge for piece in stuck for edge in (piece.begin, piece.end)), len(sound.samples)]
    alive = [sound.samples[begin:end] for begin, end in zip(edges[0::2], edges[1::2], strict=True)]
    return replace(sound, samples=np.concatenate(alive))  # type: ignore[arg-type]


def reach_of(samples: Samples) -> int:
    """How far a dead signal may move, in the units of the samples."""
    return 2 * DITHER << (8 * samples.itemsize - 16)


def span_of(samples: Samples) -> tuple[int, int]:
    """Smallest and largest sample. By places: numpy finds them twice as fast."""
    return int(samples[samples.argmin()]), int(samples[samples.argmax()])


def _resting(samples: Samples, size: int) -> Iterator[Stuck]:
    """Runs of one value, to the frame."""
    cells = samples[: len(samples) // size * size].reshape(-1, size)
    low, high = cells.min(axis=1).astype(np.int64), cells.max(axis=1).astype(np.int64)
    reach = reach_of(samples)
    live = (high - low)[high - low > reach]
    is_open = live.size > 0 and np.percentile(live, 10) >= OPEN_STEPS * reach // (2 * DITHER)
    begin = 0
    while begin < len(cells):
        end, bottom, top = begin, low[begin], high[begin]
        while end < len(cells):
            lower, upper = min(bottom, low[end]), max(top, high[end])
            if upper - lower > reach * is_open:
                break
            end, bottom, top = end + 1, lower, upper
        if end - begin >= LEAST_CELLS and (bottom == top or is_open):
            value = (int(low[begin:end].min()) + int(high[begin:end].max())) // 2
            still = slice(max(0, (begin - 1) * size), (end + 1) * size)
            near = np.abs(samples[still].astype(np.int64) - value) <= reach * is_open // 2
            yield _run_around(near, still.start, (begin + end) * size // 2)
        begin = max(end, begin + 1)


def _run_around(same: NDArray[np.bool_], first: int, middle: int) -> Stuck:
    """The run of True that holds frame `middle`; `same` begins at frame `first`."""
    other = np.flatnonzero(~same) + first
    at = int(np.searchsorted(other, middle))
    begin = int(other[at - 1]) + 1 if at else first
    return Stuck(begin, int(other[at]) if at < len(other) else first + len(same))


def _repeating(samples: Samples, size: int, rate: int) -> Iterator[Stuck]:
    """Runs in which a piece of at most REPEAT_SECONDS comes again and again."""
    reach = round(REPEAT_SECONDS * rate)
    place = 0
    while place + size < len(samples):
        period = period_at(samples, place, reach)
        if not period:
            place += size
            continue
        begin, end = max(0, place - 2 * size), place
        while end + size <= len(samples) - period and np.array_equal(
            samples[end : end + size], samples[end + period : end + period + size]
        ):
            end += size
        stop = min(len(samples), end + size + period)
        same = samples[begin + period : stop] == samples[begin : stop - period]
        run = _run_around(same, begin, place)
        if is_noise(samples[place : place + period]):
            yield Stuck(run.begin, run.end + period)
        place = max(place + size, run.end)


def period_at(samples: Samples, place: int, reach: int) -> int:
    """After how many frames the next REPEAT_FRAMES frames come once more; 0 where they don't, or rest."""
    piece = samples[place : place + REPEAT_FRAMES]
    low, high = span_of(piece)
    if high - low <= reach_of(samples):
        return 0
    data, size = samples[place + 1 : place + reach + REPEAT_FRAMES].tobytes(), samples.itemsize
    at = data.find(piece.tobytes(), (REPEAT_FRAMES - 1) * size)
    while at >= 0 and at % size:
        at = data.find(piece.tobytes(), at + 1)
    return at // size + 1 if at >= 0 else 0


def is_noise(period: Samples) -> bool:
    """Whether one period has noise at all frequencies: a piece of a room, not a tone."""
    power = np.abs(np.fft.rfft(period / (1 << (8 * period.itemsize - 16)))) ** 2
    between = float(np.median(power[1:])) * 2 * len(power) / len(period) ** 2
    return between >= NOISE_STEPS**2


class StuckWatch:
    """The same while blocks come: feed it all of them, in order."""

    def __init__(self, samplerate: int) -> None:
        self._rate = samplerate
        self._value: tuple[int, int] | None = None
        self._resting = 0
        self._repeating = 0
        self._live: deque[int] = deque(maxlen=LIVE_BLOCKS)
        self._recent: Samples = np.zeros(0, dtype=np.int16)

    @property
    def seconds(self) -> float:
        """For how long the microphone has been dead up to now; 0 where it is alive."""
        return max(self._resting, self._repeating) / self._rate

    def note(self, block: Samples) -> None:
        """Shape (frames,); int16 or int32."""
        if not block.size:
            return
        self._note_rest(block)
        self._note_repeat(block)

    def _note_rest(self, block: Samples) -> None:
        low, high = span_of(block)
        step = reach_of(block) // (2 * DITHER)
        is_open = len(self._live) == LIVE_BLOCKS and min(self._live) >= OPEN_STEPS * step
        reach = reach_of(block) * is_open
        if high - low > reach:
            self._live.append(high - low)
            self._resting, self._value = 0, None
            return
        if self._value is not None:
            both = min(low, self._value[0]), max(high, self._value[1])
            if both[1] - both[0] <= reach:
                self._resting, self._value = self._resting + block.size, both
                return
        self._resting, self._value = block.size, (low, high)

    def _note_repeat(self, block: Samples) -> None:
        keep = round(REPEAT_SECONDS * self._rate)
        before = self._recent[-keep:] if self._recent.dtype == block.dtype else block[:0]
        whole: Samples = np.concatenate([before, block])
        self._recent = whole
        period = self._period(whole, len(block))
        if period and np.array_equal(whole[len(before) :], whole[len(before) - period : -period]):
            self._repeating = self._repeating + block.size
        else:
            self._repeating = 0
        if self._repeating >= self._rate and not is_noise(whole[-period:]):
            self._repeating = 0

    @staticmethod
    def _period(whole: Samples, size: int) -> int:
        """How many frames ago the last REPEAT_FRAMES frames came before; 0 where they did not."""
        piece = whole[-REPEAT_FRAMES:]
        low, high = span_of(piece)
        if high - low <= reach_of(whole) or len(whole) < 2 * REPEAT_FRAMES:
            return 0
        data, step = whole[:-REPEAT_FRAMES].tobytes(), whole.itemsize
        at = data.rfind(piece.tobytes())
        while at >= 0 and at % step:
            at = data.rfind(piece.tobytes(), 0, at + REPEAT_FRAMES * step - 1)
        period = len(whole) - REPEAT_FRAMES - at // step if at >= 0 else 0
        return period if period + size <= len(whole) else 0
