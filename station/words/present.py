"""Words for states: pure text, one function per subject, in the chosen language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from unicodedata import east_asian_width

from audio import FAULTS
from audio.judge import REASONS, REMARKS
from config.base import Message, say
from station.session.state import Phase, Session, Take
from station.session.view import DeliverySummary, View
from station.words.categories import told
from station.words.i18n import render, tr, tr_noop
from uploader.queue import Row, State

DELIVERY = {
    State.QUEUED: tr_noop("waiting"),
    State.CREATING: tr_noop("sending"),
    State.UPLOADING: tr_noop("sending"),
    State.SENT: tr_noop("sent, not yet proven"),
    State.VERIFYING: tr_noop("being checked"),
    State.VERIFIED: tr_noop("delivered"),
    State.PURGE_DUE: tr_noop("delivered"),
    State.PURGED: tr_noop("delivered, removed here"),
    State.PAUSED: tr_noop("paused"),
    State.WAITING: tr_noop("waiting"),
    State.UNCONFIRMED: tr_noop("not confirmed"),
    State.BLOCKED: tr_noop("needs help"),
    State.MISSING: tr_noop("file missing"),
}
RETAKES = {
    "verdict": tr_noop("The recording was not fine"),
    "noise": tr_noop("Noise from outside"),
    "headset": tr_noop("Headset or plug"),
    "computer": tr_noop("Computer"),
    "other": tr_noop("Another technical reason"),
}
"""Why a song was recorded once more."""
PROOFS = {
    "L0": tr_noop("not proven"),
    "L1": tr_noop("L1 checksums"),
    "L2": tr_noop("L2 read back"),
    "L3": tr_noop("L3 receipt"),
}
PHASES = {
    Phase.STUDY: tr_noop("Read the notes"),
    Phase.PROMPT: tr_noop("Listen"),
    Phase.READY: tr_noop("Get ready"),
    Phase.RECORDING: tr_noop("RECORDING   Sing now"),
    Phase.SAVING: tr_noop("Thank you. Saving and checking"),
}


INTERRUPTED = say(
    "The recording broke off: the computer or the program stopped in the middle. Let the pupil sing again."
)
"""Instead of the reason “partial” where nobody has to look at the headset's plug."""


