"""`station devices`: the sound devices as a fresh capture process sees them."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from audio.capture import list_devices
from audio.device import headset_of, label
from config.base import say
from station.commands.options import json_option
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import tr


@click.command(help=tr("List microphones and headphones by the names that station.toml takes."))
@json_option
def devices(as_json: bool) -> int:
    found = list_devices()
    pair = headset_of(found)
    if as_json:
        ends = (pair.input, pair.output) if pair is not None else ()
        talk.document(
            [{**asdict(device), "label": label(device), "headset": device in ends} for device in found]
        )
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
    if pair is not None:
        talk.tell(say("A headset of this computer, to be written under [audio] in station.toml:"))
        for key, end in (("input", pair.input), ("output", pair.output)):
            # A text in TOML's quotes is one in JSON's.
            click.echo(f"{key} = {json.dumps(label(end), ensure_ascii=False)}", err=True)
    if not found:
        talk.tell(say("No sound device was found. “builtin” is always there, for trying without one."))
    return Exit.OK
