"""Words for pupils: how far each is, the sums of all, what is left to do."""

from __future__ import annotations

from collections.abc import Sequence

from config.base import Message, say
from config.kit import Kit
from station.session.day import SessionStage
from station.session.events import SungElsewhere
from station.session.state import PupilState, Session, Standing
from station.session.view import DeliverySummary
from station.words.i18n import render, tr, tr_noop
from station.words.present import gravest

STANDINGS = {
    Standing.WAITING: tr_noop("to do"),
    Standing.STARTED: tr_noop("begun"),
    Standing.DONE: tr_noop("done"),
    Standing.TROUBLED: tr_noop("to be decided"),
    Standing.ABSENT: tr_noop("absent"),
    Standing.UNWELL: tr_noop("unwell"),
    Standing.REFUSED: tr_noop("refused"),
    Standing.EXCUSED: tr_noop("excused"),
}

ACCEPTED = {
    "best": tr_noop("The pupil can't do better"),
    "time": tr_noop("No time left"),
    "gone": tr_noop("The pupil is not here any more"),
    "listened": tr_noop("Listened to it: it can be used"),
    "elsewhere": tr_noop("Has sung at another station"),
}
"""Why recordings stay as they are, though not all are fine."""
SKIPS = {
    "same headset as before": tr_noop("The same headset was fine a moment ago"),
    "noise": tr_noop("The noise outside can't be stopped"),
    "time": tr_noop("No time left"),
}
"""Why a headset check was skipped."""
NAMED = 5
"""So many numbers of pupils stand in a sentence."""


def near(station: str, own: str) -> str:
    """What tells another station from this one: `B` of 310105-017-B beside 310105-017-A."""
    room, _, last = station.rpartition("-")
    return last if last and room == own.rpartition("-")[0] else station


def done_elsewhere(pupil: PupilState, own: str) -> str:
    """`own`: id of this station."""
    stations = Message.listed(near(station, own) for station in pupil.elsewhere)
    return tr("done at {station}").format(station=render(stations))


def absent_elsewhere(pupil: PupilState, own: str) -> str:
    """Marked there and not here; empty where nobody says so. `own`: id of this station."""
    if not pupil.missing:
        return ""
    stations = Message.listed(near(station, own) for station in pupil.absent_at)
    return tr("absent, says {station}").format(station=render(stations))


def standing(pupil: PupilState, own: str, next_pupil: str = "") -> str:
    """`own`: id of this station."""
    if pupil.only_elsewhere:
        return done_elsewhere(pupil, own)
    if there := absent_elsewhere(pupil, own):
        return there
    if pupil.student_id == next_pupil:
        return tr("next")
    if pupil.late and pupil.standing is Standing.WAITING:
        return tr("late, to do")
    word = tr(STANDINGS[pupil.standing])
    if pupil.broke_off:
        return tr("broke off: {reason}").format(reason=word)
    return tr("done, as it is") if pupil.accepted and pupil.standing is Standing.DONE else word


def takes_done(session: Session, pupil: PupilState) -> str:
    """Test items sung of all, `2/2`."""
    tests = [item for item in session.plan.items if not item.practice]
    return f"{sum(pupil.has_sung(item.id) for item in tests)}/{len(tests)}"


def totals(session: Session) -> str:
    found = session.totals
    text = tr("Expected {expected}   done {done}   absent {away}   to do {to_do}").format(
        expected=found.expected, done=found.done, away=found.away, to_do=found.to_do
    )
    parts = (
        (tr("at another station {count}"), found.elsewhere),
        (tr("need a decision {count}"), found.troubled),
        (tr("broke off {count}"), found.broke_off),
    )
    return text + "".join("   " + part.format(count=count) for part, count in parts if count)


def came(pupil: PupilState) -> bool:
    """Was seen today: also who has broken off and left."""
    return pupil.checked_in or pupil.broke_off


def check_in_totals(session: Session) -> str:
    """Expected = present + away + late + elsewhere + left, always."""
    pupils = session.pupils.values()
    here = sum(came(pupil) for pupil in pupils)
    away = sum(pupil.away and not came(pupil) for pupil in pupils)
    late = sum(pupil.late and not came(pupil) and not pupil.only_elsewhere for pupil in pupils)
    elsewhere = sum(pupil.only_elsewhere and not came(pupil) for pupil in pupils)
    text = tr("Check-in: expected {expected}   present {here}   absent {away}   late {late}   left {left}")
    left = len(pupils) - here - away - late - elsewhere
    text = text.format(expected=len(pupils), here=here, away=away, late=late, left=left)
    return text + ("   " + tr("at another station {count}").format(count=elsewhere) if elsewhere else "")


