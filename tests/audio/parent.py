"""`python -m tests.audio.parent FOLDER SPEED SECONDS`: a station for kills, take after take until then.

Prints the process id of its capture process, then the number of every take that was started.
"""

from __future__ import annotations

import queue
import sys
from pathlib import Path

from audio.capture import process as client
from audio.protocol import messages as ev
from tests.audio.capture import facts


def main(folder: Path, speed: float, seconds: float) -> int:
    client.command_line = lambda *arguments: [
        sys.executable, "-m", "tests.audio.counted", str(folder / "counter"), *arguments
    ]  # fmt: skip
    events: queue.SimpleQueue[ev.Event] = queue.SimpleQueue()
    process = client.CaptureProcess(folder / "log", events.put, lock=folder / "lock", speed=speed)
    print(process.pid, flush=True)
    process.send(ev.OpenDevices("builtin", "builtin", 48000, 24))
    number = 0
    while True:
        match events.get():
            case ev.Opened() | ev.TakeSaved():
                number += 1
                known = facts(f"{number:04}", f"take-{number}")
                path = folder / f"{number:04}_song1_1.wav"
                process.send(ev.StartTake(f"take-{number}", str(path), seconds, known))
            case ev.TakeStarted():
                print(number, flush=True)
            case ev.Died():
                return 0
            case ev.TakeFailed() | ev.Refused() as refused:
                print(refused, file=sys.stderr)
                return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
