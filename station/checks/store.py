"""The last self-test and its fingerprint: what a pass stands for, and until when.

A pass is void after 36 hours or when something that it tested has changed.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from audio.events import DeviceInfo
from audio.sidecar import write_whole
from config.datadir import DataDir
from config.kitfile import check_kit
from config.message import Message, say
from config.settings import Settings
from station import __version__
from station.checks.check import Check, Group, Outcome, Result
from station.checks.runner import worst

VALID = timedelta(hours=36)
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


@dataclass(frozen=True)
class Pass:
    """A self-test that was kept."""

    at: datetime
    outcome: Outcome
    fingerprint: Mapping[str, str]
    results: tuple[Mapping[str, Any], ...]
    """Each Result as JSON."""

    @property
    def failed(self) -> list[str]:
        """Ids of the checks that failed."""
        return [str(result["id"]) for result in self.results if result["outcome"] == Outcome.FAIL]


def fingerprint(settings: Settings, devices: Sequence[DeviceInfo]) -> dict[str, str]:
    """What a pass stands for; values are short and hold nothing personal."""
    data = DataDir(settings.data.dir)
    kit, _ = check_kit(settings.session.kit, data.cache / "kit")
    folder = next(path for path in (data.root, *data.root.parents) if path.exists())
    return {
        "input": _device(devices, settings.audio.input),
        "output": _device(devices, settings.audio.output),
        "driver": f"{settings.audio.samplerate} Hz, {settings.audio.bits} bit",
        "software": __version__,
        "system": platform.platform(),
        "kit": kit.digest[:16] if kit else "-",
        "roster": _digest(settings.session.roster),
        "server": settings.server.url,
        "volume": str(folder.stat().st_dev),
    }


def _device(devices: Sequence[DeviceInfo], wanted: str) -> str:
    name = wanted.partition(",")[0]
    found = sorted(f"{device.hostapi}: {device.name}" for device in devices if device.name == name)
    return "; ".join(found) or ("builtin" if wanted == "builtin" else "-")


def _digest(path: Any) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError:
        return "-"


def save(data: DataDir, results: Sequence[Result], found: Mapping[str, str]) -> None:
    """Keep a run of all checks. Raises OSError."""
    body = {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "outcome": str(worst(results)),
        "fingerprint": dict(found),
        "results": [result.as_json() for result in results],
    }
    data.root.mkdir(parents=True, exist_ok=True)
    write_whole(data.selftest, json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8"))


def load(data: DataDir) -> Pass | None:
    """The last run, None when there is none that can be read."""
    try:
        body = json.loads(data.selftest.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(body["at"])
        return Pass(at, Outcome(body["outcome"]), body["fingerprint"], tuple(body["results"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Keys of CHANGES that differ."""
    return [key for key in CHANGES if before.get(key) != now.get(key)]


def why_void(found: Pass | None, now: datetime, current: Mapping[str, str] | None = None) -> Message | None:
    """One sentence when there is no valid pass; None when there is."""
    if found is None:
        return say("No self-test was run on this computer. Press F8 to run it (two minutes).")
    when = f"{found.at:%m-%d %H:%M}"
    if found.outcome is Outcome.FAIL:
        return say("The self-test of {when} failed. Press F8 to see why and to run it again.", when=when)
    if now - found.at > VALID:
        return say("The self-test of {when} is older than 36 hours. Press F8 to run it again.", when=when)
    if current is not None and (keys := changed(found.fingerprint, current)):
        return say("Since the self-test of {when}: {what}. Press F8.", when=when, what=CHANGES[keys[0]])
    return None


def morning_checks(before: Pass | None, now: Mapping[str, str]) -> tuple[Check, ...]:
    """What the morning check repeats: the quick ones, what failed, and all of it where a device changed."""
    from station.checks.catalogue import CHECKS

    if before is None:
        return CHECKS
    devices = {"input", "output", "driver"} & set(changed(before.fingerprint, now))
    server = "server" in changed(before.fingerprint, now)
    return tuple(
        check
        for check in CHECKS
        if check.morning
        or check.id in before.failed
        or (devices and check.group is Group.SOUND)
        or (server and check.group is Group.NETWORK)
    )


def lost_devices(changes: Sequence[str], now: Mapping[str, str]) -> bool:
    """Whether a device of the last pass is not there any more."""
    return any(key in changes and now[key] == "-" for key in ("input", "output"))
