"""All checks in the order in which they run: quick ones first, the network last."""

from __future__ import annotations

from station.checks.check import Check
from station.checks.computer import (
    copies,
    hardware,
    installation,
    preparation,
    privacy,
    restart,
    system,
    window,
)
from station.checks.connection import network
from station.checks.headset import devices, microphone, playback, recording_rate, voice

CHECKS: tuple[Check, ...] = (
    *preparation.CHECKS,
    *installation.CHECKS,
    *copies.CHECKS,
    *hardware.CHECKS,
    *privacy.CHECKS,
    *window.CHECKS,
    *system.CHECKS,
    *restart.CHECKS,
    *devices.CHECKS,
    *microphone.CHECKS,
    *recording_rate.CHECKS,
    *playback.CHECKS,
    *voice.CHECKS,
    *network.CHECKS,
)
BY_ID = {check.id: check for check in CHECKS}
