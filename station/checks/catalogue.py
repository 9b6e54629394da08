"""All checks in the order in which they run: quick ones first, the network last."""

from __future__ import annotations

from station.checks import (
    capture,
    computer,
    devices,
    material,
    network,
    playback,
    release,
    restart,
    sound,
    system,
    voice,
    window,
)
from station.checks.check import Check

CHECKS: tuple[Check, ...] = (
    *material.CHECKS,
    *release.CHECKS,
    *computer.CHECKS,
    *window.CHECKS,
    *system.CHECKS,
    *restart.CHECKS,
    *devices.CHECKS,
    *sound.CHECKS,
    *capture.CHECKS,
    *playback.CHECKS,
    *voice.CHECKS,
    *network.CHECKS,
)
BY_ID = {check.id: check for check in CHECKS}
