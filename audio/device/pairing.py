"""Which microphone and which headphones make a headset, where nobody has named them.

1. Both belong to one host API. ALSA lists a headset as one device, Windows each direction as one of its own:
   what stands in brackets behind "Microphone" and "Headphones" is the hardware that they share.
2. The best host API that has both decides (audio.device.lookup.PREFERRED): WASAPI on Windows.
3. Within it: the same hardware, then no digital socket or screen, then the system's default devices, then the
   order of the list. Never what records the computer's own sound, nor a name that stands for another device.
4. What is proposed can be written into station.toml: a name that two devices have is not proposed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audio.device.lookup import api_rank, label
from audio.protocol.messages import DeviceInfo

NO_MICROPHONE = re.compile(
    r"stereo ?mix|立体声混音|立體聲混音|what u hear|wave out mix|\bmonitor of\b|loopback|环回", re.IGNORECASE
)
"""Inputs that record what the computer plays."""
STANDS_FOR_ANOTHER = re.compile(
    r"^(default|pulse|pipewire|sysdefault|null|dmix|dsnoop)$|sound mapper|声音映射器|音效對應表"
    r"|^primary sound|^主声音|^主要音效",
    re.IGNORECASE,
)
"""Names of ALSA without any sound card, and those of Windows that follow the system's default."""
UNLIKELY = re.compile(
    r"s/?pdif|digital|数字|hdmi|displayport|display audio|nvidia|line in\b|线路输入|virtual|虚拟",
    re.IGNORECASE,
)
"""Sockets and screens that no headset is plugged into."""


@dataclass(frozen=True)
class Pair:
    """A headset; both may be the same device."""

    input: DeviceInfo
    output: DeviceInfo

    @property
    def same_hardware(self) -> bool:
        return self.input.name == self.output.name or _agree(_inside(self.input), _inside(self.output))


def headset_of(devices: Sequence[DeviceInfo]) -> Pair | None:
    """The headset that a person would most likely mean; None where no microphone has its headphones."""
    return min(_pairs(devices), key=_badness, default=None)


def _pairs(devices: Sequence[DeviceInfo]) -> Iterator[Pair]:
    named = Counter((label(device), way) for device in devices for way in _ways(device))
    fit = [device for device in devices if not STANDS_FOR_ANOTHER.search(device.name)]
    for microphone in fit:
        if not microphone.inputs or NO_MICROPHONE.search(microphone.name):
            continue
        for headphones in fit:
            pair = Pair(microphone, headphones)
            once = named[label(microphone), "input"] == named[label(headphones), "output"] == 1
            if headphones.outputs and headphones.hostapi == microphone.hostapi and once:
                yield pair


def _ways(device: DeviceInfo) -> list[str]:
    return [way for way, channels in (("input", device.inputs), ("output", device.outputs)) if channels]


def _badness(pair: Pair) -> tuple[int, bool, int, int]:
    unlikely = sum(bool(UNLIKELY.search(end.name)) for end in (pair.input, pair.output))
    defaults = pair.input.default_input + pair.output.default_output
    return api_rank(pair.input), not pair.same_hardware, unlikely, -defaults


def _inside(device: DeviceInfo) -> str:
    """The hardware, "USB Audio Device" of "麦克风 (USB Audio Device)", also where MME has cut the end off."""
    return device.name.partition("(")[2]


def _agree(one: str, other: str) -> bool:
    if one.endswith(")") and other.endswith(")"):
        return one == other
    length = min(len(one), len(other))
    return length > 0 and one[:length] == other[:length]