def now() -> str:
    """This moment for the journal, with the offset of this computer's time zone."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def cells(text: str) -> int:
    """Width in terminal cells: East Asian wide characters take two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells; "…" at the end says that there is more."""
    if cells(text) <= width:
        return text
    found = ""
    for char in text:
        if cells(found + char) >= width:
            break
        found += char
    return found + "…"


def fit(names: Sequence[str], width: int) -> str:
    """As many whole names as fit into `width` cells; "…" at the end says that there are more."""
    shown = list(names)
    while len(shown) > 1 and cells("  ".join(shown)) + 3 * (len(shown) < len(names)) > width:
        shown.pop()
    return cut("  ".join([*shown, "…"] if len(shown) < len(names) else shown), width)


def pad(text: str, width: int) -> str:
    """`text` filled with spaces to `width` cells."""
    return text + " " * max(0, width - cells(text))


def uploads(delivery: DeliverySummary) -> str:
    """Uploads at a glance."""
    text = tr("Uploads {delivered}/{total} delivered").format(
        delivered=delivery.delivered, total=delivery.total
    )
    parts = (
        (tr("{count} sent, not proven"), delivery.sent),
        (tr("{count} sending"), delivery.uploading),
        (tr("{count} waiting"), delivery.waiting),
        (tr("{count} {count|needs|need} help"), delivery.blocked),
        (tr("{count} of other days"), delivery.older),
    )
    text += "".join("   " + part.format(count=count) for part, count in parts if count)
    return text + ("   " + tr("paused") if delivery.paused else "")


def notes(session: Session) -> str:
    """How many were written down; empty for none."""
    count = len(session.incidents)
    return "   " + tr("notes {count}").format(count=count) if count else ""


def note_lines(session: Session, student_id: str = "") -> list[str]:
    """What was written down: time, pupil, words. Of one pupil where `student_id` is not empty."""
    return [
        "  ".join(part for part in (note.at[11:16], note.student_id, told(note, note.note)) if part)
        for note in session.incidents
        if student_id in ("", note.student_id)
    ]


def expected_end(view: View, now: datetime, ends: datetime | None = None) -> str:
    """When all pupils should be done; how many until the end of the day, or until `ends`, if that is later.

    Empty before there is a measure.
    """
    left = view.session.totals.to_do
    if not view.pupil_seconds or not left:
        return ""
    end = now + timedelta(seconds=view.pupil_seconds * left)
    if end.date() == now.date():
        return tr("end about {time}").format(time=end.strftime("%H:%M"))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    until = midnight if ends is None else min(midnight, ends.astimezone(now.tzinfo))
    time = "24:00" if until == midnight else until.strftime("%H:%M")
    return tr("{count} until {time}").format(count=_fitting(view, now, until), time=time)


def lateness(view: View, now: datetime, ends: datetime | None) -> str:
    """A warning while something can still be done about it; empty where all fit."""
    left = view.session.totals.to_do
    if ends is None or not left:
        return ""
    ends = ends.astimezone(now.tzinfo)
    if ends <= now:
        return "   " + tr("Late: the end was {time}").format(time=ends.strftime("%H:%M"))
    fitting = _fitting(view, now, ends)
    if not view.pupil_seconds or fitting >= left:
        return ""
    return "   " + tr("Late: only {count} {count|fits|fit} by {time}").format(
        count=fitting, time=ends.strftime("%H:%M")
    )


def _fitting(view: View, now: datetime, until: datetime) -> int:
    """How many pupils can sing until then."""
    return max(0, int((until - now).total_seconds() / view.pupil_seconds)) if view.pupil_seconds else 0


def seconds_left(ends_at: float | None, now: float) -> int:
    """Whole seconds of a countdown, never below 0."""
    return max(0, int(ends_at - now + 0.999)) if ends_at is not None else 0


def prompt_failed(code: str) -> str:
    """Why nobody sings now, and what to do."""
    if code == "bad_sound":
        return tr(
            "The prompt can't be played; the headset is fine. Press Enter to try again. "
            "If it stays so, press Esc and have the kit copied again."
        )
    return tr("The prompt broke off. Press Enter to play it from its beginning.")


def verdict(take: Take) -> list[str]:
    """What is said about a judged take: sentences, the gravest first."""
    if take.failed:
        fault = FAULTS.get(take.failed)
        return [render(fault.message)] if fault else [take.failed]
    cut = {"partial": INTERRUPTED} if take.interrupted and take.ended_by == "device" else {}
    return [render(cut[code]) if code in cut else advice(code, take.numbers) for code in take.reasons]


def gravest(take: Take) -> str:
    """What is wrong with a take above all, without what to do; empty where nothing is known."""
    known = REASONS.get(take.reasons[0]) if take.reasons and not (take.failed or take.interrupted) else None
    return render(known.told(take.numbers)) if known else next(iter(verdict(take)), "")


def remarks(codes: Sequence[str], numbers: Mapping[str, float] | None = None) -> str:
    """What was noticed about a take and is no fault, on one line; empty for nothing."""
    known = [REMARKS[code].told(numbers or {}) for code in codes if code in REMARKS]
    return tr("Noticed: {remarks}").format(remarks=render(Message.sentences(known))) if known else ""


def advice(code: str, numbers: Mapping[str, float] | None = None) -> str:
    """What is wrong with a take, and what to do; a code that is not known as it is."""
    reason = REASONS.get(code)
    if reason is None:
        return code
    return render(Message.sentences([reason.told(numbers or {}), reason.todo]))


def verdict_short(ok: bool | None, reasons: Sequence[str]) -> str:
    """One word or sentence for a table."""
    if ok is None:
        return tr("not checked")
    if ok:
        return tr("ok")
    return render(Message.sentences(REASONS[code].what if code in REASONS else code for code in reasons))


def delivery_state(row: Row) -> str:
    if row.state is State.WAITING and row.next_attempt_at is not None:
        return tr("again {time}").format(time=f"{row.next_attempt_at:%H:%M:%S}")
    return tr(DELIVERY[row.state])


def proof(row: Row) -> str:
    """The proof, or what is wrong."""
    if row.delivered and row.verify_level is not None:
        return tr(PROOFS[row.verify_level.name])
    if row.error is not None:
        return render(row.error)
    return tr(PROOFS["L0"]) if row.state is State.SENT else ""


def facts(values: Mapping[str, object]) -> list[str]:
    """A line for each that is known."""
    return [
        render(Message.labelled(name, value)) for name, value in values.items() if value not in (None, "")
    ]


def size(count: int) -> str:
    """Bytes as `4.4 MB`."""
    return f"{count / 1_000_000:.1f} MB"
