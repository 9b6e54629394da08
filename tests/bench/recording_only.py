"""The capture process without a stream to the headphones, as other recorders have none: for benchmarks."""

from __future__ import annotations

import os
from typing import Any

from audio.__main__ import main
from audio.device import portaudio
from audio.device.player import CHANNELS


class NoHeadphones:
    """In place of PortAudio's output stream."""

    latency = 0.0

    def start(self) -> None: ...
    def abort(self) -> None: ...
    def close(self) -> None: ...


def leave_out_headphones() -> None:
    """From now on only the microphone is opened."""
    really = portaudio._open

    def open_microphone(kind: Any, hostapi: str, **options: Any) -> Any:
        return NoHeadphones() if options["channels"] == CHANNELS else really(kind, hostapi, **options)

    portaudio._open = open_microphone


if __name__ == "__main__":
    leave_out_headphones()
    code = main()
    os._exit(code)
