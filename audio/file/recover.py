"""Repair what a crash left: every `….part.wav` becomes a whole take with facts, or stays and is named.

A recovered take is a take of its own kind: its facts say `"recovered": true` and end "device".
Nothing is ever overwritten or removed.
"""

from __future__ import annotations

import logging
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audio.file.partfile import publish, repair
from config.disk import digest_of, is_there
from config.takes import PART, SidecarError, final_path, read_facts, write_facts

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recovered:
    """What became of one leftover."""

    path: Path
    outcome: Literal["recovered", "empty", "no_facts", "newer", "unreadable", "conflict", "differs"]
    frames: int = 0


def recover_folder(folder: Path) -> list[Recovered]:
    """Repair all leftovers of one session. Call only while no capture process lives."""
    return [recover_part(part) for part in sorted(folder.glob(f"*{PART}"))]


def recover_part(part: Path) -> Recovered:
    """Repair one leftover; the file keeps its `.part.wav` name where something is wrong with it."""
    path, frames = final_path(part), 0
    try:
        frames = repair(part)
        if is_there(path):
            return Recovered(part, "conflict", frames)
        if frames == 0:
            return Recovered(part, "empty")
        with wave.open(str(part), "rb") as file:
            samplerate, bits = file.getframerate(), 8 * file.getsampwidth()
        facts = read_facts(part)
        whole = facts.finished(
            frames=frames,
            samplerate=samplerate,
            bits=bits,
            sha256=digest_of(part),
            ended_by=facts.ended_by or "device",
            verdict=None,
            recovered=True,
        )
        write_facts(part, whole)
        publish(part, path)
    except FileNotFoundError:
        return Recovered(part, "no_facts", frames)
    except SidecarError as error:
        log.error("%s is left as it is: %s", part.name, error)
        return Recovered(part, "newer" if error.newer else "unreadable")
    except (OSError, ValueError, EOFError, wave.Error) as error:
        log.error("%s can't be repaired: %s", part.name, error)
        return Recovered(part, "unreadable")
    log.warning("recovered %s: %d frames", path.name, frames)
    return Recovered(path, "recovered", frames)
