"""`station devices`: the sound devices as a fresh capture process sees them."""

from __future__ import annotations

from dataclasses import asdict

import click

from audio.client import list_devices
from audio.devices import label
from config.message import say
from station.commands import talk
from station.commands.options import json_option
from station.exitcodes import Exit
from station.i18n import tr


@click.command(help=tr("List microphones and headphones by the names that station.toml takes."))
@json_option
def devices(as_json: bool) -> int:
    found = list_devices()
    if as_json:
        talk.document([{**asdict(device), "label": label(device)} for device in found])
        return Exit.OK
    heading = (tr("name for station.toml"), tr("microphone"), tr("headphones"), tr("rate"))
    rows = [
        (
            label(device),
            *(tr("yes") if count else "-" for count in (device.inputs, device.outputs)),
            f"{device.samplerate:.0f}",
        )
        for device in found
    ]
    talk.table(heading, rows)
    if not found:
        talk.tell(say("No sound device was found. “builtin” is always there, for trying without one."))
    return Exit.OK
