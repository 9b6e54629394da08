"""A take with music on the card whose microphone hears its own headphones, and the truth about it."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import numpy as np
from numpy.typing import NDArray

from audio.device.card import VirtualCard
from audio.protocol import messages as ev
from config.kit.items import Item
from config.kit.limits import Limits
from config.takes import read_finished
from station.takes.examiner import FileExaminer
from tests.audio.capture import Capture, facts

RATE = 48000
MUSIC_SECONDS = 4.5
TAKE_SECONDS = 5.0
PROOF_FRAMES = 4800
"""So many equal samples of noise are in one place only."""
ITEM = Item(id="song1", title="", max_seconds=TAKE_SECONDS, min_seconds=1)


@dataclass(frozen=True)
class Place:
    """Where the accompaniment begins in a take, in frames."""

    stored: int
    """In the facts, after the station has examined the take."""
    by: str
    predicted: int
    """From the streams' clocks alone."""
    true: int
    """Where its samples are, bit for bit."""


def music(path: Path, seed: int = 0) -> Path:
    """Noise, the same in both ears."""
    sound = np.random.default_rng(seed).normal(0, 4000, int(MUSIC_SECONDS * RATE)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())
    return path


def samples_of(path: Path) -> NDArray[np.int16]:
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def place(card: VirtualCard, folder: Path, seed: int) -> Place:
    """Open the headset, record one take over music, examine it."""
    sound, path = music(folder / f"music{seed}.wav", seed), folder / f"{seed:04}_song1_1.wav"
    with Capture(folder, env=card.env) as capture:
        capture.open("vloop")
        sleep(0.7 + 0.05 * seed)
        capture.send(ev.StartTake("take-1", str(path), TAKE_SECONDS, facts(), str(sound)))
        saved = capture.wait(ev.TakeSaved)
    FileExaminer(Limits(), {ITEM.id: sound}).take("take-1", path, saved.sha256, ITEM, None)
    known = read_finished(path)
    assert known.accompaniment_at is not None
    return Place(
        stored=known.accompaniment_at,
        by=known.accompaniment_by or "clocks",
        predicted=known.accompaniment_predicted_at or known.accompaniment_at,
        true=find_exactly(samples_of(sound), samples_of(path)),
    )


def find_exactly(known: NDArray[np.int16], take: NDArray[np.int16]) -> int:
    """Frame of `take` at which `known` begins. Raises AssertionError where its samples are not there."""
    middle = len(known) // 2
    wanted, whole = known[middle : middle + PROOF_FRAMES].tobytes(), take.tobytes()
    at = whole.find(wanted)
    while at % 2 == 1:
        at = whole.find(wanted, at + 1)
    assert at >= 0, "the samples that were played are not in the take"
    return at // 2 - middle
