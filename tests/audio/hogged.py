"""`python -m tests.audio.hogged inside|outside DEVICE PATH SECONDS`: a busy station that records a take.

Two threads that never rest, and sorting that holds the interpreter for half a second. `outside`, as the
station does it, the capture process records; `inside`, this process does. Says "open", waits for a line,
records, and prints the event that ended the take.
"""

from __future__ import annotations

import os
import queue
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from audio.capture.child import Child
from audio.capture.process import CaptureProcess
from audio.protocol import messages as ev
from audio.protocol.codec import encode
from tests.audio.capture import facts

SORTED = 1_500_000
PAUSE_SECONDS = 0.3


def inside(say: Callable[[ev.Event], None]) -> Callable[[ev.Command], None]:
    """A recorder in this process."""
    from audio.device.portaudio import PortAudioSource

    commands: queue.SimpleQueue[ev.Command] = queue.SimpleQueue()

    def lines() -> Iterator[str]:
        while True:
            yield encode(commands.get())

    child = Child(PortAudioSource, say)
    threading.Thread(target=child.read, args=(lines(),), daemon=True).start()
    threading.Thread(target=child.run, daemon=True).start()
    return commands.put


def hog() -> None:
    """For ever."""
    for _ in range(2):
        threading.Thread(target=spin, daemon=True).start()
    numbers = [random.random() for _ in range(SORTED)]
    while True:
        sorted(numbers)
        time.sleep(PAUSE_SECONDS)


def spin() -> None:
    while True:
        pass


def main(where: str, device: str, path: str, seconds: float) -> int:
    events: queue.SimpleQueue[ev.Event] = queue.SimpleQueue()
    if where == "inside":
        send = inside(events.put)
    else:
        process = CaptureProcess(Path(path).with_suffix(".log"), events.put)
        send = process.send
    send(ev.OpenDevices(device, device, 48000, 16))
    ended = ev.Refused | ev.TakeFailed | ev.TakeSaved | ev.Died
    while not isinstance(event := events.get(), ev.Opened | ended):
        pass
    print("open", flush=True)
    sys.stdin.readline()
    threading.Thread(target=hog, daemon=True).start()
    time.sleep(0.5)
    send(ev.StartTake("take-1", path, seconds, facts()))
    while not isinstance(event := events.get(), ended):
        pass
    print(encode(event), flush=True)
    if where == "outside":
        process.close()
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))
    # The threads that hog never end.
    os._exit(code)
