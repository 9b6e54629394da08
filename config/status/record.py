"""The status of a station: counts, codes and times, never the name of a pupil.

1. Numbers of pupils are in it only where their recordings have not arrived.
2. Every field is bounded and checked when a status is made and when one is read; the text under each is its
   manual (docs/status.md is made of it).
"""

from __future__ import annotations

import base64
import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from config.base.message import say, shown
from config.status.grammar import (
    HEAD,
    KIND,
    MAX_BYTES,
    MAX_COUNT,
    MAX_JSON_BYTES,
    MAX_KINDS,
    MAX_MISSING,
    MAX_SEQ,
    VERSION,
    Code,
    Count,
    Digest,
    Ident,
    Moment,
    Plain,
    Release,
    RosterMark,
    SealCode,
    Stage,
    StatusError,
    SungBits,
    ident,
)


class Facts(BaseModel):
    """Unknown fields are a newer station's: they are not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class SelfTest(Facts):
    at: Moment
    """When the last self-test was kept."""
    outcome: Code
    """How it ended: `ok`, `warn` or `fail`."""
    expires: Moment
    """Until when a pass holds."""
    failed: tuple[Code, ...] = Field(default=(), max_length=MAX_KINDS)
    """Checks that failed, by their ids."""


class Pupils(Facts):
    """Expected = done + absent + to do, always."""

    expected: Count = 0
    """Pupils of the roster."""
    done: Count = 0
    """Pupils who have sung everything."""
    absent: Count = 0
    """Pupils who do not come, are unwell or refuse."""
    to_do: Count = 0
    """Pupils who are still to sing."""
    care: Count = 0
    """Pupils with a recording that counts and is not fine."""
    elsewhere: Count = 0
    """Of those who have sung everything: pupils who did so at another station with the same roster only."""

    @model_validator(mode="after")
    def _balances(self) -> Pupils:
        if self.expected != self.done + self.absent + self.to_do or self.elsewhere > self.done:
            raise PydanticCustomError("balance", "pupils do not add up")
        return self


class TakeCounts(Facts):
    """Recordings of test items: recorded = l1 + l2 + l3 + sent + waiting + stuck + unqueued, always."""

    recorded: Count = 0
    """Recordings that the session knows."""
    l1: Count = 0
    """Delivered and proven by checksums."""
    l2: Count = 0
    """Delivered and proven by reading back."""
    l3: Count = 0
    """Delivered and proven by the centre's receipt."""
    sent: Count = 0
    """Sent, and not proven yet."""
    waiting: Count = 0
    """On the way, or to be sent by itself."""
    stuck: Count = 0
    """Somebody must do something."""
    unqueued: Count = 0
    """Recorded, and not among the uploads yet."""

    @property
    def delivered(self) -> int:
        """Proven at L1 or higher."""
        return self.l1 + self.l2 + self.l3

    @model_validator(mode="after")
    def _balances(self) -> TakeCounts:
        if self.recorded != self.delivered + self.sent + self.waiting + self.stuck + self.unqueued:
            raise PydanticCustomError("balance", "recordings do not add up")
        return self


class WaitReason(Facts):
    code: Code
    """Why recordings wait: a kind of fault, or their state where nothing is wrong."""
    count: Count
    """How many wait for it."""


class MissingTake(Facts):
    """A recording that is not proven to be delivered."""

    student: Ident
    """Number of the pupil; never a name."""
    item: Ident
    """What was sung."""
    attempt: Count
    """Which attempt, from 1."""
    code: Code
    """Why it has not arrived."""


class Incident(Facts):
    category: Code
    """What sort of thing happened; its words stay at the station."""
    count: Count
    """How often."""
    minutes: Count = 0
    """How long all of them lasted, where that was written down."""


class Ahead(Facts):
    """What is still to come."""

    bytes: int = Field(default=0, ge=0, le=MAX_BYTES)
    """Bytes that the server does not have yet."""
    oldest: Moment | None = None
    """When the oldest recording that has not arrived was begun."""
    delivered_at: Moment | None = None
    """When all will have arrived, at the present speed."""
    sung_at: Moment | None = None
    """When the last pupil will be done, at the present pace."""
    ends: Moment | None = None
    """When the last pupil must be done, as station.toml says."""
    paused: bool = False
    """Somebody has paused the uploads."""


