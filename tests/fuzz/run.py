"""Many inputs for one reader: what broke it, how long the slowest took, and how much memory."""

from __future__ import annotations

import random
import shutil
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time

from tests.fuzz.mutate import mutated
from tests.fuzz.readers import READERS

LONGEST_SECONDS = 5.0
MAX_MEMORY_MB = 300
LEAST = 3
"""So many inputs, however busy the machine is."""


@dataclass
class Found:
    """Of one reader."""

    runs: int = 0
    refused: int = 0
    slowest_seconds: float = 0.0
    memory_mb: float = 0.0
    """More than this process, or a child of it, had needed at most before; not told on Windows."""
    broken: list[str] = field(default_factory=list)
    """Number of the input, and what it led to."""


def fuzz(name: str, seconds: float, *, keep: Path | None = None, first: int = 0) -> Found:
    """Inputs `first` and following, until the time is over; those that break something go to `keep`."""
    reader, found = READERS[name], Found()
    seeds = reader.seeds()
    until = monotonic() + seconds
    number = first
    before = _memory_mb()
    with TemporaryDirectory(prefix="fuzz-", ignore_cleanup_errors=True) as folder:
        while monotonic() < until or found.runs < LEAST:
            chance = random.Random(f"{name} {number}")
            data = mutated(chance.choice(seeds), chance)
            place = Path(folder) / str(number)
            place.mkdir()
            trouble = _once(name, place, data, found)
            # At once: ten thousand folders at the end would take minutes.
            shutil.rmtree(place, ignore_errors=True)
            if trouble is not None:
                found.broken.append(f"{name} {number}: {trouble}")
                if keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{name}-{number}").write_bytes(data)
            number += 1
    found.memory_mb = _memory_mb() - before
    return found


def _once(name: str, place: Path, data: bytes, found: Found) -> str | None:
    reader = READERS[name]
    path = place / reader.name
    path.write_bytes(data)
    began, worked = monotonic(), process_time()
    trouble = None
    try:
        reader.read(path)
    except reader.expected:
        found.refused += 1
    except Exception:  # noqa: BLE001 - this is what is looked for
        trouble = traceback.format_exc().strip()
    # What this process waited for others on a busy machine is not its own; a child bounds its work itself.
    taken = min(monotonic() - began, process_time() - worked + LONGEST_SECONDS / 2)
    found.runs += 1
    found.slowest_seconds = max(found.slowest_seconds, taken)
    if trouble is None and taken > LONGEST_SECONDS:
        trouble = f"{taken:.1f} s"
    return trouble


def _memory_mb() -> float:
    if sys.platform == "win32":
        return 0.0
    import resource

    # Linux counts kilobytes.
    return (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1024
    )
