"""The report of incidents: what people wrote down, and apart from it what the station itself saw."""

from __future__ import annotations

from station.forms.basis import Basis
from station.forms.form import Form, FormTable, Texts
from station.forms.parts import NONE, made
from station.session.events import IncidentNoted
from station.words.categories import category
from station.words.i18n import render, tr


def incidents(basis: Basis, title: str) -> Form:
    account = basis.account
    noted = tuple(_noted(basis, index, note) for index, note in enumerate(account.notes))
    own = tuple(
        (str(index + 1), f"{seen.at:%m-%d %H:%M}", seen.student_id or NONE, render(seen.what))
        for index, seen in enumerate(account.own)
    )
    lost = sum(note.minutes or 0 for note in account.notes)
    return made(
        basis,
        "incidents",
        title,
        FormTable(
            (
                tr("No."),
                tr("Time"),
                tr("Sort"),
                tr("Pupil"),
                tr("What happened"),
                tr("Minutes lost"),
                tr("What was done"),
            ),
            noted,
            tr("Noted by the school"),
            tr("There was no incident."),
        ),
        FormTable(
            (tr("No."), tr("Time"), tr("Pupil"), tr("What the station saw")),
            own,
            tr("Noted by the station itself"),
            tr("The station saw nothing out of the ordinary."),
        ),
        signs=(tr("Proctor"), tr("Principal"), tr("Supervisor"), tr("Date")),
        sums=(
            tr("Noted by the school {noted}, by the station {own}; minutes lost {lost}.").format(
                noted=len(noted), own=len(own), lost=lost
            ),
        ),
        notes=(tr("This form is handed in on the same day, also when there was no incident."),),
    )


def _noted(basis: Basis, index: int, note: IncidentNoted) -> Texts:
    return (
        str(index + 1),
        note.at[5:16].replace("T", " "),
        category(note) or NONE,
        note.student_id or NONE,
        basis.account.told(note.note, basis.names),
        NONE if note.minutes is None else str(note.minutes),
        basis.account.told(note.remedy, basis.names) or NONE,
    )
