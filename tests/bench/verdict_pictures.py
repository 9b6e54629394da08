"""Pictures for docs/verdicts.md, drawn from the measures themselves: SVG, no library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soxr

from audio.measure.framelevels import measure_levels
from audio.measure.pitch import HOP_SECONDS, lowered, track_signal
from tests.audio.measure.test_flaws import sound
from tests.audio.recordings import RATE, Signal, gain, good, noise, voice
from tests.corpus import instruments, machines
from tests.corpus.voices import Singer, sing, speak
from tests.tools.environment import ROOT

FOLDER = ROOT / "docs" / "pictures" / "verdicts"
WIDTH, HEIGHT, LEFT, BOTTOM = 640, 200, 52, 28
COLOURS = ("#1f77b4", "#d62728", "#2ca02c")
Values = Sequence[float] | np.ndarray
Line = tuple[str, Values, Values]


def plot(title: str, unit: str, lines: Sequence[Line], low: float, high: float, across: str = "s") -> str:
    """Lines over a common axis; what has no value leaves a gap."""
    last = max(float(xs[-1]) for _, xs, _ in lines)
    first = min(float(xs[0]) for _, xs, _ in lines)
    wide, tall = WIDTH - LEFT - 8, HEIGHT - BOTTOM - 24

    def place(x: float, y: float) -> str:
        share = (min(high, max(low, y)) - low) / (high - low)
        return f"{LEFT + wide * (x - first) / (last - first):.1f},{24 + tall * (1 - share):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="11"><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
        f'<rect x="{LEFT}" y="24" width="{wide}" height="{tall}" fill="none" stroke="#888"/>'
        f'<text x="{LEFT}" y="15" font-weight="bold">{title}</text>'
        f'<text x="4" y="34">{high:g} {unit}</text><text x="4" y="{24 + tall}">{low:g}</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 8}">{first:g}</text>'
        f'<text x="{WIDTH - 60}" y="{HEIGHT - 8}">{last:.0f} {across}</text>'
    ]
    for number, (name, xs, ys) in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        runs: list[list[str]] = [[]]
        for x, y in zip(xs, ys, strict=True):
            if np.isfinite(y):
                runs[-1].append(place(float(x), float(y)))
            elif runs[-1]:
                runs.append([])
        parts += [
            f'<polyline points="{" ".join(run)}" fill="none" stroke="{colour}"/>' for run in runs if run
        ]
        at = LEFT + 120 + 150 * number
        parts.append(f'<text x="{at}" y="{HEIGHT - 8}" fill="{colour}">{name}</text>')
    return "".join(parts) + "</svg>\n"


def _level(name: str, signal: Signal) -> Line:
    frames = measure_levels(sound(signal)).frames[::2]
    return name, np.arange(len(frames)) * 0.04, frames


def _pitch(name: str, signal: Signal) -> Line:
    found = track_signal(lowered(sound(signal * gain(-9) + noise(len(signal), -62))))
    notes = np.where(found.clarity > 0.75, found.semitones, np.nan)[: round(4 / HOP_SECONDS)]
    return name, np.arange(len(notes)) * HOP_SECONDS, notes


def _spectrum(name: str, signal: Signal) -> Line:
    size = 1024
    rows = signal[: len(signal) // size * size].reshape(-1, size) * np.hanning(size)
    power = np.percentile(np.abs(np.fft.rfft(rows)) ** 2, 10, axis=0)
    return name, np.arange(len(power)) * RATE / size / 1000, 10 * np.log10(power / size + 1e-12)


def _pictures() -> Iterator[tuple[str, str]]:
    muted = np.concatenate([good(), good()])
    muted[7 * RATE : 12 * RATE] = 0
    yield "muted", plot("muted: level over time", "dBFS", [_level("take", muted)], -100, 0)
    knocked = good().copy()
    knocked[4 * RATE : 4 * RATE + 12] = 1.0
    clipped = np.clip(voice() * gain(12), -gain(-6), gain(-6)) * gain(3)
    yield "bump", plot(
        "bump: one moment stands out; clipped: many reach the same level", "peak",
        [("a knock", *_peaks(knocked)), ("clipped", *_peaks(clipped))], 0, 1,
    )  # fmt: skip
    narrow = soxr.resample(soxr.resample(good(), RATE, 16000), 16000, RATE).astype(np.float32)
    yield "band_limited", plot(
        "band_limited: the room's own spectrum ends at 8 kHz", "dB",
        [_spectrum("headset", good()), _spectrum("telephone path", narrow + noise(len(narrow), -101))],
        -130, -20, "kHz",
    )  # fmt: skip
    yield "no_singing", plot(
        "no_singing: the pitch of a voice moves, that of a clarinet does not", "note",
        [_pitch("a child", sing(Singer(262))), _pitch("a clarinet", instruments.clarinet(294.0))], 58, 76,
    )  # fmt: skip
    yield "spoken", plot(
        "spoken: syllables instead of notes", "note",
        [_pitch("sung", sing(Singer(262))), _pitch("spoken", speak(262, 5.0))], 50, 80,
    )  # fmt: skip
    yield "quiet_noisy", plot(
        "noisy: singing less than 20 dB above the room; quiet: below -40 dBFS", "dBFS",
        [_level("good", good()), _level("noisy", voice() * gain(-14) + noise(len(voice()), -48)),
         _level("quiet", good() * gain(-26))], -100, 0,
    )  # fmt: skip
    yield "hum", plot(
        "hum: a line of the mains while nobody sings", "dB",
        [_spectrum("room", noise(8 * RATE, -62)),
         _spectrum("hum", noise(8 * RATE, -62) + machines.tone(50)[: 8 * RATE] * gain(-40))],
        -100, 0, "kHz",
    )  # fmt: skip


def _peaks(signal: Signal) -> tuple[Values, Values]:
    size = RATE // 50
    peaks = np.abs(signal[: len(signal) // size * size]).reshape(-1, size).max(axis=1)
    return np.arange(len(peaks)) * 0.02, peaks


def write_all() -> list[Path]:
    """Write them; returns where."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    written = []
    for name, svg in _pictures():
        path = FOLDER / f"{name}.svg"
        path.write_text(svg, encoding="utf-8", newline="\n")
        written.append(path)
    return written