class Status(Facts):
    """All that a station says."""

    v: int = Field(default=VERSION, ge=VERSION, le=VERSION)
    """Version of this table; fields are only ever added to it."""
    run: str = Field(pattern=r"^[0-9a-f]{8}$")
    """Which start of the program; `seq` counts anew with each."""
    seq: int = Field(ge=1, le=MAX_SEQ)
    """Number of this status, counted from 1; an older one never replaces a newer one."""
    at: Moment
    """When it was made, by the station's clock."""
    station: Ident
    """Id of the station."""
    school: Plain = ""
    """Name of the school as station.toml has it; the district's list decides what is shown."""
    session: Ident
    """Id of the session."""
    stage: Stage
    """How far the session is: `installed`, `running`, `finished`, or `closed` with the program."""
    session_stage: Code | None = None
    """Stage that persons have brought the session to: `prepared`, `open`, `closed`, `sealed` or `cleared`."""
    seal: SealCode = ""
    """Seal code that holds now; empty where it is not sealed."""
    head: Digest = ""
    """Last link of the journal: who has it can see later whether anything before it was changed."""
    software: Release
    """Version of the program."""
    release: Digest = ""
    """SHA-256 of the bundle's list of files; empty where it is no bundle."""
    kit: Plain = ""
    """Id and version of the test material."""
    roster: RosterMark = ""
    """Mark of the roster's numbers and names: stations with the same roster know each other by it."""
    sung: SungBits = ""
    """Who has sung everything here: one bit a pupil, by number; only who has the roster knows of whom."""
    absent: SungBits = ""
    """Who is marked absent here, likewise; empty for nobody."""
    selftest: SelfTest | None = None
    """The last self-test; absent where there was none."""
    pupils: Pupils = Pupils()
    takes: TakeCounts = TakeCounts()
    ahead: Ahead = Ahead()
    why: tuple[WaitReason, ...] = Field(default=(), max_length=MAX_KINDS)
    """What keeps recordings from arriving, the most frequent first."""
    missing: tuple[MissingTake, ...] = Field(default=(), max_length=MAX_MISSING)
    """Recordings that have not arrived, the oldest first; where they are too many, `takes` counts all."""
    incidents: tuple[Incident, ...] = Field(default=(), max_length=MAX_KINDS)
    """What the proctor wrote down, counted."""
    headset: bool = True
    """Both ends of the headset deliver."""
    clock: int | None = Field(default=None, ge=-MAX_COUNT, le=MAX_COUNT)
    """Seconds by which the station's clock is ahead of the server's; absent before the first answer."""
    heard: int = Field(default=0, ge=0, le=MAX_SEQ)
    """Number of the last of the district's words that came here."""

    def to_json(self) -> str:
        """JSON on one line, without what is as usual; fewer missing recordings where it would be too long."""
        status = self
        while len((text := status.dumped()).encode("utf-8")) > MAX_JSON_BYTES:
            status = status.model_copy(update={"missing": status.missing[:-1]})
        return text

    @staticmethod
    def of_json(text: str | bytes) -> Status:
        """The same as from_json()."""
        return from_json(text)

    @staticmethod
    def in_header(header: str) -> bool:
        """Whether an Upload-Metadata header begins as that of a status."""
        kind = base64.b64encode(KIND.encode("ascii")).decode("ascii")
        return header.strip().split(",")[0].split() == ["kind", kind]

    @staticmethod
    def in_text(text: str) -> bool:
        """Whether a pasted text looks as if a line for a chat were in it."""
        return len(text) <= 2 * MAX_JSON_BYTES and HEAD in text and "check=" in text

    @staticmethod
    def ident(text: str) -> str:
        """A text as a status names a station, a session, a pupil: letters, digits, dot, dash, underscore."""
        return ident(text)

    def dumped(self) -> str:
        return json.dumps(self.plain(), ensure_ascii=False, separators=(",", ":"))

    def plain(self) -> dict[str, Any]:
        """As JSON types."""
        return {"v": self.v, **self.model_dump(mode="json", exclude_defaults=True)}


def from_json(text: str | bytes) -> Status:
    """A status that somebody sent. Raises StatusError for whatever is wrong with it."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    problem = ""
    if len(data) > MAX_JSON_BYTES:
        raise StatusError(say("This status is too long."))
    try:
        return Status.model_validate_json(data, strict=False)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        problem = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    except (ValueError, RecursionError):
        problem = "?"
    # Outside of the handler: pydantic's error holds what was sent, and a traceback would show it in a log.
    raise StatusError(say("This is no status: {detail}", detail=shown(problem, 120)))
