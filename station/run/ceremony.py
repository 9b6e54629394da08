"""What is asked of the persons who pass a session from stage to stage: one question after another. Pure.

Feed `answer()` what was typed; when `question` is None, `act()` is what they did.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from config import Settings
from config.base import Message, say
from station.run.pins import fits, is_code, kept
from station.session import day as acts
from station.session.day import Role, SessionDay, Signer
from station.session.stages import NAME, signers

REASON = 200
"""Characters of a reason."""
WRONG_CODES = 5
"""After so many the questions begin anew, and who tries codes is seen to try."""


class Purpose(Enum):
    """What the persons are about to do."""

    OPEN = "open"
    CHECKIN = "checkin"
    CLOSE = "close"
    SEAL = "seal"
    REOPEN = "reopen"
    CLEAR = "clear"
    UNLOCK = "unlock"


class Ask(Enum):
    """What kind of answer is wanted."""

    READ = "read"
    """Only Enter: the text above was read."""
    REASON = "reason"
    NAME = "name"
    ROLE = "role"
    NEW_CODE = "new_code"
    AGAIN = "again"
    """The new code once more."""
    CODE = "code"


SECRET = frozenset({Ask.NEW_CODE, Ask.AGAIN, Ask.CODE})
"""Answers that nobody may read over a shoulder."""
ROLES: tuple[Role, ...] = ("proctor", "it", "principal", "custodian", "supervisor")
USUAL: tuple[Role, Role] = ("proctor", "principal")
"""Who opens where two must."""
ACTS: dict[Purpose, type] = {
    Purpose.CHECKIN: acts.CheckInEnded,
    Purpose.CLOSE: acts.SessionClosed,
    Purpose.SEAL: acts.SessionSealed,
    Purpose.REOPEN: acts.SessionReopened,
    Purpose.CLEAR: acts.ClearingBegun,
}


@dataclass(frozen=True)
class Question:
    ask: Ask
    person: int = 0
    """Which of the persons, from 0."""
    offered: str = ""
    """Stands in the field already."""


@dataclass(frozen=True)
class Ceremony:
    """Frozen; `answer()` gives the next."""

    purpose: Purpose
    questions: tuple[Question, ...]
    day: SessionDay
    signed: tuple[Signer, ...] = ()
    reason: str = ""
    code: str = ""
    """The new code that is to be repeated; in no journal."""
    wrong: int = field(default=0)

    @property
    def question(self) -> Question | None:
        return self.questions[0] if self.questions else None

    @property
    def by(self) -> tuple[str, ...]:
        """Names of those who have signed."""
        return tuple(person.name for person in self.signed)

    def answer(self, text: str) -> tuple[Ceremony, Message | None]:
        """The ceremony after an answer, or as it was and what is wrong with it."""
        question = self.question
        assert question is not None
        problem = self._problem(question, text.strip())
        if problem is not None:
            wrong = self.wrong + (question.ask is Ask.CODE)
            return replace(self, wrong=wrong), problem
        return replace(self._with(question, text.strip()), questions=self.questions[1:], wrong=0), None

    def _problem(self, question: Question, text: str) -> Message | None:
        match question.ask:
            case Ask.REASON if not text or len(text) > REASON or not text.isprintable():
                return say("Write the reason in a few words.")
            case Ask.NAME if not text or len(text) > NAME or not text.isprintable():
                return say("A name is needed, of at most {count} characters.", count=NAME)
            case Ask.NAME if text.casefold() in {name.casefold() for name in self.by}:
                return say("{count} {count|person is|different persons are} needed.", count=2)
            case Ask.ROLE if text not in {str(number) for number in range(1, len(ROLES) + 1)}:
                return say("Type a number from 1 to {count}.", count=len(ROLES))
            case Ask.NEW_CODE if not fits(text):
                return say("A code has six digits or more.")
            case Ask.NEW_CODE if any(is_code(text, person.code) for person in self.signed if person.code):
                return say("Please choose another code.")
            case Ask.AGAIN if text != self.code:
                return say("This is not the same code. Type it once more.")
            case Ask.CODE if self._who(text) is None:
                return say("Nobody who can sign now has this code.")
        return None

    def _with(self, question: Question, text: str) -> Ceremony:
        match question.ask:
            case Ask.REASON:
                return replace(self, reason=text)
            case Ask.NAME:
                return replace(self, signed=(*self.signed, Signer(text)))
            case Ask.ROLE:
                return self._last(role=ROLES[int(text) - 1])
            case Ask.NEW_CODE:
                return replace(self, code=text)
            case Ask.AGAIN:
                return replace(self._last(code=kept(text)), code="")
            case Ask.CODE:
                person = self._who(text)
                assert person is not None
                return replace(self, signed=(*self.signed, person))
        return self

    def _last(self, **changes: str) -> Ceremony:
        return replace(self, signed=(*self.signed[:-1], replace(self.signed[-1], **changes)))  # type: ignore[arg-type]

    def _who(self, code: str) -> Signer | None:
        left = (person for person in self.day.persons if person.name not in self.by)
        return next((person for person in left if is_code(code, person.code)), None) if fits(code) else None

    def act(self, at: str, settings: Settings, acknowledged: tuple[str, ...] = ()) -> acts.Act | None:
        """What they did; None for what is more than an entry: to seal and to clear."""
        match self.purpose:
            case Purpose.OPEN:
                opens = _opens(settings)
                checkin = settings.session.checkin == "on"
                early = "" if opens is None else opens.isoformat()
                return acts.SessionOpened(
                    at, self.signed, settings.session.custody, checkin, early, self.reason
                )
            case Purpose.CHECKIN:
                return acts.CheckInEnded(at, self.by)
            case Purpose.CLOSE:
                return acts.SessionClosed(at, self.by, acknowledged)
            case Purpose.REOPEN:
                return acts.SessionReopened(at, self.by, self.reason)
            case Purpose.UNLOCK if self.by and self.by[0] != self.day.on_duty:
                return acts.DutyTaken(at, self.by)
        return None


def ceremony(
    purpose: Purpose, day: SessionDay, settings: Settings, now: datetime, to_read: bool = False
) -> Ceremony:
    """What must be asked; `to_read`: there is something that must be acknowledged first."""
    questions = [Question(Ask.READ)] if to_read else []
    if purpose is Purpose.OPEN:
        opens = _opens(settings)
        if opens is not None and now < opens:
            questions.append(Question(Ask.REASON))
        return Ceremony(purpose, (*questions, *_opening(settings.session.custody == "two")), day)
    if purpose is Purpose.REOPEN:
        questions.append(Question(Ask.REASON))
    if day.custody == "two":
        count = 1 if purpose is Purpose.UNLOCK else signers(day, ACTS[purpose])
        questions += [Question(Ask.CODE, person) for person in range(count)]
    elif purpose is Purpose.UNLOCK:
        questions.append(Question(Ask.READ))
    else:
        questions.append(Question(Ask.NAME, 0, day.on_duty))
    return Ceremony(purpose, tuple(questions), day)


def _opening(two: bool) -> tuple[Question, ...]:
    if not two:
        return (Question(Ask.NAME),)
    return tuple(
        question
        for person, role in enumerate(USUAL)
        for question in (
            Question(Ask.NAME, person),
            Question(Ask.ROLE, person, str(ROLES.index(role) + 1)),
            Question(Ask.NEW_CODE, person),
            Question(Ask.AGAIN, person),
        )
    )


def _opens(settings: Settings) -> datetime | None:
    return None if settings.session.opens is None else settings.session.opens.astimezone()
