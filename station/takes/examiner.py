"""Measures recorded files for the session: the two steps of the headset check, and takes.

Runs as a job beside the conductor. A file that can't be read back is a verdict, never an exception:
the proctor must hear of it while the pupil is still in the chair.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from config.base import StationError, stored
from config.kit import Item, Kit, Limits, parse_notation
from config.takes import FinishedFacts, Loss, Verdict, read_finished, write_facts
from station.session.events import CheckMeasured, CheckStep, TakeJudged

if TYPE_CHECKING:
    from audio.judge import Songs, StepReport

log = logging.getLogger(__name__)


class FileExaminer:
    """The examiner of a real session. What it measures with is imported by the first headset check: the first
    screen does not wait for it."""

    def __init__(self, limits: Limits, accompaniments: Mapping[str, Path], kit: Kit | None = None) -> None:
        """Without the kit nobody asks which song it was."""
        self._limits = limits
        self._accompaniments = accompaniments
        self._kit = kit

    @cached_property
    def _songs(self) -> Mapping[str, Songs]:
        return songs_of(self._kit) if self._kit is not None else {}

    def silence(self, path: Path) -> CheckMeasured:
        from audio.judge import judge_silence

        try:
            return _measured("silence", judge_silence(path, self._limits))
        except StationError as error:
            return CheckMeasured("silence", "fail", stored(error.what))

    def singing(self, path: Path, floor_dbfs: float | None) -> CheckMeasured:
        from audio.judge import judge_singing

        try:
            return _measured("singing", judge_singing(path, floor_dbfs, self._limits))
        except StationError as error:
            return CheckMeasured("singing", "fail", stored(error.what))

    def take(self, take_id: str, path: Path, sha256: str, item: Item, floor_dbfs: float | None) -> TakeJudged:
        """Judge a take from its file, which was saved with this digest, and write the verdict beside it."""
        from audio.judge import Expectation, judge

        try:
            facts = read_finished(path)
            verdict = judge(
                path,
                Expectation(
                    min_seconds=item.min_seconds,
                    max_seconds=item.max_seconds,
                    floor_dbfs=floor_dbfs,
                    loss=facts.loss or Loss(),
                    ended_by=facts.ended_by,
                    accompaniment=self._accompaniments.get(item.id),
                    accompaniment_at=facts.accompaniment_at,
                    songs=self._songs.get(item.id),
                ),
                self._limits,
            )
            if verdict.sha256 != sha256:
                return TakeJudged(take_id, ok=False, reasons=("unreadable",))
            _write_down(path, verdict, facts)
        except (OSError, StationError):
            log.exception("take %s can't be read back", take_id)
            return TakeJudged(take_id, ok=False, reasons=("unreadable",))
        return TakeJudged(take_id, verdict.ok, verdict.reasons, verdict.numbers, verdict.remarks)


def _write_down(path: Path, verdict: Verdict, facts: FinishedFacts) -> None:
    """The verdict beside the take. On a full disk it is said all the same: the recording can be read."""
    try:
        write_facts(path, facts.judged(verdict))
    except OSError:
        log.exception("the verdict of %s can't be written", path.name)


def songs_of(kit: Kit) -> dict[str, Songs]:
    """What each item's pupils should sing; empty where the kit does not want to know."""
    from audio.judge import Songs

    written = {}
    for place, item in enumerate(kit.items, start=1):
        try:
            notes = parse_notation(item.notation)
        except ValueError as error:
            log.info("the notation of %s is not read: %s", item.id, error)
            continue
        written[place] = item.id, [(note.pitch, note.beats) for note in notes]
    if not kit.song_remarks:
        return {}
    return {
        name: Songs(melody, {other: notes for other, (_, notes) in written.items() if other != place})
        for place, (name, melody) in written.items()
    }


def _measured(step: CheckStep, report: StepReport) -> CheckMeasured:
    advice = stored(report.advice) if report.advice is not None else None
    return CheckMeasured(step, report.outcome, advice, report.numbers)
