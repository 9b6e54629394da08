"""The state of a session: frozen values, replaced and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from station.session.day import SessionDay, SessionStage
from station.session.events import CheckMeasured, IncidentNoted, SungElsewhere
from station.session.plan import ItemPlan, Plan

BATCH = 5
"""So many pupils are fetched at a time."""


class Phase(Enum):
    """Where the pupil in the chair is; HOME is an empty chair."""

    HOME = "home"
    IDENTITY = "identity"
    CHECK_SILENCE = "check_silence"
    CHECK_PHRASE = "check_phrase"
    CHECK_SINGING = "check_singing"
    CHECK_LISTEN = "check_listen"
    CHECK_RESULT = "check_result"
    INSTRUCTION = "instruction"
    STUDY = "study"
    PROMPT = "prompt"
    READY = "ready"
    RECORDING = "recording"
    SAVING = "saving"
    VERDICT = "verdict"


CHECK_PHASES = frozenset(phase for phase in Phase if phase.value.startswith("check_"))
TAKE_PHASES = frozenset({Phase.RECORDING, Phase.SAVING})
"""A take runs: nothing but its end may leave these."""


PUPIL_PHASES = TAKE_PHASES | {Phase.STUDY, Phase.PROMPT, Phase.READY}
"""The screen is the pupil's: nothing may cover it, stop it or be seen beside it."""


class Standing(Enum):
    """How far a pupil is."""

    WAITING = "waiting"
    STARTED = "started"
    DONE = "done"
    TROUBLED = "troubled"
    """Everything was sung, and the last take of an item is not ok: somebody must decide."""
    ABSENT = "absent"
    UNWELL = "unwell"
    REFUSED = "refused"
    EXCUSED = "excused"
    """Need not sing: somebody decided so, by name and with a reason."""

    @property
    def away(self) -> bool:
        return self in (Standing.ABSENT, Standing.UNWELL, Standing.REFUSED, Standing.EXCUSED)


BY_DEVICE = frozenset(
    {
        "unreadable",
        "partial",
        "lost_samples",
        "silent",
        "muted",
        "dropouts",
        "gated",
        "band_limited",
        "hum",
        "dc",
    }
)
"""Reasons of audio.judge that come from headset or computer; the others come from singing or the room."""
DEVICE_ATTEMPTS = 6
"""So many files of one item in all: after this the headset won't get well by trying."""


@dataclass(frozen=True)
class Take:
    """One recording; `file` is empty until it is saved."""

    take_id: str
    item_id: str
    attempt: int
    reason: str = ""
    """Why this attempt was allowed; empty for the first."""
    started_at: str = ""
    file: str = ""
    seconds: float = 0.0
    sha256: str = ""
    ended_by: str = ""
    interrupted: bool = False
    """The program was started again while it was recorded."""
    failed: str = ""
    """Fault code where nothing usable was recorded."""
    ok: bool | None = None
    """The verdict; None until it is known."""
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """Codes of what was noticed and does not count."""
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        return bool(self.file or self.failed)

    @property
    def by_device(self) -> bool:
        """The pupil could not help it."""
        return self.ended_by in ("device", "disk") or any(code in BY_DEVICE for code in self.reasons)


@dataclass(frozen=True)
class PupilState:
    student_id: str
    standing: Standing = Standing.WAITING
    late: bool = False
    checked_in: bool = False
    """Seen today, with the card."""
    note: str = ""
    takes: tuple[Take, ...] = ()
    check: tuple[CheckMeasured, ...] = ()
    """The measured steps of the last headset check."""
    skips: tuple[str, ...] = ()
    """Why headset checks were skipped: all of them, also of the times before."""
    unheard: int = 0
    """How often the melody of this check was not heard."""
    again: str = ""
    """Why the pupil was called again after everything was sung."""
    accepted: str = ""
    """Why the takes stay as they are, though not all are fine."""
    elsewhere: tuple[str, ...] = ()
    """Ids of other stations where everything was sung."""
    absent_at: tuple[str, ...] = ()
    """Ids of other stations where the pupil is marked absent: a hint, the pupil may still come here."""

    def last_attempt(self, item_id: str) -> int:
        """Number of the last attempt at an item, 0 before the first; numbers are never used twice."""
        return max((take.attempt for take in self.takes if take.item_id == item_id), default=0)

    def recorded(self, item_id: str) -> int:
        """Attempts that left a file."""
        return sum(take.item_id == item_id and bool(take.file) for take in self.takes)

    def has_sung(self, item_id: str) -> bool:
        return self.recorded(item_id) > 0

    def is_bad(self, item_id: str) -> bool:
        """The last take of an item that was sung is not ok."""
        takes = [take for take in self.takes if take.item_id == item_id]
        return self.has_sung(item_id) and takes[-1].ok is not True

    @property
    def only_elsewhere(self) -> bool:
        """Has sung everything, and not here: nothing more is expected here."""
        return bool(self.elsewhere) and self.standing not in (Standing.DONE, Standing.TROUBLED)

    @property
    def away(self) -> bool:
        """Has not sung everything, here or elsewhere, and won't."""
        return self.standing.away and not self.only_elsewhere

    @property
    def missing(self) -> bool:
        """Another station says so, and nobody here has seen the pupil or marked anything."""
        return bool(self.absent_at) and self.standing is Standing.WAITING and not self.checked_in

    @property
    def broke_off(self) -> bool:
        """Went away after something had been recorded."""
        return self.away and any(take.file for take in self.takes)


