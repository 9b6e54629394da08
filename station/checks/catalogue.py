"""All checks in the order in which they run: quick ones first, the network last."""

from __future__ import annotations

from station.checks import computer, material, network, playback, restart, sound, system
from station.checks.check import Check

CHECKS: tuple[Check, ...] = (
    *material.CHECKS,
    *computer.CHECKS,
    *system.CHECKS,
    *restart.CHECKS,
    *sound.CHECKS,
    *playback.CHECKS,
    *network.CHECKS,
)
BY_ID = {check.id: check for check in CHECKS}
