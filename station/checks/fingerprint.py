"""What a pass of the self-test stands for: headset, settings, software, material, server, drive.

Values are short and hold nothing personal.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from audio import AudioError
from audio.device import NAME as BUILTIN
from audio.device import Direction, find_device
from audio.protocol import DeviceInfo
from config import Settings
from config.base import Message, say
from config.disk import DataDir, digest_of, existing
from config.kit import check_kit
from config.takes import DeviceName
from station import __version__
from station.checks.check import Check, Group

NOTHING = "-"
CHANGES = {
    "input": say("the microphone is another one, or is not plugged in"),
    "output": say("the headphones are others, or are not plugged in"),
    "driver": say("the sound driver or the sound settings have changed"),
    "software": say("this software has another version"),
    "system": say("the operating system was updated"),
    "kit": say("the kit is another one"),
    "roster": say("the roster was changed"),
    "server": say("the server's address is another one"),
    "volume": say("the data folder is on another drive"),
}
TOUCHED: Mapping[str, tuple[str, ...]] = {
    "input": (Group.SOUND,),
    "output": (Group.SOUND,),
    "driver": (Group.SOUND,),
    "software": tuple(Group),
    "system": tuple(Group),
    "kit": (Group.MATERIAL, "disk_space"),
    "roster": (Group.MATERIAL, "disk_space"),
    "server": (Group.NETWORK,),
    "volume": (Group.COMPUTER,),
}
"""The groups and checks whose findings count no longer after a change."""
Ends = tuple[str, str]
"""Microphone and headphones as they are stored."""


def fingerprint(
    settings: Settings, headset: Ends | None = None, kit_digest: str | None = None
) -> dict[str, str]:
    """Without `headset` nothing is said of it; without `kit_digest` the kit is read."""
    data = DataDir(settings.data.dir)
    if kit_digest is None:
        kit, _ = check_kit(settings.session.kit, data.cache / "kit")
        kit_digest = kit.digest if kit else NOTHING
    folder = existing(data.root)
    ends = {} if headset is None else dict(zip(("input", "output"), headset, strict=True))
    return {
        **ends,
        "driver": f"{settings.audio.samplerate} Hz, {settings.audio.bits} bit, {settings.audio.side}",
        "software": __version__,
        "system": platform.platform(),
        "kit": kit_digest[:16],
        "roster": _digest(settings.session.roster),
        "server": settings.server.url,
        "volume": NOTHING if folder is None else str(folder.stat().st_dev),
    }


def in_list(settings: Settings, devices: Sequence[DeviceInfo]) -> Ends:
    """The headset of station.toml as it is found among these devices."""
    audio = settings.audio
    return _found(devices, audio.input, "input"), _found(devices, audio.output, "output")


def opened(headset: tuple[DeviceName, DeviceName]) -> Ends:
    """A headset that is open."""
    return stored(headset[0]), stored(headset[1])


def stored(device: DeviceInfo | DeviceName) -> str:
    return BUILTIN if device.name == BUILTIN else f"{device.hostapi}: {device.name}"


def _found(devices: Sequence[DeviceInfo], wanted: str, direction: Direction) -> str:
    if wanted == BUILTIN:
        return BUILTIN
    try:
        return stored(devices[find_device(devices, wanted, direction)])
    except AudioError:
        return NOTHING


def _digest(path: Path) -> str:
    try:
        return digest_of(path)[:16]
    except OSError:
        return NOTHING


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Keys of CHANGES that differ, of those that are known now."""
    return [key for key in CHANGES if key in now and before.get(key) != now[key]]


def in_words(changes: Sequence[str]) -> list[Message]:
    """What people read of these keys: a headset that is gone is one change, not one for each of its ends."""
    if not {"input", "output"} <= set(changes):
        return [CHANGES[key] for key in changes]
    rest = [CHANGES[key] for key in changes if key not in ("input", "output")]
    return [say("the headset is another one, or is not plugged in"), *rest]


def touches(check: Check, changes: Sequence[str]) -> bool:
    """Whether what this check found may be otherwise now."""
    return any(check.group in TOUCHED[key] or check.id in TOUCHED[key] for key in changes)
