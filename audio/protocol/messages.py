"""What the station and the capture process say to each other: frozen values, one JSON line each.

1. Commands go down the child's stdin, events come up its stdout; audio never crosses the pipe.
2. Paths are absolute. A take's facts are fixed by StartTake and never change afterwards.
3. Events are best effort: a dead parent never ends a take. Only StopTake, the maximum length, a dead
   device or a full disk do.
4. At the end of stdin the child finishes the take that runs (up to its maximum), then leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from config.takes import Assignment, DeviceName, Loss

Ear = Literal["both", "left", "right"]
Side = Literal["mix", "left", "right"]
"""Which side of a stereo microphone is recorded; "mix" leaves it to the driver."""


@dataclass(frozen=True)
class OpenDevices:
    """Open both streams and keep them open; answered by Opened or Refused."""

    input: str
    output: str
    samplerate: int
    bits: int
    side: Side = "mix"


@dataclass(frozen=True)
class Play:
    """Play a WAV at the device rate; answered by PlayStarted and PlayEnded."""

    play_id: str
    path: str
    ear: Ear = "both"


@dataclass(frozen=True)
class StopPlay:
    """Silence the headphones now."""


@dataclass(frozen=True)
class StartTake:
    """Record to `path` (`….part.wav` until whole); answered by TakeStarted, then TakeSaved or TakeFailed.

    With `facts` (what the sidecar begins with) a sidecar is written; without,
    it is a probe of the headset check or the self-test.
    """

    take_id: str
    path: str
    max_seconds: float
    facts: Assignment | None = None
    accompaniment: str | None = None
    """WAV at the device rate that begins with the take; its position in take samples is stored."""


@dataclass(frozen=True)
class StopTake:
    take_id: str


@dataclass(frozen=True)
class Feed:
    """Virtual headset only: let the microphone hear this WAV from now on."""

    path: str


@dataclass(frozen=True)
class Fault:
    """Virtual headset only: make a device fault happen (see audio.device.virtual)."""

    name: str


Command = OpenDevices | Play | StopPlay | StartTake | StopTake | Feed | Fault


@dataclass(frozen=True)
class DeviceInfo:
    """A device as `station devices` lists it."""

    hostapi: str
    name: str
    inputs: int
    outputs: int
    samplerate: float
    """The device's default rate in Hz."""
    default_input: bool = False
    """The microphone that its host API takes where none is named."""
    default_output: bool = False


@dataclass(frozen=True)
class Ready:
    """The child runs and reads commands."""

    pid: int
    protocol: int = 1


@dataclass(frozen=True)
class DeviceList:
    """All devices that the process sees."""

    devices: tuple[DeviceInfo, ...]


@dataclass(frozen=True)
class Opened:
    input: DeviceName
    output: DeviceName
    samplerate: int


@dataclass(frozen=True)
class Refused:
    """A command could not be done; `code` is a key of audio.soundfaults.FAULTS, `detail` for the log."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class Level:
    """3 to 15 a second; the maximum since the last one. Not journalled."""

    peak_dbfs: float
    clipped: bool = False
    muted_seconds: float = 0.0
    """For how long nothing but zeros, one value or the same piece again has come (audio.measure.stuck)."""


@dataclass(frozen=True)
class TakeStarted:
    take_id: str
    started_at: str
    """ISO 8601 with offset."""


@dataclass(frozen=True)
class TakeProgress:
    """About one a second."""

    take_id: str
    seconds: float
    lost_ms: float
    muted_seconds: float = 0.0
    """As in Level."""


@dataclass(frozen=True)
class TakeSaved:
    """The file is fsynced and renamed, and its sidecar written if it has facts."""

    take_id: str
    path: str
    frames: int
    samplerate: int
    sha256: str
    started_at: str
    ended_by: Literal["stop", "maximum", "device", "disk"]
    """`device` and `disk`: a partial take, kept and flagged."""
    loss: Loss = field(default_factory=Loss)
    accompaniment_at: int | None = None


@dataclass(frozen=True)
class TakeFailed:
    """Nothing usable came out; `code` is a key of audio.soundfaults.FAULTS."""

    take_id: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class PlayStarted:
    play_id: str


@dataclass(frozen=True)
class PlayEnded:
    play_id: str
    complete: bool = True


@dataclass(frozen=True)
class DeviceLost:
    """No audio arrives any more; `code` is a key of audio.soundfaults.FAULTS."""

    code: str


@dataclass(frozen=True)
class DeviceBack:
    """The same devices deliver audio again."""


@dataclass(frozen=True)
class Died:
    """Made by the client: the child is gone (its pipe closed)."""

    returncode: int | None


Event = (
    Ready
    | DeviceList
    | Opened
    | Refused
    | Level
    | TakeStarted
    | TakeProgress
    | TakeSaved
    | TakeFailed
    | PlayStarted
    | PlayEnded
    | DeviceLost
    | DeviceBack
    | Died
)
