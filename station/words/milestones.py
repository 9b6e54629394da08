"""Words for the stages of a session: where it stands, what is asked, what was done."""

from __future__ import annotations

from datetime import datetime

from config import Settings
from config.base import Message
from config.kit import Kit
from station.session.day import Seal, SessionDay, SessionStage, Signed
from station.session.state import Session
from station.session.view import DeliverySummary, View
from station.words import present, standings
from station.words.i18n import render, tr, tr_noop

STAGES = {
    SessionStage.PREPARED: tr_noop("Not opened yet"),
    SessionStage.OPEN: tr_noop("In progress"),
    SessionStage.CLOSED: tr_noop("Closed"),
    SessionStage.SEALED: tr_noop("Sealed"),
    SessionStage.CLEARED: tr_noop("Sealed and cleared"),
}
ROLES = {
    "proctor": tr_noop("art proctor"),
    "it": tr_noop("IT staff"),
    "principal": tr_noop("principal"),
    "custodian": tr_noop("custodian"),
    "supervisor": tr_noop("supervisor"),
}
LINE_CELLS = 72
"""What a page of 80 columns shows on one line, also beside the bar of one that is long."""


def large(text: str) -> str:
    """A space between all characters."""
    return " ".join(text)


def clock(at: str) -> str:
    """`16:40` of an ISO time."""
    return at[11:16]


def signed(what: Signed) -> str:
    """`16:40  Wang, Li`, with the reason where there is one."""
    text = f"{clock(what.at)}  {render(Message.listed(what.by))}"
    return f"{text}  {what.reason}" if what.reason else text


def seal_lines(seal: Seal) -> list[str]:
    """The code as large as a terminal can."""
    head = tr("Seal {number}: {takes} {takes|recording|recordings}, {who}").format(
        number=seal.number, takes=seal.takes, who=signed(seal.signed)
    )
    return [head, "", "   ".join(map(large, seal.code.split("-"))), ""]


def prepared(session: Session, settings: Settings, now: datetime) -> list[str]:
    """Before the opening: no name and no number of a pupil."""
    lines = [
        tr(
            "{count} {count|pupil is|pupils are} expected; {count|the name is|their names are} hidden."
        ).format(count=session.totals.expected)
    ]
    opens = None if settings.session.opens is None else settings.session.opens.astimezone()
    if opens is not None:
        lines.append(tr("Opens {time}.").format(time=f"{opens:%Y-%m-%d %H:%M}"))
        if now < opens:
            lines.append(tr("It is not time yet: to open it now, a reason is needed."))
    if settings.session.custody == "two":
        lines.append(tr("Two persons open it, each with a code of their own; keep the codes for the end."))
    return [*lines, "", tr("Ctrl+R: a rehearsal with invented pupils before; nothing of it counts.")]


def closing(session: Session, delivery: DeliverySummary, kit: Kit) -> list[str]:
    """What balances, what does not, what is not delivered; numbers, no names."""
    lines = [standings.totals(session)]
    if session.next_pupil:
        left = tr("{count} {count|pupil is|pupils are} still to do, {id} first.")
        lines.append(left.format(count=session.totals.to_do, id=session.next_pupil))
    for student_id in session.troubled:
        faults = "  ".join(standings.not_fine(session.pupils[student_id], kit))
        lines.append(present.cut(f"  {student_id}  {faults}", LINE_CELLS))
    return [*lines, present.uploads(delivery)]


def history(day: SessionDay) -> list[str]:
    """What was done, and by whom."""
    steps: list[tuple[str, Signed]] = []
    if day.opened is not None:
        steps.append((tr("opened"), day.opened))
    steps += [(tr("closed"), closed) for closed in day.closings]
    steps += [(tr("opened again"), reopened) for reopened in day.reopenings]
    steps += [(tr("sealed"), seal.signed) for seal in day.seals]
    if day.cleared is not None:
        steps.append((tr("cleared"), day.cleared))
    steps.sort(key=lambda step: datetime.fromisoformat(step[1].at))
    return [f"{word}  {signed(what)}" for word, what in steps]


def progress(view: View, settings: Settings, now: datetime, *, named: bool = True) -> str:
    """How far it is, as people say it in a chat; no names of pupils. School and room only where `named`."""
    station = settings.station
    place = " ".join(filter(None, (*((station.school, station.room) if named else ()), station.id)))
    parts = [
        f"{place} {now:%H:%M}",
        standings.totals(view.session),
        present.uploads(view.delivery) + present.notes(view.session),
        present.expected_end(view, now, settings.session.ends),
        render(view.delivery.trouble) if view.delivery.trouble is not None else "",
    ]
    return "\n".join(" ".join(part.split()) for part in parts if part)


def roles() -> str:
    """All roles with their numbers, on one line."""
    return "   ".join(f"{number} {tr(role)}" for number, role in enumerate(ROLES.values(), start=1))
