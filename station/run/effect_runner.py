"""Does the effects of the session with the real headset, files and queue.

1. perform() and handle() are called on the conductor's thread only, so nothing here needs a lock.
2. What takes time (measuring a file) runs as a job and always posts an event later.
3. Sounds and probes carry an id of their own: the end of one that was left is not heard any more, and
   what was measured is not filed under the next pupil.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from audio import FAULTS
from audio.protocol import messages as heard
from config.base import Message, StationError, say, stored
from config.disk import is_file
from config.kit import Item
from station.run.conductor import Changed, Inbox
from station.session import effects as fx
from station.session import events as ev
from station.session.state import Phase, Session
from station.takes.material import Material

log = logging.getLogger(__name__)
UNMEASURED = say("The headset check can't be measured. Repeat it.")


class CapturePort(Protocol):
    """The part of audio.capture.process.CaptureProcess that effects need; send() never blocks."""

    def send(self, command: heard.Command) -> None: ...


class ExaminerPort(Protocol):
    """Measures recorded files (station.takes.examiner); may take up to a second each."""

    def silence(self, path: Path) -> ev.CheckMeasured: ...
    def singing(self, path: Path, floor_dbfs: float | None) -> ev.CheckMeasured: ...
    def take(
        self, take_id: str, path: Path, sha256: str, item: Item, floor_dbfs: float | None
    ) -> ev.TakeJudged: ...


class DeliveryPort(Protocol):
    """The part of the uploader that the session drives."""

    def add(self, take: Path, *, just_read: bool) -> None: ...
    def hold(self) -> None: ...
    def release(self) -> None: ...


class EffectRunner:
    """The runner of a real session."""

    def __init__(
        self,
        capture: CapturePort,
        material: Material,
        examiner: ExaminerPort,
        delivery: DeliveryPort,
        jobs: Executor,
        post: Callable[[Inbox], None],
    ) -> None:
        self._capture = capture
        self._material = material
        self._examiner = examiner
        self._delivery = delivery
        self._jobs = jobs
        self._post = post
        self._numbers = itertools.count(1)
        self._play_id = ""
        self._playing = Path()
        self._probe_id = ""
        self._probe_step: Literal["silence", "singing"] = "silence"
        self._openings = 0
        """Of the headset, by this program."""
        self._measuring = ""
        """The probe whose measurement is waited for."""
        self._undelivered: list[Path] = []

    # --- effects

    def perform(self, effect: fx.Effect, session: Session) -> None:
        """All but StartTimer, which is the conductor's own."""
        match effect:
            case fx.StopActivity():
                self._stop_activity()
            case fx.RecordProbe(step, seconds):
                self._record_probe(step, seconds)
            case fx.PlaySound(sound, item_id):
                self._play(sound, item_id)
            case fx.RecordTake():
                self._start_take(effect)
            case fx.EndTake(take_id):
                self._capture.send(heard.StopTake(take_id))
            case fx.JudgeTake(take_id):
                self._judge(take_id, session)
            case fx.Deliver(take_id):
                self._deliver(take_id, session)

    def _fresh_id(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"

    def _stop_activity(self) -> None:
        if self._play_id:
            self._capture.send(heard.StopPlay())
        if self._probe_id:
            self._capture.send(heard.StopTake(self._probe_id))
        self._play_id = self._probe_id = self._measuring = ""

    def _probe_path(self, step: str) -> Path:
        return self._material.probes / f"check_{step}.wav"

    def _record_probe(self, step: Literal["silence", "singing"], seconds: float) -> None:
        self._probe_id, self._probe_step = self._fresh_id("probe"), step
        self._capture.send(heard.StartTake(self._probe_id, str(self._probe_path(step)), seconds))

    def _play(self, sound: str, item_id: str) -> None:
        self._playing = self._sound_path(sound, item_id)
        if self._material.renew is not None and not is_file(self._playing):
            # The cache was cleared meanwhile.
            try:
                self._material = self._material.renew()
                self._playing = self._sound_path(sound, item_id)
            except StationError:
                log.exception("the sounds can't be prepared again")
        self._play_id = self._fresh_id("play")
        self._capture.send(heard.Play(self._play_id, str(self._playing)))

    def _sound_path(self, sound: str, item_id: str) -> Path:
        if sound == "probe":
            return self._probe_path("singing")
        prompts = self._material.prompts if sound == "prompt" else {}
        return prompts.get(item_id, self._material.phrase)

    def _start_take(self, effect: fx.RecordTake) -> None:
        self._delivery.hold()
        self._capture.send(
            self._material.start_take(effect.take_id, effect.student_id, effect.item_id, effect.attempt)
        )

    def _judge(self, take_id: str, session: Session) -> None:
        take = session.take
        assert take is not None
        path = self._material.takes / take.file
        item = self._material.items[take.item_id]
        floor = floor_of(session)
        broken = ev.TakeJudged(take_id, ok=False, reasons=("unreadable",))
        self._submit(lambda: self._examiner.take(take_id, path, take.sha256, item, floor), broken)

    def _deliver(self, take_id: str, session: Session) -> None:
        """What the queue did not take before comes along."""
        take = next(take for take in session.pupil.takes if take.take_id == take_id)
        waiting, self._undelivered = [*self._undelivered, self._material.takes / take.file], []
        failure = None
        for path in waiting:
            try:
                self._delivery.add(path, just_read=True)
            except StationError as error:
                self._undelivered.append(path)
                failure = error
        if failure is not None:
            raise failure

    def _submit(self, job: Callable[[], ev.Event], broken: ev.Event, probe_id: str = "") -> None:
        def run() -> None:
            try:
                event = job()
            except Exception:
                # Whatever it is: nobody may wait for ever for a measurement.
                log.exception("a recording can't be measured")
                event = broken
            if probe_id == self._measuring or not probe_id:
                self._post(event)

        try:
            self._jobs.submit(run)
        except RuntimeError:
            log.warning("the station closes; this is measured at the next start")

    # --- what the capture process says

    def handle(self, event: heard.Event, session: Session) -> list[ev.Event]:
        match event:
            case heard.TakeStarted(take_id, started_at) if take_id == session.take_id:
                return [ev.TakeStarted(take_id, started_at)]
            case heard.TakeSaved():
                return self._saved_take(event, session)
            case heard.TakeFailed():
                return self._failed_take(event, session)
            case heard.PlayEnded(play_id) if play_id == self._play_id:
                self._play_id = ""
                return [ev.SoundEnded()]
            case heard.Opened() | heard.DeviceBack():
                self._openings += 1
                self._post(Changed(ready=True))
            case heard.Refused("bad_sound"):
                log.error("%s can't be played: %s", self._playing.name, event)
                # So that it is prepared anew when it is asked for again.
                with suppress(OSError):
                    self._playing.unlink()
                return self._sound_broke("bad_sound", session)
            case heard.Refused(code) | heard.DeviceLost(code):
                log.warning("headset: %s", event)
                self._post(Changed(ready=False, trouble=trouble(code)))
                return self._sound_broke(code, session)
            case heard.Died():
                return self._capture_died(event, session)
        return []

    def _sound_broke(self, code: str, session: Session) -> list[ev.Event]:
        """What played, if anything did, will not come to its end."""
        if not self._play_id:
            return []
        self._play_id = ""
        # In the headset check the next step finds out by itself.
        return [ev.SoundFailed(code) if session.phase is Phase.PROMPT else ev.SoundEnded()]

    def _capture_died(self, event: heard.Died, session: Session) -> list[ev.Event]:
        """A running take is settled from what is on the disk (station.takes.settle); the rest ends here."""
        log.error("the capture process ended: %s", event)
        self._post(Changed(ready=False, trouble=trouble("capture_died")))
        self._delivery.release()
        if self._probe_id:
            self._play_id = self._probe_id = ""
            return [ev.CheckMeasured(self._probe_step, "fail", stored(trouble("capture_died")))]
        return self._sound_broke("capture_died", session)

    def _saved_take(self, saved: heard.TakeSaved, session: Session) -> list[ev.Event]:
        if saved.take_id == self._probe_id:
            self._probe_id = ""
            self._measuring = saved.take_id
            path, floor, step = Path(saved.path), floor_of(session), self._probe_step
            broken = ev.CheckMeasured(step, "fail", stored(UNMEASURED))
            if step == "silence":
                at, headset = datetime.now().astimezone().isoformat(), self._openings
                self._submit(
                    lambda: replace(self._examiner.silence(path), at=at, headset=headset),
                    broken,
                    saved.take_id,
                )
            else:
                self._submit(lambda: self._examiner.singing(path, floor), broken, saved.take_id)
            return []
        if saved.take_id != session.take_id:
            return []
        self._delivery.release()
        seconds = saved.frames / saved.samplerate
        return [ev.TakeSaved(saved.take_id, Path(saved.path).name, seconds, saved.sha256, saved.ended_by)]

    def _failed_take(self, failed: heard.TakeFailed, session: Session) -> list[ev.Event]:
        if failed.take_id == self._probe_id:
            self._probe_id = ""
            advice = stored(trouble(failed.code))
            return [ev.CheckMeasured(self._probe_step, "fail", advice)]
        if failed.take_id != session.take_id:
            return []
        self._delivery.release()
        return [ev.TakeFailed(failed.take_id, failed.code)]


def floor_of(session: Session) -> float | None:
    """Noise floor in dBFS measured in the current pupil's headset check."""
    if not session.current:
        return None
    steps = (step for step in session.pupil.check if step.step == "silence")
    step = next(steps, None)
    return step.numbers.get("floor_dbfs") if step else None


def trouble(code: str) -> Message:
    """The sentence for a fault code of the capture process."""
    fault = FAULTS.get(code)
    if fault is None:
        return say("The headset does not work ({code}). Unplug it, plug it in again.", code=code)
    return fault.message
