"""The real headset, through PortAudio. The only module that imports sounddevice.

1. Two half-duplex raw streams: duplex streams glitch under DirectSound and PulseAudio.
2. A host buffer of LATENCY_SECONDS: what decides about loss is that the buffer is longer than the
   longest time in which this process does not run; the block size does not matter.
3. The callbacks copy, count and leave; what they bring goes on in blocks of BLOCK_SECONDS or more, so that
   drivers with callbacks of 5 or 10 ms wake nobody else so often. Samples keep the driver's integer format:
   PortAudio dithers when it converts.
4. Streams are aborted, never stopped: stop() on a device that stalled never returns.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import sounddevice as sd

from audio.audioerror import AudioError
from audio.device.clock import now
from audio.device.delay import Delay
from audio.device.lookup import find_device
from audio.device.player import CHANNELS, Player
from audio.device.source import Block
from audio.levels import LEVEL_SECONDS
from audio.protocol.messages import DeviceInfo, OpenDevices, Side
from audio.soundfaults import FAULTS
from config.base import say
from config.takes import DeviceName

log = logging.getLogger(__name__)
SIDES: dict[Side, int] = {"left": 0, "right": 1}
"""Places in a frame of two channels; for "mix" one channel is opened."""
LATENCY_SECONDS = 1.2
"""PortAudio has ALSA call after each quarter. PulseAudio delivers every 50 ms, so that 300 ms make one
callback; a quarter of 125 ms would make two, the second for the rest."""
BLOCK_SECONDS = LEVEL_SECONDS
OUTPUT_LATENCY_SECONDS = 0.5
"""A sound begins so much after it was asked for."""
OUTPUT_BLOCK_SECONDS = {"ALSA": OUTPUT_LATENCY_SECONDS / 2}
"""By host API, where PortAudio would ask four times for each buffer: twice costs half as much."""
MOVED_SECONDS = 0.01
"""Less is the jitter of callbacks, more was lost."""
RAW_OPTION = 1
"""AUDCLNT_STREAMOPTIONS_RAW: bypass the effects that Windows puts into the microphone's path."""
INVALID_SAMPLE_RATE = -9997


def list_devices() -> list[DeviceInfo]:
    """All devices of this process' PortAudio, in PortAudio's order."""
    apis = sd.query_hostapis()
    count = sum(len(api["devices"]) for api in apis)
    return [_device(index, apis) for index in range(count)]


def _device(index: int, apis: Any) -> DeviceInfo:
    try:
        device = sd.query_devices(index)
    except UnicodeDecodeError as error:
        # A driver whose name is no text keeps its place in the list, and hides no other.
        log.warning("device %d has no name that can be read: %s", index, error)
        return DeviceInfo("-", f"? {index}", 0, 0, 0.0)
    api = apis[device["hostapi"]]
    return DeviceInfo(
        hostapi=str(api["name"]),
        name=str(device["name"]),
        inputs=int(device["max_input_channels"]),
        outputs=int(device["max_output_channels"]),
        samplerate=float(device["default_samplerate"]),
        default_input=index == api["default_input_device"],
        default_output=index == api["default_output_device"],
    )


