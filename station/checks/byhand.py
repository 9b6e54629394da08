"""What only a person can see before the afternoon: a list to tick, kept with who looked and when.

A tick holds as long as a self-test does; after that somebody looks again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from config.disk import DataDir, write_whole
from station.checks.lastpass import VALID
from station.words.i18n import tr_noop

LONGEST_NAME = 60
"""Characters of a person's name."""


@dataclass(frozen=True)
class ListItem:
    """`id`: as it is kept; `text`: English, marked for translation."""

    id: str
    text: str


@dataclass(frozen=True)
class Tick:
    """Somebody has seen that an item is in order."""

    by: str
    at: str
    """ISO 8601 with offset."""


ITEMS = (
    ListItem("signs", tr_noop("Signs lead to the singing room and to the waiting room")),
    ListItem("cordon", tr_noop("A cordon keeps others away from the room")),
    ListItem("quiet", tr_noop("Bells are off; nobody drills, practises or plays nearby")),
    ListItem("waiting", tr_noop("Five pupils can wait where they do not hear the singing")),
    ListItem("headset", tr_noop("A spare headset is there, and was tried")),
    ListItem("power", tr_noop("Nobody can step on plugs and cables; power is there all afternoon")),
    ListItem("duty", tr_noop("The duty list hangs at the door")),
    ListItem("phones", tr_noop("Telephone numbers of school and district for questions are at hand")),
    ListItem("paper", tr_noop("Roster and forms are printed, for an emergency")),
    ListItem("bags", tr_noop("Bags and seals for what is handed over are ready")),
)
"""In the order in which somebody walks through them."""
IDS = frozenset(item.id for item in ITEMS)


def ticks_of(data: DataDir, now: datetime) -> dict[str, Tick]:
    """The ticks that still hold, by item; none where the file is not there or can't be read."""
    try:
        body = json.loads(data.checklist.read_text(encoding="utf-8"))
        found = {str(name): Tick(str(tick["by"]), str(tick["at"])) for name, tick in body.items()}
        return {
            name: tick
            for name, tick in found.items()
            if name in IDS and now - datetime.fromisoformat(tick.at).astimezone() <= VALID
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def keep_ticks(data: DataDir, ticks: Mapping[str, Tick]) -> None:
    """Raises OSError."""
    data.root.mkdir(parents=True, exist_ok=True)
    body = {name: asdict(tick) for name, tick in ticks.items()}
    write_whole(data.checklist, json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8"))
