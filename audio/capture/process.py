"""The station's end of the capture process.

1. send() never blocks: commands go through a queue to a writer thread.
2. Events arrive on the reader thread; the last one is always Died, whatever ended the process.
3. close() lets a running take finish only if asked; after `timeout` the process is killed.
"""

from __future__ import annotations

import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from audio.protocol import messages as ev
from audio.protocol.codec import decode, encode
from config.disk import is_file

log = logging.getLogger(__name__)
LOG_BYTES = 2_000_000

PARTING_SECONDS = 5.0
"""For what is in a pipe of a process that has ended; a tenth of a second is enough."""


def command_line(*arguments: str) -> list[str]:
    """How to start the capture process; a frozen build has another interpreter here."""
    # -P: a file of the current folder that is called wave.py must not be taken for ours.
    return [sys.executable, "-P", "-m", "audio", *arguments]


def creation_flags() -> int:
    """No console window for the child on Windows."""
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW
    return 0


def _begin_anew(log_file: Path) -> None:
    """Keep one log of before where this one has grown."""
    try:
        if is_file(log_file) and log_file.stat().st_size > LOG_BYTES:
            log_file.replace(log_file.with_name(log_file.name + ".1"))
    except OSError as error:
        # A process that still records has it open (Windows).
        log.info("%s goes on: %s", log_file.name, error)


class CaptureProcess:
    """One capture process from start to Died; make a new one to start again."""

    def __init__(
        self,
        log_file: Path,
        on_event: Callable[[ev.Event], None],
        *,
        lock: Path | None = None,
        speed: float = 1.0,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._on_event = on_event
        self._commands: queue.SimpleQueue[ev.Command | None] = queue.SimpleQueue()
        arguments = [f"--speed={speed}"] + ([f"--lock={lock}"] if lock else [])
        log_file.parent.mkdir(parents=True, exist_ok=True)
        _begin_anew(log_file)
        with log_file.open("ab") as stderr:
            self._process = subprocess.Popen(
                command_line(*arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, **(env or {})},
                creationflags=creation_flags(),
                # A closed terminal or Ctrl-C must not reach a take that runs.
                start_new_session=True,
            )
        # Daemons: a process that is left with a running take, or that hangs in its driver, keeps its pipes.
        self._writer = threading.Thread(target=self._write, name="capture-commands", daemon=True)
        self._reader = threading.Thread(target=self._read, name="capture-events", daemon=True)
        self._writer.start()
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, command: ev.Command) -> None:
        self._commands.put(command)

    def close(self, timeout: float = 5.0) -> None:
        """End of commands; wait for the process, kill it after `timeout` seconds, part from it."""
        self._commands.put(None)
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            log.error("the capture process did not leave; killed")
            self._process.kill()
        self._part()

    def leave(self, timeout: float) -> None:
        """End of commands; a process that still finishes a take is left alone with it."""
        self._commands.put(None)
        self._writer.join(PARTING_SECONDS)
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            log.warning("left the capture process %d with a running take", self._process.pid)
            return
        self._part()

    def _part(self) -> None:
        """Join both threads; not for ever: Windows ends no process before its driver lets it go."""
        for thread in (self._writer, self._reader):
            thread.join(PARTING_SECONDS)
            if thread.is_alive():
                log.error("the capture process still holds its pipes; left alone")

    def _write(self) -> None:
        assert self._process.stdin is not None
        try:
            while (command := self._commands.get()) is not None:
                self._process.stdin.write(encode(command).encode("ascii") + b"\n")
                self._process.stdin.flush()
        except OSError as error:
            log.warning("the capture process does not listen: %s", error)
        finally:
            try:
                self._process.stdin.close()
            except OSError:
                log.debug("its pipe was closed already")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            try:
                event = decode(raw.decode("utf-8"))
            except ValueError as error:
                log.error("ignored an event: %s", error)
                continue
            self._on_event(event)
        self._process.stdout.close()
        self._on_event(ev.Died(self._process.wait()))
        # Wakes the writer of a process that died by itself.
        self._commands.put(None)