class PortAudioSource:
    """Implements audio.device.source.Source. Raises AudioError from the constructor and start()."""

    def __init__(self, command: OpenDevices) -> None:
        devices = list_devices()
        input_index = find_device(devices, command.input, "input")
        output_index = find_device(devices, command.output, "output")
        self._place = SIDES.get(command.side)
        channels = 1 if self._place is None else len(SIDES)
        if devices[input_index].inputs < channels:
            raise AudioError(FAULTS["no_side"].message, code="no_side")
        self.input = DeviceName(devices[input_index].hostapi, devices[input_index].name)
        self.output = DeviceName(devices[output_index].hostapi, devices[output_index].name)
        self.samplerate = command.samplerate
        self.bits = command.bits
        self.side = command.side
        self.player = Player()
        self._dtype = "int16" if command.bits == 16 else "int32"
        self._frames = 0
        self._waiting = bytearray()
        self._overflow = False
        frame_bytes = channels * np.dtype(self._dtype).itemsize
        self._block_bytes = int(BLOCK_SECONDS * command.samplerate) * frame_bytes
        self._heard_delay = Delay(command.samplerate)
        self._played_delay = Delay(command.samplerate)
        self._on_block: Callable[[Block], None] | None = None
        self._input = self._open_input(input_index, channels)
        try:
            self._output = self._open_output(output_index)
        except AudioError:
            self._input.close()
            raise

    def _open_input(self, index: int, channels: int) -> Any:
        return _open(
            sd.RawInputStream,
            self.input.hostapi,
            samplerate=self.samplerate,
            device=index,
            channels=channels,
            dtype=self._dtype,
            latency=LATENCY_SECONDS,
            callback=self._heard,
        )

    def _open_output(self, index: int) -> Any:
        return _open(
            sd.RawOutputStream,
            self.output.hostapi,
            samplerate=self.samplerate,
            device=index,
            channels=CHANNELS,
            dtype="int16",
            latency=OUTPUT_LATENCY_SECONDS,
            blocksize=round(OUTPUT_BLOCK_SECONDS.get(self.output.hostapi, 0) * self.samplerate),
            callback=self._wanted,
        )

    def start(self, on_block: Callable[[Block], None]) -> None:
        self._on_block = on_block
        try:
            self._input.start()
            self._output.start()
        except sd.PortAudioError as error:
            self.close()
            raise _refusal(error) from error

    def close(self) -> None:
        for stream in (self._input, self._output):
            # Each on a thread of its own: aborting a dead stream must not keep the other open.
            closing = threading.Thread(target=_abort, args=(stream,), daemon=True)
            closing.start()
            closing.join(1.0)

    @property
    def loop_frames(self) -> int:
        """From the times of the callbacks: good to some milliseconds, since drivers don't tell more.

        The quickest callbacks count: a driver may ask for several blocks at once before it plays the first,
        and deliver several at once.
        """
        heard, played = self._heard_delay, self._played_delay
        if heard.origin is None or played.origin is None:
            return 0
        moved = played.seconds - heard.seconds
        if abs(moved) < MOVED_SECONDS:
            moved = 0.0
        return round((played.origin + self.output_seconds - heard.origin + moved) * self.samplerate)

    @property
    def output_seconds(self) -> float:
        return float(self._output.latency)

    def _heard(self, data: Any, frames: int, time: Any, status: Any) -> None:
        at = now()
        self._frames += frames
        self._heard_delay.note(at, self._frames)
        self._waiting += data
        self._overflow = self._overflow or bool(status and status.input_overflow)
        if len(self._waiting) < self._block_bytes:
            return
        samples = np.frombuffer(self._waiting, dtype=self._dtype)
        if self._place is not None:
            samples = samples[self._place :: len(SIDES)].copy()
        block = Block(samples, self._frames - len(samples), at, self._overflow)
        self._waiting, self._overflow = bytearray(), False
        assert self._on_block is not None
        self._on_block(block)

    def _wanted(self, data: Any, frames: int, time: Any, status: Any) -> None:
        at = now()
        self._played_delay.note(at, self.player.frames)
        data[:] = self.player.fill(frames).tobytes()


def _abort(stream: Any) -> None:
    try:
        stream.abort()
        stream.close()
    except sd.PortAudioError as error:
        log.warning("a stream did not close: %s", error)


def _open(kind: Any, hostapi: str, **options: Any) -> Any:
    """Open a stream with the settings of its host API; plain where these are refused."""
    for extra in (*_extra_settings(hostapi), None):
        try:
            return kind(**options, extra_settings=extra)
        except sd.PortAudioError as error:
            if extra is None:
                raise _refusal(error) from error
            log.warning("opened without %s: %s", type(extra).__name__, error)
    raise AssertionError("unreachable: the last round raises or returns")


def _extra_settings(hostapi: str) -> list[Any]:
    """WASAPI: let Windows resample, and ask for the raw stream without effects."""
    if sys.platform != "win32" or hostapi != "Windows WASAPI":
        return []
    raw, plain = sd.WasapiSettings(auto_convert=True), sd.WasapiSettings(auto_convert=True)
    try:
        raw._streaminfo.streamOption = RAW_OPTION
    except AttributeError:
        return [plain]
    return [raw, plain]


def _refusal(error: sd.PortAudioError) -> AudioError:
    number = error.args[1] if len(error.args) > 1 else 0
    if number == INVALID_SAMPLE_RATE:
        return AudioError(say("The headset does not run at this sampling rate."), code="bad_rate")
    return AudioError(say("The headset can't be opened: {detail}", detail=str(error)), code="busy")
