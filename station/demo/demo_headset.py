"""The headset of the demo: a real one, PortAudio on the virtual card, or the built-in one.

`auto` takes the best that is there: a real device, else the virtual card, else the built-in headset.
On the last two a virtual singer can be heard by the microphone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from audio import AudioError
from audio.capture import list_devices
from audio.device import NAME, CardError, VirtualCard, headset_of, label, why_not
from config.base import say

log = logging.getLogger(__name__)
Kind = Literal["auto", "real", "card", "builtin"]


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
    """A microphone and headphones of this computer; None without. Raises AudioError."""
    pair = headset_of(list_devices())
    return DemoHeadset("real", label(pair.input), label(pair.output)) if pair is not None else None


def _real_if_any() -> DemoHeadset | None:
    """For who takes another one as well: a sound system that does not answer has none."""
    try:
        return real_headset()
    except AudioError as error:
        log.warning("no real headset: %s", error)
        return None


@contextmanager
def demo_headset(kind: Kind, folder: Path) -> Iterator[DemoHeadset]:
    """The headset while the block runs. Raises AudioError when the wanted kind is not there."""
    real = {"real": real_headset, "auto": _real_if_any}.get(kind, lambda: None)()
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
