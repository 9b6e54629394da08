"""Stages and sorts of incidents as a status names them, in words. A newer station may name others."""

from __future__ import annotations

from collections.abc import Mapping

from config.base import Message, say

STAGES: Mapping[str, Message] = {
    "prepared": say("session not opened yet"),
    "open": say("session open"),
    "closed": say("session closed"),
    "sealed": say("session sealed"),
    "cleared": say("session cleared"),
}
INCIDENTS: Mapping[str, Message] = {
    "device": say("Equipment"),
    "network": say("Network"),
    "power": say("Power cut"),
    "noise": say("Noise"),
    "pupil": say("Pupil"),
    "other": say("Something else"),
    "noted": say("Noted"),
}


def stage_word(code: str) -> Message:
    return STAGES.get(code, say("another stage ({code})", code=code))


def incident_word(code: str) -> Message:
    return INCIDENTS.get(code, say("another sort ({code})", code=code))
