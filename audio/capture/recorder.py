"""From blocks and commands to takes and events. Runs on one thread and starts none.

1. A take is cut by frame index: it begins PREROLL before the command came, so that a first note
   that is early is not cut, and ends with the block in which StopTake came, so that the last is not.
2. The first SETTLE of a stream is thrown away: devices deliver rubbish there.
3. Whatever ends a take (stop, maximum, dead device, full disk), what was captured is kept.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from audio.audioerror import AudioError
from audio.capture.diskfault import fault_of
from audio.capture.running_take import Ending, RunningTake, frame_count
from audio.device.player import Playing, load_sound
from audio.device.source import Block, Source
from audio.device.virtual import VirtualSource
from audio.levels import LEVEL_SECONDS, NEAR_FULL_SCALE, dbfs, peak
from audio.measure.stuck import StuckWatch
from audio.protocol import messages as ev

log = logging.getLogger(__name__)
PREROLL_SECONDS = 0.3
SETTLE_SECONDS = 0.3
PROGRESS_SECONDS = 1.0


class Recorder:
    """Give it an open source, then commands and blocks in the order in which they came."""

    def __init__(self, source: Source, emit: Callable[[ev.Event], None]) -> None:
        self._source = source
        self._emit = emit
        self._take: RunningTake | None = None
        self._stopping = False
        """StopTake came; the block of its moment is on the way."""
        self._playing: Playing | None = None
        self._started = False
        self._ring: deque[Block] = deque()
        self._ring_frames = 0
        self._next_frame = 0
        self._settle_frames = frame_count(SETTLE_SECONDS, source.samplerate)
        self._preroll_frames = frame_count(PREROLL_SECONDS, source.samplerate)
        self._peak = 0.0
        self._peak_frames = 0
        self._stuck = StuckWatch(source.samplerate)
        self._progress_at = PROGRESS_SECONDS

    @property
    def recording(self) -> bool:
        return self._take is not None

    # --- commands

    def handle(self, command: ev.Command) -> None:
        """Do one command; what can't be done is answered by Refused or TakeFailed."""
        try:
            match command:
                case ev.Play(play_id, path, ear):
                    self._play(play_id, load_sound(Path(path), self._source.samplerate, ear))
                case ev.StopPlay():
                    self._stop_play()
                case ev.StartTake():
                    self._start(command)
                case ev.StopTake(take_id):
                    if self._take is not None and self._take.command.take_id == take_id:
                        self._stopping = True
                case ev.Feed(path) if isinstance(self._source, VirtualSource):
                    self._source.feed(Path(path))
                case ev.Fault(name) if isinstance(self._source, VirtualSource):
                    self._source.fault(name)
                case _:
                    self._emit(ev.Refused("refused", f"{type(command).__name__} on this headset"))
        except AudioError as error:
            self._emit(ev.Refused(error.code, str(error)))

    def _play(self, play_id: str, samples: object) -> None:
        self._playing = self._source.player.play(play_id, samples)  # type: ignore[arg-type]
        self._started = False

    def _stop_play(self) -> None:
        self._source.player.silence()
        if self._playing is not None:
            self._emit(ev.PlayEnded(self._playing.play_id, complete=False))
            self._playing = None

    def _start(self, command: ev.StartTake) -> None:
        if self._take is not None:
            self._emit(ev.TakeFailed(command.take_id, "refused", "another take runs"))
            return
        sound = None
        if command.accompaniment:
            try:
                sound = load_sound(Path(command.accompaniment), self._source.samplerate)
            except AudioError as error:
                self._emit(ev.TakeFailed(command.take_id, error.code, str(error)))
                return
        preroll = list(self._ring) if command.facts is not None else []
        frames = sum(len(block.samples) for block in preroll)
        seconds = frames / self._source.samplerate
        began = datetime.now().astimezone() - timedelta(seconds=seconds)
        first_frame = preroll[0].index if preroll else self._next_frame
        try:
            self._take = RunningTake(command, self._source, began, first_frame)
            self._take.extend(frames)
            for block in preroll:
                self._take.append(block, 0)
        except OSError as error:
            self._disk_failed(command.take_id, error)
            return
        self._progress_at = PROGRESS_SECONDS
        if sound is not None:
            self._take.accompaniment = self._source.player.play(command.take_id, sound)
        self._emit(ev.TakeStarted(command.take_id, self._take.started_at))

    # --- blocks

    def process_block(self, block: Block, queued: int) -> None:
        """Take in one block; `queued` blocks wait behind it."""
        self._next_frame = block.index + len(block.samples)
        self._report_playing()
        if block.index < self._settle_frames:
            return
        self._stuck.note(block.samples)
        if self._take is not None:
            self._append(self._take, block, queued)
        self._ring.append(block)
        self._ring_frames += len(block.samples)
        while self._ring_frames - len(self._ring[0].samples) >= self._preroll_frames:
            self._ring_frames -= len(self._ring.popleft().samples)
        # Last: it wakes the thread that tells the station, which then waits for nothing.
        self._report_level(block)

    def _append(self, take: RunningTake, block: Block, queued: int) -> None:
        try:
            more = take.append(block, queued)
        except OSError as error:
            log.error("the disk failed in take %s: %s", take.command.take_id, error)
            self.end("disk", fault_of(error))
            return
        if not more:
            self.end("maximum")
        elif self._stopping:
            self.end("stop")
        elif take.seconds >= self._progress_at:
            self._progress_at = take.seconds + PROGRESS_SECONDS
            lost, muted = round(take.lost_ms, 1), round(self._stuck.seconds, 1)
            self._emit(ev.TakeProgress(take.command.take_id, take.seconds, lost, muted))

    def end(self, ended_by: Ending, code: str = "nothing_recorded") -> None:
        """End the take that runs, if one does, and keep what there is; `code` where there is nothing."""
        take, self._take = self._take, None
        stopping, self._stopping = self._stopping, False
        if take is None:
            return
        if stopping and ended_by == "device":
            ended_by = "stop"
        if take.accompaniment is not None:
            self._source.player.silence()
        if take.seconds == 0:
            take.abandon()
            self._emit(ev.TakeFailed(take.command.take_id, code))
            return
        try:
            self._emit(take.finish(ended_by))
        except OSError as error:
            take.abandon()
            self._disk_failed(take.command.take_id, error)

    def _disk_failed(self, take_id: str, error: OSError) -> None:
        log.error("take %s can't be written: %s", take_id, error)
        if self._take is not None:
            self._take.abandon()
            self._take = None
        self._emit(ev.TakeFailed(take_id, fault_of(error), str(error)))

    # --- reports

    def _report_level(self, block: Block) -> None:
        self._peak = max(self._peak, peak(block.samples))
        self._peak_frames += len(block.samples)
        if self._peak_frames >= LEVEL_SECONDS * self._source.samplerate:
            clipped, muted = self._peak >= NEAR_FULL_SCALE, round(self._stuck.seconds, 1)
            self._emit(ev.Level(round(dbfs(self._peak), 1), clipped, muted))
            self._peak, self._peak_frames = 0.0, 0

    def _report_playing(self) -> None:
        playing = self._playing
        if playing is None:
            return
        if not self._started and playing.began_frame is not None:
            self._started = True
            self._emit(ev.PlayStarted(playing.play_id))
        if playing.ended:
            left = self._source.player.frames - (playing.began_frame or 0) - len(playing.samples)
            if left >= self._source.output_seconds * self._source.samplerate:
                self._playing = None
                self._emit(ev.PlayEnded(playing.play_id))