@dataclass(frozen=True)
class Totals:
    """Expected = done + troubled + elsewhere + away + broke_off + to_do, always."""

    expected: int
    done: int
    troubled: int
    elsewhere: int
    """Have sung everything at another station, and not here."""
    away: int
    """Nothing was recorded of them."""
    broke_off: int
    to_do: int


@dataclass(frozen=True)
class Session:
    """The whole state of an afternoon."""

    plan: Plan
    pupils: Mapping[str, PupilState]
    phase: Phase = Phase.HOME
    current: str = ""
    """student_id in the chair; empty at HOME."""
    item_index: int = 0
    take_id: str = ""
    """The take that runs or was just judged."""
    retake_reason: str = ""
    """Why the coming attempt is allowed."""
    waiting: bool = False
    """After a restart, or a prompt that failed: nothing runs until Continued."""
    sound_failed: str = ""
    """Fault code of the prompt that was not heard; Continued plays it again."""
    incidents: tuple[IncidentNoted, ...] = field(default=())
    good_check: CheckMeasured | None = None
    """The quiet room of the last headset check in which all was good; None since something was not."""
    told: Mapping[str, SungElsewhere] = field(default_factory=dict)
    """The last word of each other station with this roster."""
    day: SessionDay = field(default=SessionDay())
    """The stage of the session, and who answers for it."""

    @classmethod
    def fresh(cls, plan: Plan) -> Session:
        """Opened by nobody: a rehearsal, or a session from before there were stages."""
        return cls(plan=plan, pupils={sid: PupilState(sid) for sid in plan.pupils})

    @classmethod
    def prepared(cls, plan: Plan) -> Session:
        """Nobody sings before it is opened."""
        return replace(cls.fresh(plan), day=SessionDay(SessionStage.PREPARED))

    @property
    def pupil(self) -> PupilState:
        """The pupil in the chair. Raises KeyError at HOME."""
        return self.pupils[self.current]

    @property
    def item(self) -> ItemPlan:
        return self.plan.items[self.item_index]

    @property
    def take(self) -> Take | None:
        """The take that runs or was just judged."""
        if not self.current:
            return None
        return next((take for take in self.pupil.takes if take.take_id == self.take_id), None)

    @property
    def totals(self) -> Totals:
        pupils = self.pupils.values()
        done = sum(pupil.standing is Standing.DONE for pupil in pupils)
        troubled = sum(pupil.standing is Standing.TROUBLED for pupil in pupils)
        broke_off = sum(pupil.broke_off for pupil in pupils)
        away = sum(pupil.away for pupil in pupils) - broke_off
        elsewhere = sum(pupil.only_elsewhere for pupil in pupils)
        to_do = len(self.to_come)
        return Totals(len(pupils), done, troubled, elsewhere, away, broke_off, to_do)

    @property
    def troubled(self) -> tuple[str, ...]:
        """Pupils somebody must decide about, in the order of the roster."""
        return tuple(p.student_id for p in self.pupils.values() if p.standing is Standing.TROUBLED)

    @property
    def to_come(self) -> tuple[str, ...]:
        """Who is to sing: started ones first, then the order of the roster, those not seen yet last."""
        order = {Standing.STARTED: 0, Standing.WAITING: 1}
        waiting = [p for p in self.pupils.values() if p.standing in order and not p.only_elsewhere]
        waiting.sort(key=lambda pupil: (order[pupil.standing], pupil.late or pupil.missing))
        return tuple(pupil.student_id for pupil in waiting)

    @property
    def next_pupil(self) -> str:
        """Who should come next; empty for nobody."""
        return next(iter(self.to_come), "")

    @property
    def attempts_left(self) -> int:
        """Attempts still allowed for the current item: what the device spoiled costs the pupil none."""
        files = [take for take in self.pupil.takes if take.item_id == self.item.id and take.file]
        if len(files) >= max(DEVICE_ATTEMPTS, self.item.attempts):
            return 0
        return max(0, self.item.attempts - sum(not take.by_device for take in files))
