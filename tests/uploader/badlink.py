"""A real bad line in a network namespace: `unshare -n python -m tests.uploader.badlink FOLDER SIZE …`.

Rate by tbf, loss and black hole by nftables, all on the namespace's own loopback; nothing outside it is
touched, and it is gone with the process. Prints JSON about one delivery.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import threading
import time
from pathlib import Path

from config.settings import DeliverySection, ServerSection
from tests.uploader.realservers import ResumableUpload, Running
from tests.uploader.takes import new_take
from uploader.queue.queue import Queue
from uploader.send.worker import Uploader

SETUP = """
    ip link set lo mtu 1500
    ethtool -K lo tso off gso off gro off
    tc qdisc add dev lo root tbf rate {rate}kbit burst 16kb latency 300ms
    nft add table inet bad
    nft add chain inet bad out {{ type filter hook output priority 0 ; }}
"""
LOSE = "nft add rule inet bad out numgen random mod 100 < {loss} counter drop"
SWALLOW = "nft add rule inet bad out counter drop"
HEAL = "nft flush chain inet bad out"


def do(script: str, **values: object) -> None:
    for line in script.format(**values).strip().splitlines():
        subprocess.run(line.split(), check=True, stdout=subprocess.DEVNULL)


def deliver(folder: Path, size: int, rate: int, loss: int, hole: float) -> dict[str, object]:
    """Deliver one take over the line; the hole opens after two seconds."""
    queue = Queue.open(folder / "station.db")
    take = new_take(folder, size=size)
    queue.add(take)
    do("ip link set lo up")
    with Running(ResumableUpload(), folder / "store") as server:
        do(SETUP, rate=rate)
        if loss:
            do(LOSE, loss=loss)
        timers = [threading.Timer(2.0, do, [SWALLOW]), threading.Timer(2.0 + hole, do, [HEAL])]
        for timer in timers if hole else ():
            timer.start()
        uploader = Uploader(queue, ServerSection(url=server.url), DeliverySection(), lambda *_: None, None)
        # Reading back would need the line a second time.
        uploader._server.read_back.lose()
        began = time.monotonic()
        uploader.run_once()
        seconds = time.monotonic() - began
        for timer in timers if hole else ():
            timer.join()
        do("tc qdisc del dev lo root")
        row = queue.row(take.take_id)
        same = [upload.data == take.path.read_bytes() for upload in server.stored()]
    queue.close()
    return {"seconds": seconds, "state": row.state, "same": same, "error": row.error and str(row.error)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("size", type=int)
    parser.add_argument("--rate", type=int, default=1000, help="kbit/s")
    parser.add_argument("--loss", type=int, default=0, help="percent")
    parser.add_argument("--hole", type=float, default=0.0, help="seconds")
    wishes = parser.parse_args()
    print(json.dumps(deliver(wishes.folder, wishes.size, wishes.rate, wishes.loss, wishes.hole)))


if __name__ == "__main__":
    main()
