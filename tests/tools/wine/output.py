"""A program run to its own end, not to that of its pipes.

What a program's driver starts inherits the pipes and may keep them for ever.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from typing import Any

POLL_SECONDS = 0.1
READ_BYTES = 65536


def run_to_end(command: list[str], seconds: float, **options: Any) -> subprocess.CompletedProcess[str]:
    """As subprocess.run() with its output captured as text; `options` are those of Popen. Raises OSError, and
    TimeoutExpired with what was printed, in bytes; the program is killed then."""
    deadline = time.monotonic() + seconds
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr, selectors.DefaultSelector() as waiting:
        out, err = bytearray(), bytearray()
        waiting.register(process.stdout, selectors.EVENT_READ, out)
        waiting.register(process.stderr, selectors.EVENT_READ, err)
        try:
            while not _is_over(process, waiting):
                if time.monotonic() > deadline:
                    raise subprocess.TimeoutExpired(command, seconds, bytes(out), bytes(err))
        finally:
            process.kill()
            process.wait()
    return subprocess.CompletedProcess(command, process.returncode, _text(out), _text(err))


def _is_over(process: subprocess.Popen[bytes], waiting: selectors.BaseSelector) -> bool:
    """The program has ended, and all that it printed is read."""
    # Asked first: what it printed last is in its pipes by then.
    ended = process.poll() is not None
    printed = False
    for key, _ in waiting.select(0 if ended else POLL_SECONDS):
        if data := os.read(key.fd, READ_BYTES):
            key.data.extend(data)
            printed = True
        else:
            waiting.unregister(key.fileobj)
    return ended and not printed


def _text(printed: bytearray) -> str:
    return printed.decode("utf-8", "replace").replace("\r\n", "\n")
