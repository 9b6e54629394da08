"""Clients to be killed: one process that has everything imported forks one for each line it reads.

A line is the seconds after which the client dies by SIGKILL; the answer says whether it still worked.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from config.settings import DeliverySection, ServerSection
from tests.uploader.conftest import QUICK, TIMING
from uploader.queue.queue import Queue
from uploader.send.worker import Uploader


def deliver(database: Path, url: str) -> None:
    queue = Queue.open(database)
    server = ServerSection(url=url)
    Uploader(
        queue, server, DeliverySection(), lambda *_: None, None, timing=TIMING, retry_times=QUICK
    ).run_once()
    queue.close()


def kill_clients(database: Path, url: str, delays: Iterable[float]) -> int:
    """How many of the clients still worked when they were killed."""
    command = [sys.executable, "-m", "tests.uploader.client_kills", str(database), url]
    text = "".join(f"{delay}\n" for delay in delays)
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return done.stdout.split().count("killed")


def main(database: Path, url: str) -> None:
    if sys.platform == "win32":
        raise SystemExit("needs fork")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            deliver(database, url)
            os._exit(0)
        time.sleep(float(line))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "ended", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
