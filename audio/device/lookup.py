"""Which device is meant: host API and name, never an index (indices change when a plug moves).

1. A configured name is "name" or "name, host API". On Windows one headset shows up under several
   host APIs; WASAPI wins, since MME cuts names at 31 characters and DirectSound resamples.
2. Another socket changes a name: Windows puts "2- " before it, ALSA counts its cards. Where nothing has
   the very name, one that differs in this alone is taken.
3. Several devices that fit equally well are an error, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from audio.audioerror import AudioError
from audio.protocol.messages import DeviceInfo
from config.base import say

PREFERRED = (
    "Windows WASAPI",
    "ALSA",
    "JACK Audio Connection Kit",
    "Core Audio",
    "Windows DirectSound",
    "Windows WDM-KS",
    "MME",
)
"""Host APIs in the order in which they are taken when only a name is given."""
MME_NAME_LENGTH = 31
NAME = "builtin"
"""Of the built-in headset."""
Direction = Literal["input", "output"]
_SOCKET = re.compile(r"(?<=\()\d+- |(?<=\(hw:)\d+")


def label(device: DeviceInfo) -> str:
    """What `station devices` prints and station.toml takes."""
    return f"{device.name}, {device.hostapi}"


def find_device(devices: Sequence[DeviceInfo], wanted: str, direction: Direction) -> int:
    """Index of the wanted device in `devices`. Raises AudioError (no_device)."""
    usable = [
        (index, device)
        for index, device in enumerate(devices)
        if (device.inputs if direction == "input" else device.outputs) > 0
    ]
    named = next(filter(None, ([pair for pair in usable if fits(pair[1], wanted)] for fits in _FITS)), None)
    if named is None:
        raise _missing(wanted, [device for _, device in usable])
    best = min(api_rank(device) for _, device in named)
    chosen = [index for index, device in named if api_rank(device) == best]
    if len(chosen) > 1:
        raise AudioError(
            say("Two devices are called “{name}”. Unplug one of them.", name=wanted), code="no_device"
        )
    return chosen[0]


def _plain(name: str) -> str:
    """Runs of spaces as one: what a table prints and a person copies."""
    return " ".join(name.split())


def _anywhere(name: str) -> str:
    return _SOCKET.sub("", _plain(name))


def _is_cut(name: str) -> bool:
    """Whether this is as long as MME's names can be: 31 units of UTF-16, of old drivers bytes of GBK."""
    units = len(name.encode("utf-16-le", "surrogatepass")) // 2
    return MME_NAME_LENGTH in (units, size := len(name.encode("gbk", "replace")), size + 1)


def _cut(device: DeviceInfo, wanted: str) -> bool:
    """A name as MME shows it, of a device that another host API names in full."""
    return device.hostapi != "MME" and _is_cut(wanted) and device.name.startswith(wanted)


def _whole(device: DeviceInfo, wanted: str) -> bool:
    """A name in full, of a device that only MME lists today."""
    return device.hostapi == "MME" and _is_cut(device.name) and wanted.startswith(device.name)


_FITS: tuple[Callable[[DeviceInfo, str], bool], ...] = (
    lambda device, wanted: label(device) == wanted,
    lambda device, wanted: device.name == wanted and device.hostapi != "MME",
    _cut,
    lambda device, wanted: device.name == wanted,
    lambda device, wanted: _plain(wanted) in (_plain(device.name), _plain(label(device))),
    lambda device, wanted: _anywhere(wanted) in (_anywhere(device.name), _anywhere(label(device))),
    _whole,
)
"""From the strictest to the loosest; the first that finds a device decides."""


def api_rank(device: DeviceInfo) -> int:
    """The place of its host API in PREFERRED; last where that is not known."""
    return PREFERRED.index(device.hostapi) if device.hostapi in PREFERRED else len(PREFERRED)


def _missing(wanted: str, usable: Sequence[DeviceInfo]) -> AudioError:
    names = "; ".join(dict.fromkeys(device.name for device in usable)) or "-"
    return AudioError(
        say("The headset “{name}” was not found. This computer has: {names}", name=wanted, names=names),
        say("Plug the headset in, or choose one of these in station.toml."),
        code="no_device",
    )
