"""The facts beside a take: `<take>.json`, UTF-8, versioned; enough to rebuild everything.

1. Written when the take begins (so that a killed recording still knows its pupil), completed before
   the audio file gets its final name, and once more with the verdict.
2. Every write is whole or not at all: temporary file, fsync, replace.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audio.protocol.messages import Loss
from config.disk import replace

VERSION = 1


def sidecar_path(take: Path) -> Path:
    """`x.json` of `x.wav` or `x.part.wav`."""
    return take.with_name(take.name.removesuffix(".wav").removesuffix(".part") + ".json")


def read_facts(take: Path) -> dict[str, Any]:
    """The facts of a take. Raises OSError, ValueError."""
    facts = json.loads(sidecar_path(take).read_text(encoding="utf-8"))
    if not isinstance(facts, dict) or facts.get("version") != VERSION:
        raise ValueError(f"{sidecar_path(take).name} is not a sidecar of version {VERSION}")
    return facts


def write_facts(take: Path, facts: Mapping[str, Any]) -> None:
    """Replace the facts of a take. Raises OSError."""
    text = json.dumps({"version": VERSION, **facts}, ensure_ascii=False, indent=1)
    write_whole(sidecar_path(take), text.encode("utf-8"))


def add_facts(take: Path, **more: Any) -> None:
    """Add to the facts of a take. Raises OSError, ValueError."""
    write_facts(take, {**read_facts(take), **more})


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file so that after a power cut it is the old one or the new one."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    replace(temporary, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename durable. Windows journals renames itself and can't open folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def loss_of(facts: Mapping[str, Any]) -> Loss:
    """The loss counters of a take; zero where they are not known."""
    return Loss.of(facts.get("loss") or {})
