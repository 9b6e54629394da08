"""Who sings what: fixed for the whole session."""

from __future__ import annotations

from dataclasses import dataclass

from config.kit import Kit
from config.roster import Roster


@dataclass(frozen=True)
class ItemPlan:
    """What the machine must know of an item; seconds as in config.kit.items.Item."""

    id: str
    practice: bool
    has_prompt: bool
    study_seconds: float
    ready_seconds: float
    min_seconds: float
    attempts: int


@dataclass(frozen=True)
class Plan:
    """Who sings what: fixed for the whole session."""

    pupils: tuple[str, ...]
    items: tuple[ItemPlan, ...]
    silence_seconds: float = 2.0
    singing_seconds: float = 4.0
    result_seconds: float = 1.0
    """A good verdict is shown for this long before the next item, whose screen goes on to say so."""
    remark_seconds: float = 3.0
    """The same with a remark, which must be read."""
    check_holds_seconds: float = 0.0
    """How long a good headset check holds for those who follow; 0: for nobody else."""

    @classmethod
    def of(cls, roster: Roster, kit: Kit) -> Plan:
        items = tuple(
            ItemPlan(
                id=item.id,
                practice=item.kind == "practice",
                has_prompt=item.prompt is not None or bool(item.start_tone),
                study_seconds=item.study_seconds,
                ready_seconds=item.ready_seconds,
                min_seconds=item.min_seconds,
                attempts=item.attempts,
            )
            for item in kit.items
        )
        return cls(
            pupils=tuple(pupil.student_id for pupil in roster.pupils),
            items=items,
            check_holds_seconds=60 * kit.check_holds_minutes,
        )
