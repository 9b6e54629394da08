"""The devices of this computer, listed by a fresh capture process of its own.

A driver may hang while PortAudio asks it, and a process that waits in a driver may stay after it was killed.
"""

from __future__ import annotations

import logging
import os
import subprocess
import tempfile
from collections.abc import Mapping
from typing import IO

from audio.audioerror import AudioError
from audio.capture.process import PARTING_SECONDS, command_line, creation_flags
from audio.protocol.codec import decode
from audio.protocol.messages import DeviceInfo, DeviceList
from config.base import say

log = logging.getLogger(__name__)
LIST_SECONDS = 30.0
"""Python alone may need many seconds to start from a slow disk, or beside a virus scanner."""
LIST_TRIES = 2
"""A driver that hung while another program loaded it answers the next process."""
MOST_BYTES = 4_000_000
"""Of a list, and of what its drivers print beside it."""
NO_LIST = say("The sound system does not list its devices.")
TRY_AGAIN = say("Plug the headset in again, or restart the computer, and try once more.")


def list_devices(
    env: Mapping[str, str] | None = None, timeout: float = LIST_SECONDS
) -> tuple[DeviceInfo, ...]:
    """The devices as a fresh capture process sees them, a second one where the first has hung for `timeout`
    seconds. Raises AudioError where both hang, and where one fails."""
    for _ in range(LIST_TRIES):
        try:
            printed, complaint = _listed(env, timeout)
        except subprocess.TimeoutExpired:
            log.warning("no device list after %.0f s", timeout)
        except OSError as error:
            log.error("no device list: %s", error)
            raise AudioError(NO_LIST, TRY_AGAIN) from error
        else:
            return _found(printed, complaint)
    raise AudioError(NO_LIST, TRY_AGAIN)


def _listed(env: Mapping[str, str] | None, timeout: float) -> tuple[bytes, bytes]:
    """Output and log of one process. Raises OSError, and TimeoutExpired with the process killed."""
    # Files: a pipe, and a `with` of the process, would wait for an end that may never come.
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(
            command_line("--list"),
            # Not ours: keys that are pressed meanwhile are for us, and a service has none to hand on.
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=complaint,
            env={**os.environ, **(env or {})},
            creationflags=creation_flags(),
        )
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            raise
        return _text(printed), _text(complaint)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    try:
        process.wait(PARTING_SECONDS)
    except subprocess.TimeoutExpired:
        log.error("the process %d waits in a driver and can't be ended; left alone", process.pid)


def _text(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(MOST_BYTES)


def _found(printed: bytes, complaint: bytes) -> tuple[DeviceInfo, ...]:
    for line in printed.decode("utf-8", "replace").splitlines():
        try:
            event = decode(line)
        except ValueError:
            # Some drivers print among our lines.
            continue
        if isinstance(event, DeviceList):
            return event.devices
    log.error("no device list: %s", complaint.decode("utf-8", "replace")[-500:])
    raise AudioError(NO_LIST, TRY_AGAIN)
