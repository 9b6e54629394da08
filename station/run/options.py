"""How one run differs from an ordinary afternoon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from config.base import Problem
from config.kit import Kit
from config.roster import Roster
from station.session.plan import Plan


@dataclass(frozen=True)
class Options:
    """All but `roster` and `kit` for demo and tests."""

    speed: float = 1.0
    """Waiting times and the built-in headset's clock, divided by this."""
    plan: Callable[[Plan], Plan] | None = None
    """Changes the plan before the session begins."""
    rehearsal: bool = False
    """Marked on every screen."""
    stages: bool = False
    """Nobody sings before persons have opened the session."""
    roster: Callable[[], tuple[Roster | None, Sequence[Problem]]] | None = None
    """Reads the roster; None: as the settings name it."""
    kit: Callable[[], Kit] | None = None
    """Gives the kit, checked; None: as the settings name it."""
    deliver: bool = True
    """False: nothing goes into the queue."""
    env: Mapping[str, str] | None = None
    """More environment for the capture process."""
