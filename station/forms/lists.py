"""Lists of names: who was checked in, and the list that is posted."""

from __future__ import annotations

from station.forms.basis import Basis
from station.forms.form import Form, FormTable, Texts
from station.forms.parts import GAP, YES, made, sealed_notes, who, who_heading
from station.forms.signed import acts
from station.reports.account import PupilLine
from station.session.state import BATCH
from station.words import standings
from station.words.i18n import tr


def checkin(basis: Basis, title: str) -> Form:
    lines = basis.account.lines
    return made(
        basis,
        "checkin",
        title,
        FormTable(
            (*who_heading(True), tr("Sex"), tr("Card seen, present"), tr("Absent because"), tr("Remarks")),
            tuple(_present(basis, index, line) for index, line in enumerate(lines)),
            widths=(5, 17, 14, 12, 6, 14, 16, 16),
        ),
        *((acts(basis),) if basis.day.opened is not None else ()),
        signs=(tr("Principal"), tr("Keeper of the papers"), tr("Supervisor"), tr("Date")),
        sums=(_counts(basis),),
        notes=sealed_notes(basis),
    )


def _counts(basis: Basis) -> str:
    """By the check-in where there was one, else to be filled in by hand."""
    states = [line.state for line in basis.account.lines]
    if not _was_held(basis):
        return tr("Expected {count}   present ____   absent ____").format(count=len(states))
    present = sum(map(standings.came, states))
    away = sum(state.away and not standings.came(state) for state in states)
    elsewhere = sum(state.only_elsewhere and not standings.came(state) for state in states)
    left = len(states) - present - away - elsewhere
    counts = {"count": len(states), "present": present, "away": away, "left": left}
    text = tr("Expected {count}   present {present}   absent {away}   not checked in {left}").format(**counts)
    return text + ("   " + tr("at another station {count}").format(count=elsewhere) if elsewhere else "")


def _was_held(basis: Basis) -> bool:
    """A check-in on the screen; else the column is filled in by hand."""
    return basis.day.checked_in is not None or any(line.state.checked_in for line in basis.account.lines)


def _present(basis: Basis, index: int, line: PupilLine) -> Texts:
    came = _was_held(basis) and standings.came(line.state)
    word = standings.standing(line.state, basis.settings.station.id) if line.state.away else GAP
    seen, away = (YES, GAP) if came else (GAP, word)
    late = tr("late") if line.state.late else word if came else GAP
    if line.state.elsewhere:
        late = standings.done_elsewhere(line.state, basis.settings.station.id)
    return (*who(basis, index, line.pupil, True), line.pupil.sex, seen, away, late)


def posting(basis: Basis, title: str) -> Form:
    """In the order in which they sing, by batches: who comes with whom."""
    starts = basis.settings.session.starts
    lines = basis.account.lines
    sums = [
        tr("{count} {count|pupil|pupils}, fetched {batch} at a time.").format(count=len(lines), batch=BATCH)
    ]
    if starts is not None:
        sums.append(tr("It begins at {time}.").format(time=f"{starts.astimezone():%Y-%m-%d %H:%M}"))
    return made(
        basis,
        "posting",
        title,
        FormTable(
            (*who_heading(True), tr("Batch")),
            tuple(
                (*who(basis, index, line.pupil, True), str(index // BATCH + 1))
                for index, line in enumerate(lines)
            ),
            widths=(10, 25, 25, 25, 15),
        ),
        signs=(tr("Principal"), tr("Date")),
        sums=tuple(sums),
        notes=(
            *sealed_notes(basis),
            tr("Whoever finds a name missing or wrong tells the head of the school before it begins."),
        ),
    )
