"""`python -m audio`: the capture process. Commands on stdin, events on stdout, the log on stderr."""

from __future__ import annotations

import argparse
import faulthandler
import gc
import io
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from audio.capture.child import Child, EventWriter
from audio.device.awake import keep_awake
from audio.device.lookup import NAME
from audio.device.priority import go_first
from audio.device.source import Source
from audio.device.virtual import VirtualSource
from audio.protocol.messages import DeviceList, OpenDevices, Ready, Refused
from config.access import LockHeldError, StationLock, close_to_others

log = logging.getLogger("audio")
EXIT_LOCKED = 6
SWITCH_SECONDS = 0.0005
"""Python's own 5 ms would make a callback that comes every 5 ms wait for the writer."""


def open_source(command: OpenDevices, speed: float) -> Source:
    """The headset that the command names. Raises AudioError."""
    if command.input == NAME:
        return VirtualSource(command.samplerate, command.bits, command.side, speed=speed)
    from audio.device.portaudio import PortAudioSource

    # What is imported stays: looking through it for garbage would keep callbacks waiting for milliseconds.
    gc.collect()
    gc.freeze()
    return PortAudioSource(command)


def main() -> int:
    parser = argparse.ArgumentParser(prog="audio")
    parser.add_argument("--lock", type=Path, help="held while the process lives")
    parser.add_argument("--speed", type=float, default=1.0, help="clock of the built-in headset")
    parser.add_argument("--list", action="store_true", help="say the devices and leave")
    options = parser.parse_args()
    # The log is a file that others append to as well; where it is the terminal, UTF-8 is right, too.
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    faulthandler.enable()
    close_to_others()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    go_first()
    sys.setswitchinterval(SWITCH_SECONDS)
    writer = EventWriter(io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n"))
    if options.list:
        from audio.device.portaudio import list_devices

        writer.send(DeviceList(tuple(list_devices())))
        writer.close()
        return 0
    if options.lock is not None:
        lock = StationLock(options.lock)
        try:
            lock.acquire(timeout=2)
        except LockHeldError:
            writer.send(Refused("busy", "another capture process holds the lock"))
            writer.close()
            return EXIT_LOCKED
    keep_awake()
    child = Child(lambda command: open_source(command, options.speed), writer.send)
    stdin = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    # A daemon: it sits in a read that only the parent can end.
    threading.Thread(target=child.read, args=(stdin,), name="commands", daemon=True).start()
    writer.send(Ready(os.getpid()))
    code = child.run()
    writer.close()
    return code


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    # Not sys.exit(): threads of a dead driver must not keep the process.
    os._exit(code)
