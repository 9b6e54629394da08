"""The verdict on any WAV, from its samples and, where it has one, its sidecar: for `station verdict`.

What only the station knew of a take that it recorded (the room in the headset check, what was played) is not
asked for; what the sidecar tells (loss, how it ended, which item) counts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from audio.judge import Expectation, Songs, judge
from config.base import ConfigError, Message, say
from config.disk import is_file, is_folder
from config.kit import Item, Kit, Limits
from config.takes import PART, Loss, SidecarError, TakeFacts, Verdict, read_facts
from station.takes.examiner import songs_of

log = logging.getLogger(__name__)
LONGEST_SECONDS = 3600.0


def files_of(paths: Sequence[Path]) -> Iterator[Path]:
    """The files, and every whole WAV of the folders in the order of their names. Raises ConfigError."""
    for path in paths:
        if is_folder(path):
            found = (file for file in path.rglob("*") if file.suffix.lower() == ".wav")
            yield from sorted(file for file in found if is_file(file) and not file.name.endswith(PART))
        elif is_file(path):
            yield path
        else:
            raise ConfigError(say("There is no file {name}.", name=path.name), say("Check the name."))


class FileJudge:
    """Judges files by one kit, or by none."""

    def __init__(self, kit: Kit | None = None, item_id: str | None = None) -> None:
        """`item_id`: what was to be sung; without, the sidecar says so. Raises ConfigError."""
        self._limits = kit.limits if kit is not None else Limits()
        self._items: Mapping[str, Item] = {item.id: item for item in kit.items} if kit is not None else {}
        self._songs: Mapping[str, Songs] = songs_of(kit) if kit is not None else {}
        if item_id is not None and item_id not in self._items:
            raise ConfigError(
                say(
                    "The kit has no item “{item}”; it has: {items}.",
                    item=item_id,
                    items=Message.listed(self._items),
                )
            )
        self._item_id = item_id

    def verdict(self, path: Path) -> Verdict:
        """Raises UnreadableWavError, or SidecarError where a newer program wrote what is beside it."""
        facts = _facts(path)
        item = self._items.get(self._item_id or (facts.item if facts is not None else ""))
        expectation = Expectation(
            min_seconds=item.min_seconds if item is not None else 0.0,
            max_seconds=item.max_seconds if item is not None else LONGEST_SECONDS,
            floor_dbfs=None,
            loss=(facts and facts.loss) or Loss(),
            ended_by=(facts and facts.ended_by) or "stop",
            accompaniment=None,
            accompaniment_at=None,
            songs=self._songs.get(item.id) if item is not None else None,
        )
        return judge(path, expectation, self._limits)


def _facts(path: Path) -> TakeFacts | None:
    """The sidecar; None where there is none, or one that is not ours."""
    try:
        return read_facts(path)
    except SidecarError as error:
        if error.newer:
            raise
    except OSError as error:
        log.info("nothing is known of %s: %s", path.name, error)
    return None
