"""A station's state, and everything about it that is not as it should be.

Three minutes without a word are three missed words: a busy network loses one of them now and then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from board.judge.duties import CENTRE, DISTRICT, PROCTOR, SCHOOL, Duty, duty
from board.judge.seen import Concern, Day, Grade, Seen, StationStanding
from board.judge.stretch import Hour
from config.base import Message, say
from config.status import Stage, Status

LOST_SECONDS = 180.0
OLD_SECONDS = 900.0
"""A recording that waits longer than a pupil sings and a line recovers."""
CLOCK_SECONDS = 120


def standing_of(seen: Seen, day: Day) -> StationStanding:
    return standing_at(seen, Hour.of(day))


def standing_at(seen: Seen, hour: Hour) -> StationStanding:
    """The gravest finding names the state; without one, how far the session is does."""
    found = sorted(_findings(seen, hour), key=lambda finding: finding.grade)
    if found and found[0].grade is Grade.BAD:
        return StationStanding(Grade.BAD, found[0].short, tuple(found))
    state = progress(seen.status) if seen.status is not None else say("not heard yet")
    return StationStanding(found[0].grade if found else Grade.GOOD, state, tuple(found))


def progress(status: Status) -> Message:
    """How far a station is where nothing is wrong."""
    pupils, takes = status.pupils, status.takes
    over = status.stage in (Stage.FINISHED, Stage.CLOSED) and not pupils.to_do
    left = takes.recorded - takes.delivered
    if status.session_stage == "cleared":
        return say("session cleared")
    if over and status.seal:
        return (
            say("sealed, {left} {left|recording|recordings} to come", left=left)
            if left
            else say("sealed, all delivered")
        )
    if over and takes.delivered == takes.recorded:
        return say("all delivered")
    if over:
        return say("all sung, {left} {left|recording|recordings} to come", left=left)
    if status.stage is Stage.RUNNING:
        return say("under way {done}/{expected}", done=pupils.done + pupils.absent, expected=pupils.expected)
    if status.session_stage == "open":
        return say("session opened")
    if status.selftest is not None and status.selftest.outcome != "fail":
        return say("self-test passed")
    return say("installed")


def _findings(seen: Seen, hour: Hour) -> Iterator[Concern]:
    if seen.status is None:
        if hour.day.due:
            yield _bad(
                "never",
                say("not heard"),
                say("This station has never spoken."),
                DISTRICT,
                say("Call the school: is the station switched on, is the address right, is there a network?"),
            )
        return
    yield from _silence(seen, seen.status, hour)
    yield from _session(seen.status, hour)
    yield from _centre(seen, seen.status, hour)
    yield from _uploads(seen.status, hour)
    yield from _preparation(seen.status, hour)
    yield from _list(seen, seen.status, hour.day)


def _silence(seen: Seen, status: Status, hour: Hour) -> Iterator[Concern]:
    silent = hour.now.past(seen.received_at + LOST_SECONDS)
    left = status.takes.recorded - status.takes.delivered
    if status.stage is Stage.CLOSED:
        if left or (status.pupils.to_do and status.pupils.done):
            yield _bad(
                "closed",
                say("closed too early"),
                say("The program was closed with {left} {left|recording|recordings} and {to_do} "
                    "{to_do|pupil|pupils} to come.",
                    left=left, to_do=status.pupils.to_do),
                PROCTOR,
                say("Start the station again and leave it on until all is delivered."),
            )  # fmt: skip
    elif silent and not seen.pasted_by and (left or status.pupils.to_do):
        yield _bad(
            "lost",
            say("silent for {minutes} min", minutes=hour.now.minutes_since(seen.received_at)),
            say(
                "No word since {time}; then it was: {state}.",
                time=_clock(seen.received_at),
                state=progress(status),
            ),
            DISTRICT,
            say("Call the school: is the computer on, does its network work? Recordings are on its disk."),
        )


def _session(status: Status, hour: Hour) -> Iterator[Concern]:
    pupils, ahead = status.pupils, status.ahead
    ends, sung = _moment(ahead.ends), _moment(ahead.sung_at)
    if pupils.to_do and ends is not None and (hour.now.past(ends) or (sung is not None and sung > ends)):
        yield _bad(
            "late",
            say("will be late"),
            say(
                "{to_do} {to_do|pupil is|pupils are} still to sing, and the end is at {time}.",
                to_do=pupils.to_do,
                time=_clock(ends),
            ),
            DISTRICT,
            say("Call the school: another room, another computer, or a later end."),
        )
    if not status.headset and status.stage is not Stage.CLOSED:
        yield _bad(
            "headset",
            say("headset fails"),
            say("The station does not hear its headset."),
            PROCTOR,
            say("Unplug the headset and plug it in again; else take the spare one."),
        )
    if pupils.care:
        yield _watch(
            "care",
            say("{count} {count|needs|need} care", count=pupils.care),
            say("{count} {count|pupil has|pupils have} a recording that is not fine.", count=pupils.care),
            PROCTOR,
            say("Record these pupils once more while they are there."),
        )
    count = sum(incident.count for incident in status.incidents)
    if count:
        yield _watch(
            "incident",
            say("incidents: {count}", count=count),
            incidents_of(status),
            DISTRICT,
            say("Ask for the report of the session when there is time."),
        )


def _centre(seen: Seen, status: Status, hour: Hour) -> Iterator[Concern]:
    """Where the centre's own account differs from the station's."""
    centre = seen.centre
    if centre is None:
        return
    if centre.lost_count:
        known = duty("erased")
        short = say("{count} deleted at the centre", count=centre.lost_count)
        yield _bad("erased", short, known.why, known.who, known.todo)
    absent = status.takes.delivered - centre.takes - centre.lost_count
    over = status.stage in (Stage.FINISHED, Stage.CLOSED)
    # While pupils sing, a recording is delivered a moment before the centre looks.
    if absent > 0 and over and hour.looked.past(seen.received_at - LOST_SECONDS):
        known = duty("unseen")
        short = say("{count} {count|is|are} not at the centre", count=absent)
        yield _watch("unseen", short, known.why, known.who, known.todo)


def incidents_of(status: Status) -> Message:
    count = sum(incident.count for incident in status.incidents)
    minutes = sum(incident.minutes for incident in status.incidents)
    if not minutes:
        return say("The proctor wrote down {count} {count|incident|incidents}.", count=count)
    return say(
        "The proctor wrote down {count} {count|incident|incidents}; {minutes} {minutes|minute "
        "was|minutes were} lost.",
        count=count,
        minutes=minutes,
    )


def _uploads(status: Status, hour: Hour) -> Iterator[Concern]:
    takes = status.takes
    for reason in status.why:
        known = duty(reason.code)
        if takes.stuck and _acts(known):
            yield Concern(
                Grade.BAD, f"why_{reason.code}", say("{count} {count|recording needs|recordings need} "
                                                     "help", count=takes.stuck),
                known.why, known.who, known.todo,
            )  # fmt: skip
            return
    oldest = _moment(status.ahead.oldest)
    acting = next((duty(reason.code) for reason in status.why if _acts(duty(reason.code))), None)
    left = takes.recorded > takes.delivered
    old = oldest is not None and left and hour.now.past(oldest + OLD_SECONDS)
    if oldest is not None and (old or acting is not None):
        known = acting or duty(status.why[0].code if status.why else "waiting")
        grade = Grade.BAD if old and acting is not None else Grade.WATCH
        short = say("uploads wait since {time}", time=_clock(oldest))
        yield Concern(grade, "old", short, known.why, known.who, known.todo)
    if takes.unqueued:
        known = duty("unqueued")
        yield _watch("unqueued", say("not among the uploads"), known.why, known.who, known.todo)


def _preparation(status: Status, hour: Hour) -> Iterator[Concern]:
    test = status.selftest
    if test is None:
        yield _watch(
            "untested",
            say("no self-test"),
            say("No self-test was run on this computer."),
            SCHOOL,
            say("Press F8 on the station (two minutes)."),
        )
    elif test.outcome == "fail":
        yield _bad(
            "selftest",
            say("self-test failed"),
            say("The self-test of {time} failed: {checks}.", time=test.at[5:16].replace("T", " "),
                checks=Message.listed(test.failed or "?")),
            SCHOOL,
            say("Press F8 on the station: each check says what to do."),
        )  # fmt: skip
    elif (expires := _moment(test.expires)) is not None and hour.now.past(expires):
        yield _watch(
            "expired",
            say("self-test expired"),
            say("The self-test of {time} is older than 36 hours.", time=test.at[5:16].replace("T", " ")),
            SCHOOL,
            say("Press F8 on the station to run it again."),
        )
    if status.clock is not None and abs(status.clock) > CLOCK_SECONDS:
        yield _watch(
            "clock",
            say("wrong clock"),
            say("The station's clock is {seconds} s away from the server's.", seconds=status.clock),
            SCHOOL,
            say("Set date and time of the computer."),
        )


def _list(seen: Seen, status: Status, day: Day) -> Iterator[Concern]:
    if seen.expected is None:
        yield _watch(
            "unexpected",
            say("not in the list"),
            say("This station stands in no list of the district."),
            DISTRICT,
            say("Put it into the list, or ask the school why its id is another one."),
        )
    elif seen.expected.pupils and seen.expected.pupils != status.pupils.expected:
        yield _watch(
            "roster",
            say("another number of pupils"),
            say("The list has {list} {list|pupil|pupils}, the station's roster {roster}.",
                list=seen.expected.pupils, roster=status.pupils.expected),
            DISTRICT,
            say("Compare the roster with the one that was given out."),
        )  # fmt: skip
    for mine, usual, short in (
        (status.software, day.software, say("another version")),
        (status.kit, day.kit, say("another kit")),
    ):
        if differs(mine, usual):
            yield _watch(
                "version",
                short,
                say("It has “{mine}”, the others have “{usual}”.", mine=mine, usual=usual),
                CENTRE if short.template == "another kit" else SCHOOL,
                say("Give the school what the others have, before its first pupil if possible."),
            )


def differs(mine: str, usual: str) -> bool:
    """Whether a station has another version than is usual; nobody can tell where one is not known."""
    return bool(usual and mine and mine != usual)


def _acts(known: Duty) -> bool:
    return known.who.template != "nobody"


def _bad(code: str, short: Message, what: Message, who: Message, todo: Message) -> Concern:
    return Concern(Grade.BAD, code, short, what, who, todo)


def _watch(code: str, short: Message, what: Message, who: Message, todo: Message) -> Concern:
    return Concern(Grade.WATCH, code, short, what, who, todo)


def _moment(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).timestamp()


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at).astimezone():%H:%M}"
