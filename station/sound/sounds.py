"""The sounds of a session, brought to the device rate once, before the first pupil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from audio import AudioError
from audio.file import cut_short, prepare
from config.base import Problem, say
from config.kit import Kit
from config.samples import PHRASE

CHECK_RATE = 48000
CUT_SHORT = say("the sound is cut short. Copy the kit again.")


@dataclass(frozen=True)
class Sounds:
    """Paths of 16-bit WAVs at the device rate."""

    phrase: Path
    prompts: Mapping[str, Path]
    accompaniments: Mapping[str, Path]


def prepare_sounds(kit: Kit, samplerate: int, cache: Path) -> Sounds:
    """Decode and resample what the kit plays. Raises AudioError naming the file."""
    prompts, accompaniments = {}, {}
    for item in kit.items:
        if item.prompt is not None:
            prompts[item.id] = prepare(kit.root / item.prompt, samplerate, cache)
        if item.accompaniment is not None:
            accompaniments[item.id] = prepare(kit.root / item.accompaniment, samplerate, cache)
    return Sounds(prepare(PHRASE, samplerate, cache), prompts, accompaniments)


def check_sounds(kit: Kit) -> list[Problem]:
    """One problem for each sound of a kit that can't be decoded, or not to its end."""
    problems = []
    with TemporaryDirectory(prefix="kit-sounds-", ignore_cleanup_errors=True) as folder:
        for item in kit.items:
            for sound in filter(None, (item.prompt, item.accompaniment)):
                try:
                    prepare(kit.root / sound, CHECK_RATE, Path(folder))
                    if cut_short(kit.root / sound):
                        problems.append(Problem("error", str(sound), CUT_SHORT))
                except AudioError as error:
                    problems.append(Problem("error", str(sound), error.what))
    return problems
