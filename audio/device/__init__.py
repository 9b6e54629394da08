"""The seam to the hardware.

clock      the clock of everything heard
source     blocks in, sound out: what every headset can do
player     what the headphones play
lookup     which device a name means
pairing    which microphone and headphones make a headset
delay      how far a stream is behind the clock
drift      losses as steps of recorded time against the clock
portaudio  the real headset
virtual    the built-in headset, with faults on demand
card       a virtual sound card for Linux
moved      notices that the system gave us another microphone
priority   goes before other programs
awake      keeps the computer awake
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "NAME",
    "WINDOW_SECONDS",
    "CardError",
    "Direction",
    "VirtualCard",
    "find_device",
    "headset_of",
    "label",
    "why_not",
]

if TYPE_CHECKING:
    from audio.device.card import CardError, VirtualCard, why_not
    from audio.device.delay import WINDOW_SECONDS
    from audio.device.lookup import NAME, Direction, find_device, label
    from audio.device.pairing import headset_of
else:
    __getattr__ = lazy(
        __name__,
        {
            "card": ("CardError", "VirtualCard", "why_not"),
            "delay": ("WINDOW_SECONDS",),
            "lookup": ("NAME", "Direction", "find_device", "label"),
            "pairing": ("headset_of",),
        },
    )
