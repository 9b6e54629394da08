"""The capture process: the only place where a headset is open.

1. One thread records; it never waits for the parent. Events go out through a queue of their own,
   and levels are dropped when nobody reads them.
2. No block for DEAD_SECONDS is a dead device, blocks from another device are none of ours: end the
   take, say so, leave. A fresh process sees a fresh device list; waiting for a dead stream to stop can take
   for ever.
3. At the end of stdin the running take goes on to its maximum; then the process leaves.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TextIO

from audio.audioerror import AudioError
from audio.capture.recorder import Recorder
from audio.device.clock import now
from audio.device.moved import MoveWatch, watch
from audio.device.source import Block, Source
from audio.device.virtual import VirtualSource
from audio.protocol import messages as ev
from audio.protocol.codec import decode, encode

log = logging.getLogger(__name__)
DEAD_SECONDS = 1.0
WATCH_SECONDS = 0.35
LEVELS_WAITING = 8
FAREWELL_SECONDS = 1.0
EXIT_DEVICE = 3

OpenSource = Callable[[ev.OpenDevices], Source]


class EventWriter:
    """Writes events to the parent on a thread of its own; a dead or frozen parent stops nothing."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._events: queue.SimpleQueue[ev.Event | None] = queue.SimpleQueue()
        # Not joined for ever: a frozen parent may leave it inside write() until the process ends.
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)
        self._thread.start()

    def send(self, event: ev.Event) -> None:
        if not isinstance(event, ev.Level) or self._events.qsize() < LEVELS_WAITING:
            self._events.put(event)

    def close(self) -> None:
        self._events.put(None)
        self._thread.join(FAREWELL_SECONDS)

    def _run(self) -> None:
        deaf = False
        while (event := self._events.get()) is not None:
            if deaf:
                continue
            try:
                self._out.write(encode(event) + "\n")
                self._out.flush()
            except (OSError, ValueError) as error:
                log.warning("the station does not listen any more: %s", error)
                deaf = True


@dataclass(frozen=True)
class Lost:
    """The device is no longer the one that was opened; `code` as in DeviceLost."""

    code: str


class Child:
    """Commands in, blocks in, events out; run() on the main thread of the process."""

    def __init__(self, open_source: OpenSource, say: Callable[[ev.Event], None]) -> None:
        self._open_source = open_source
        self._say = say
        self._inbox: queue.SimpleQueue[Block | ev.Command | Lost | None] = queue.SimpleQueue()
        self._source: Source | None = None
        self._recorder: Recorder | None = None
        self._watch: MoveWatch | None = None
        self._quiet = 0.0
        self._looked_at = 0.0

    def read(self, lines: Iterable[str]) -> None:
        """Pass on commands until the end of `lines`; on a thread of its own."""
        for line in lines:
            try:
                self._inbox.put(decode(line))
            except ValueError as error:
                log.error("ignored a command: %s", error)
        self._inbox.put(None)

    def run(self) -> int:
        """Until the end of the commands, or a dead device; returns the exit code."""
        leaving = False
        while not (leaving and not self._recording):
            item: Block | ev.Command | Lost | None
            try:
                item = self._inbox.get(timeout=WATCH_SECONDS)
            except queue.Empty:
                if not self._dead():
                    continue
                item = Lost("stalled")
            if item is None:
                leaving = True
            elif isinstance(item, Block):
                self._process_block(item)
            elif isinstance(item, Lost):
                self._lose_device(item)
                return EXIT_DEVICE
            else:
                self._handle(item)
        self._close()
        return 0

    @property
    def _recording(self) -> bool:
        return self._recorder is not None and self._recorder.recording

    def _dead(self) -> bool:
        """Add up what was waited: time in which this process itself was stopped proves nothing."""
        before, self._looked_at = self._looked_at, now()
        self._quiet += min(self._looked_at - before, 2 * WATCH_SECONDS)
        return self._source is not None and self._quiet > DEAD_SECONDS

    def _process_block(self, block: Block) -> None:
        self._quiet, self._looked_at = 0.0, now()
        if self._recorder is not None:
            self._recorder.process_block(block, self._inbox.qsize())

    def _handle(self, command: ev.Command) -> None:
        if isinstance(command, ev.OpenDevices):
            self._open(command)
        elif self._recorder is not None:
            self._recorder.handle(command)
        elif isinstance(command, ev.StartTake):
            self._say(ev.TakeFailed(command.take_id, "no_device", "no headset is open"))
        elif not isinstance(command, ev.StopPlay | ev.StopTake):
            self._say(ev.Refused("no_device", "no headset is open"))

    def _open(self, command: ev.OpenDevices) -> None:
        if self._source is not None:
            self._say(ev.Refused("refused", "a headset is open already"))
            return
        try:
            source = self._open_source(command)
            self._recorder = Recorder(source, self._say)
            self._quiet, self._looked_at = -DEAD_SECONDS, now()
            source.start(self._inbox.put)
        except AudioError as error:
            self._recorder = None
            self._say(ev.Refused(error.code, str(error)))
            return
        self._source = source
        if not isinstance(source, VirtualSource):
            self._watch = watch(lambda: self._inbox.put(Lost("moved")))
        self._say(ev.Opened(source.input, source.output, source.samplerate))

    def _lose_device(self, lost: Lost) -> None:
        log.error("the device is lost: %s", lost.code)
        if self._recorder is not None:
            self._recorder.end("device")
        self._say(ev.DeviceLost(lost.code))
        # Aborting a dead stream may hang in the driver; the process leaves either way.
        closing = threading.Thread(target=self._close, daemon=True)
        closing.start()
        closing.join(FAREWELL_SECONDS)

    def _close(self) -> None:
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        if self._source is not None:
            self._source.close()
            self._source = None
