"""Who opened, closed, sealed and cleared the session, and when: as rows for forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from config.base import Message
from station.forms.basis import Basis
from station.forms.form import FormTable
from station.forms.parts import NONE
from station.session.day import SessionDay, Signed
from station.words import milestones
from station.words.i18n import render, tr


def acts(basis: Basis) -> FormTable:
    """What persons did to the session as a whole, in the order of time."""
    rows = sorted(_acts(basis.day), key=lambda row: row[1].at)
    return FormTable(
        (tr("Step"), tr("When"), tr("By"), tr("Reason")),
        tuple(
            (what, when(signed.at), _people(basis.day, signed), signed.reason or NONE)
            for what, signed in rows
        ),
        tr("Stages of the session"),
        tr("Nobody has opened the session by name."),
    )


def _acts(day: SessionDay) -> Iterator[tuple[str, Signed]]:
    if day.opened is not None:
        yield tr("opened"), day.opened
    if day.checked_in is not None:
        yield tr("check-in complete"), day.checked_in
    for signed in day.closings:
        yield tr("closed"), signed
    for seal in day.seals:
        yield tr("seal {number}: {code}").format(number=seal.number, code=seal.code), seal.signed
    for signed in day.reopenings:
        yield tr("opened again"), signed
    if day.clearing is not None:
        yield tr("removal begun"), day.clearing
    if day.cleared is not None:
        yield tr("recordings removed"), day.cleared


def when(at: str) -> str:
    """A time of the journal, `05-26 13:20`; as it is where it is none."""
    try:
        return f"{datetime.fromisoformat(at):%m-%d %H:%M}"
    except ValueError:
        return at


def _people(day: SessionDay, signed: Signed) -> str:
    """Names, each with the role that was said at the opening."""
    roles = {person.name: tr(milestones.ROLES[person.role]) for person in day.persons}
    named = (f"{name} ({roles[name]})" if name in roles else name for name in signed.by)
    return render(Message.listed(named)) or NONE
