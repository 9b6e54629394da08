"""One take while it runs: its file, its facts, and what it lost."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Literal

import numpy as np

from audio.capture.loss import LossCounter
from audio.capture.reserve import Reserve
from audio.device.player import Playing
from audio.device.source import Block, Source
from audio.file.takefile import SYNC_SECONDS, TakeFile
from audio.file.waveheader import Tags
from audio.protocol import messages as ev
from config.disk import is_there, remove
from config.takes import Assignment, TakeFacts, part_path, write_facts

log = logging.getLogger(__name__)
Ending = Literal["stop", "maximum", "device", "disk"]


class RunningTake:
    """Feed it blocks, then finish() it. Raises OSError where the disk fails."""

    def __init__(self, command: ev.StartTake, source: Source, began: datetime, first_frame: int) -> None:
        self.command = command
        self.started_at = began.isoformat(timespec="milliseconds")
        self.accompaniment: Playing | None = None
        self._accompaniment_at: int | None = None
        self._source = source
        self._first_frame = first_frame
        self._loss = LossCounter(source.samplerate)
        self._path = Path(command.path)
        self._synced_at = monotonic()
        self._reserve = Reserve(self._path.parent)
        self._facts = self._begun(command.facts) if command.facts is not None else None
        """None for a probe."""
        self._prepare()
        self._file = TakeFile(self._path, source.samplerate, source.bits, self._tags(began))
        self._max_frames = frame_count(command.max_seconds, source.samplerate)

    def _begun(self, facts: Assignment) -> TakeFacts:
        source = self._source
        return facts.begun(
            started_at=self.started_at,
            samplerate=source.samplerate,
            bits=source.bits,
            device=(source.input, source.output, source.side),
        )

    def _tags(self, began: datetime) -> Tags:
        facts = self._facts
        if facts is None:
            return Tags(comment=self.command.take_id, started_at=began)
        return Tags(
            title=facts.item,
            artist=facts.student_id,
            comment=self.command.take_id,
            software=facts.software,
            originator=facts.station,
            started_at=began,
        )

    def _prepare(self) -> None:
        if self._facts is None:
            # A probe that was killed has left its part.
            for old in (self._path, part_path(self._path)):
                remove(old, missing_ok=True)
            return
        for old in (self._path, part_path(self._path)):
            if is_there(old):
                raise FileExistsError(old.name)
        self._reserve.hold()
        # Who comes after a crash can say how long this take may still go on.
        write_facts(self._path, replace(self._facts, max_seconds=self.command.max_seconds))

    @property
    def seconds(self) -> float:
        return self._file.frames / self._source.samplerate

    @property
    def lost_ms(self) -> float:
        return self._loss.lost_ms

    def extend(self, preroll_frames: int) -> None:
        """Frames from before the start do not count towards the maximum."""
        self._max_frames += preroll_frames

    def append(self, block: Block, queued: int) -> bool:
        """Add a block; False when the maximum is reached."""
        room = self._max_frames - self._file.frames
        if len(block.samples) >= room:
            block = replace(block, samples=block.samples[:room])
        self._loss.count(block, queued)
        self._place_accompaniment()
        self._file.append(block.samples)
        if monotonic() - self._synced_at >= SYNC_SECONDS and self._file.begin_sync():
            self._synced_at = monotonic()
        return self._file.frames < self._max_frames

    def finish(self, ended_by: Ending) -> ev.TakeSaved:
        """Close, write the facts, publish. On a full disk the reserve makes room for this."""
        self._reserve.release()
        sha256 = self._file.close()
        loss, position = self._loss.loss(), self._accompaniment_at
        if self._facts is not None:
            whole = self._facts.finished(
                frames=self._file.frames,
                sha256=sha256,
                ended_by=ended_by,
                loss=loss,
                accompaniment_at=position,
            )
            write_facts(self._path, whole)
        self._file.publish()
        return ev.TakeSaved(
            take_id=self.command.take_id,
            path=str(self._path),
            frames=self._file.frames,
            samplerate=self._source.samplerate,
            sha256=sha256,
            started_at=self.started_at,
            ended_by=ended_by,
            loss=loss,
            accompaniment_at=position,
        )

    def abandon(self) -> None:
        """Leave the part file to recovery."""
        self._file.abandon()

    def _place_accompaniment(self) -> None:
        """As soon as it sounds: what is lost later does not move its beginning."""
        playing = self.accompaniment
        if self._accompaniment_at is None and playing is not None and playing.began_frame is not None:
            self._accompaniment_at = playing.began_frame + self._source.loop_frames - self._first_frame


def frame_count(seconds: float, samplerate: int) -> int:
    """Frames in `seconds`, rounded to the nearest."""
    return int(np.rint(seconds * samplerate))
