"""The headset of the demo: a real one, PortAudio on the virtual card, or the built-in one.

`auto` takes the best that is there: a real device, else the virtual card, else the built-in headset.
On the last two a virtual singer can be heard by the microphone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from audio.card import CardError, VirtualCard, why_not
from audio.client import list_devices
from audio.errors import AudioError
from audio.virtual import NAME
from config.message import say

Kind = Literal["auto", "real", "card", "builtin"]
VIRTUAL_NAMES = ("default", "pulse", "pipewire", "sysdefault", "null")
"""Names that ALSA lists on computers without any sound card."""


@dataclass(frozen=True)
class DemoHeadset:
    """What to open, and how to let a virtual singer be heard (None: a real person sings)."""

    kind: str
    input: str
    output: str
    env: Mapping[str, str] = field(default_factory=dict)
    feed: Callable[[Path], None] | None = None
    """Plays a WAV into the virtual card's microphone; the built-in headset is fed by a command."""


def real_headset() -> DemoHeadset | None:
    """The first device with a microphone and headphones; None without a sound card."""
    for device in list_devices():
        if device.inputs and device.outputs and device.name not in VIRTUAL_NAMES:
            return DemoHeadset("real", device.name, device.name)
    return None


@contextmanager
def demo_headset(kind: Kind, folder: Path) -> Iterator[DemoHeadset]:
    """The headset while the block runs. Raises AudioError when the wanted kind is not there."""
    real = real_headset() if kind in ("auto", "real") else None
    if real is not None:
        yield real
        return
    if kind == "real":
        raise AudioError(
            say("This computer has no headset."),
            say("Plug one in, or use --headset builtin."),
            code="no_device",
        )
    reason = why_not() if kind in ("auto", "card") else None
    if kind == "card" and reason is not None:
        raise AudioError(reason, say("Use --headset builtin, which needs nothing."), code="no_device")
    if kind == "builtin" or reason is not None:
        yield DemoHeadset("builtin", NAME, NAME)
        return
    try:
        with VirtualCard(folder / "card") as card:
            card.room()
            yield DemoHeadset("card", card.device, card.device, card.env, card.feed)
    except CardError:
        if kind == "card":
            raise
        yield DemoHeadset("builtin", NAME, NAME)
