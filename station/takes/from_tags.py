"""The facts of a take whose sidecar is gone, from its name, its folder and the tags inside it.

Only where all three agree: a file that somebody renamed belongs to nobody. What the file can't tell is
null and named under `unknown`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from audio.file import read_tags, read_wav
from config.base import StationError
from config.disk import digest_of, is_there
from config.takes import PART, Assignment, TakeFacts, sidecar_path, write_facts

log = logging.getLogger(__name__)
UNKNOWN = ("device", "loss", "accompaniment_at", "ended_by", "kit")


def restore_facts(folder: Path, kinds: Mapping[str, str]) -> list[Path]:
    """Write the missing sidecars of a session that can be rebuilt; the takes they belong to.

    `kinds`: of the kit's items, as far as they are known: practice is never delivered.
    """
    restored = []
    for path in sorted(folder.glob("*.wav")):
        if is_there(sidecar_path(path)):
            continue
        try:
            facts = facts_of(path, kinds)
            if facts.frames == 0:
                continue
            write_facts(path, facts)
        except (OSError, ValueError, StationError) as error:
            log.error("%s has no facts, and does not tell them: %s", path.name, error)
            continue
        log.warning("the facts of %s were rebuilt from its tags", path.name)
        restored.append(path)
    return restored


def facts_of(path: Path, kinds: Mapping[str, str]) -> TakeFacts:
    """What a take or its part file tells. Raises OSError, ValueError, UnreadableWavError."""
    tags, sound = read_tags(path), read_wav(path)
    name = path.name.removesuffix(PART).removesuffix(".wav")
    student_id, item, attempt = name.rsplit("_", 2)
    if (tags.artist, tags.title) != (student_id, item) or not tags.comment or not tags.originator:
        raise ValueError("name and tags differ")
    assert tags.started_at is not None
    # The zone is not in the tags: it is that of the computer, as it was when the take was written.
    try:
        began = tags.started_at.astimezone().isoformat(timespec="milliseconds")
    except OverflowError as error:
        raise ValueError(f"no time of ours: {tags.started_at}") from error
    given = Assignment(
        session=path.parent.name,
        station=tags.originator,
        software=tags.software,
        take_id=tags.comment,
        student_id=student_id,
        item=item,
        kind=kinds.get(item),
        attempt=int(attempt),
    )
    facts = given.begun(started_at=began, samplerate=sound.samplerate, bits=sound.bits, device=None)
    return replace(
        facts,
        frames=len(sound.samples),
        sha256=digest_of(path),
        # A file that has its final name was ended; a part file ends as recovery says.
        ended_by=None if path.name.endswith(PART) else "stop",
        rebuilt=True,
        unknown=(*UNKNOWN, *(() if item in kinds else ("kind",))),
    )