def check_in_word(pupil: PupilState, own: str) -> str:
    """Empty where nobody has looked yet. `own`: id of this station."""
    if came(pupil):
        return tr("present")
    if pupil.only_elsewhere:
        return done_elsewhere(pupil, own)
    if pupil.late:
        return tr("late")
    if not pupil.standing.away:
        return ""
    return tr(STANDINGS[pupil.standing]) + (f" ({pupil.note})" if pupil.note else "")


def processed(session: Session) -> str:
    """What has become of all pupils, in numbers."""
    found = session.totals
    parts = [
        (tr("done {count}"), found.done),
        (tr("at another station {count}"), found.elsewhere),
        (tr("need a decision {count}"), found.troubled),
        (tr("absent {count}"), found.away),
        (tr("broke off {count}"), found.broke_off),
    ]
    told = Message.listed(part.format(count=count) for part, count in parts if count)
    return tr("The roster is worked off: {counts}.").format(counts=render(told))


def ending(session: Session, delivery: DeliverySummary) -> str:
    """What is left to do when no pupil is: decide, get help, wait for the uploads, or go home."""
    if session.troubled:
        first = session.troubled[0]
        return tr(
            "{count} {count|needs|need} a decision, {id} first: choose the row and press Enter."
        ).format(count=len(session.troubled), id=first)
    if session.day.stage is not SessionStage.OPEN:
        return f"{processed(session)} {uploads_left(delivery)}"
    needs = uploads_left(delivery) if delivery.blocked or delivery.paused else ""
    return f"{processed(session)} {tr('Press F10 to close and seal.')} {needs}".rstrip()


def told_elsewhere(word: SungElsewhere, before: Session, after: Session) -> Message:
    """What a word of another station would change here."""
    sung = _sung_elsewhere(word, before, after)
    if not word.absent:
        return sung
    absent = say("Absent there: {ids}; they may still be called here.", ids=named(word.absent))
    return Message.sentences([sung, absent])


def _sung_elsewhere(word: SungElsewhere, before: Session, after: Session) -> Message:
    told = before.told.get(word.station)
    known = told.students if told is not None else ()
    new = [student_id for student_id in word.students if student_id not in known]
    gone = len(set(known) - set(word.students))
    values = {
        "station": word.station,
        "time": word.at[11:16],
        "count": len(word.students),
        "new": len(new),
        "ids": named(new) if new else "-",
        "left": len(after.to_come),
    }
    if gone:
        return say(
            "Station {station} says at {time}: {count} of this roster {count|has|have} sung everything "
            "there, {gone} of before no longer; new {new}: {ids}. Then {left} {left|is|are} still to "
            "do here.",
            **values,
            gone=gone,
        )
    return say(
        "Station {station} says at {time}: {count} of this roster {count|has|have} sung everything "
        "there; new {new}: {ids}. Then {left} {left|is|are} still to do here.",
        **values,
    )


def named(students: Sequence[str]) -> str:
    """The first numbers of many."""
    return render(Message.listed(students, NAMED))


def unfinished(session: Session) -> Message:
    """Why the session can't be closed yet, and what to do."""
    return say(
        "{count} {count|pupil is|pupils are} still to do: {ids}. Let each sing, or mark them absent "
        "with F4; then press F10 again.",
        count=len(session.to_come),
        ids=named(session.to_come),
    )


def uploads_left(delivery: DeliverySummary) -> str:
    """What is still to be done about the uploads before somebody may go home."""
    if delivery.blocked:
        text = tr("{count} {count|recording needs|recordings need} help: press F7 to see why.")
        return text.format(count=delivery.blocked)
    if delivery.paused and delivery.delivered + delivery.sent < delivery.total:
        return tr("The uploads are paused: press F7, then P.")
    if delivery.delivered + delivery.sent < delivery.total:
        return tr("Wait until the uploads are delivered, then close with Ctrl+Q.")
    if delivery.sent:
        return tr("All is sent, but not proven: ask the district before you go.")
    return tr("All is delivered. Close with Ctrl+Q; you may go home.")


def not_fine(pupil: PupilState, kit: Kit) -> list[str]:
    """The last recordings of test items that are not fine, one line for each gravest reason.

    Without advice: the pupil is not in the chair.
    """
    titles = {item.id: item.title for item in kit.items if item.kind == "test"}
    last = {take.item_id: take for take in pupil.takes if take.item_id in titles}
    found: dict[str, list[str]] = {}
    for item_id, take in last.items():
        if pupil.is_bad(item_id):
            found.setdefault(gravest(take) or tr("not checked"), []).append(titles[item_id])
    return [render(Message.labelled(Message.listed(songs), reason)) for reason, songs in found.items()]
