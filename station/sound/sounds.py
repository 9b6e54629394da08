"""The sounds of a session, brought to the device rate once, before the first pupil."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from audio.file import look_through, prepare_all
from config.base import Problem, say
from config.kit import Item, Kit
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
    prompts = {item.id: kit.root / item.prompt for item in kit.items if item.prompt is not None}
    prompts |= _tones([item for item in kit.items if item.start_tone], cache / "tones")
    music = {item.id: kit.root / item.accompaniment for item in kit.items if item.accompaniment is not None}
    sources = [PHRASE, *prompts.values(), *music.values()]
    prepared = dict(zip(sources, prepare_all(sources, samplerate, cache), strict=True))
    return Sounds(
        prepared[PHRASE],
        {item_id: prepared[source] for item_id, source in prompts.items()},
        {item_id: prepared[source] for item_id, source in music.items()},
    )


def _tones(items: Sequence[Item], folder: Path) -> Mapping[str, Path]:
    if not items:
        return {}
    # Imported where a kit has one: the first screen of all others does not wait for numpy.
    from station.sound.starttone import write_tone

    return {item.id: write_tone(item, folder) for item in items}


def check_sounds(kit: Kit) -> list[Problem]:
    """One problem for each sound of a kit that can't be decoded, or not to its end."""
    problems = []
    named = [sound for item in kit.items for sound in (item.prompt, item.accompaniment) if sound is not None]
    with TemporaryDirectory(prefix="kit-sounds-", ignore_cleanup_errors=True) as folder:
        found = look_through([kit.root / sound for sound in named], CHECK_RATE, Path(folder))
    for sound, prepared in zip(named, found, strict=True):
        if prepared.error is not None:
            problems.append(Problem("error", str(sound), prepared.error.what))
        elif prepared.short:
            problems.append(Problem("error", str(sound), CUT_SHORT))
    return problems
