"""Pupils, places and times as they stand on forms."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.roster import Pupil
from station import __version__
from station.forms.basis import Basis
from station.forms.form import Form, FormTable, Texts
from station.session.state import Take
from station.words.i18n import tr

YES = "√"
NONE = "-"
GAP = ""
"""To be filled in by hand."""


def who_heading(names: bool) -> Texts:
    return (tr("No."), tr("Number"), *((tr("Name"), tr("Class")) if names else ()))


def who(basis: Basis, index: int, pupil: Pupil, names: bool) -> Texts:
    """The cells under who_heading(); `index` from 0. Names are left out before the roster is opened."""
    named = (GAP, GAP) if basis.sealed_roster else (pupil.name, pupil.class_name)
    return (str(index + 1), pupil.student_id, *(named if names else ()))


def sealed_notes(basis: Basis) -> Texts:
    """Why a list of names has none."""
    return (tr("Names are shown once the session is opened."),) if basis.sealed_roster else ()


def clock(take: Take) -> str:
    """When it was recorded, `13:42-13:45`; empty where that is not known."""
    try:
        began = datetime.fromisoformat(take.started_at)
        ended = began + timedelta(seconds=take.seconds)
    except (ValueError, OverflowError):
        return ""
    return f"{began:%H:%M}-{ended:%H:%M}"


def facts(basis: Basis) -> tuple[tuple[str, str], ...]:
    """What stands at the head of every form."""
    station, kit = basis.settings.station, basis.account.kit
    found = (
        (tr("School"), station.school),
        (tr("Room"), station.room),
        (tr("Station"), station.id),
        (tr("Session"), basis.account.session_id),
        (tr("Kit"), f"{kit.id} {kit.version}"),
        (tr("Written at"), f"{basis.at:%Y-%m-%d %H:%M}"),
        (tr("Software"), f"singing-test-station {__version__}"),
        (tr("Seal code"), basis.seal or tr("not sealed yet")),
    )
    return tuple((label, value or NONE) for label, value in found)


def made(basis: Basis, form_id: str, title: str, *tables: FormTable, signs: Texts, **more: object) -> Form:
    """A form with what all of them have; `more`: further fields of Form."""
    warning = tr("REHEARSAL: nothing of this counts") if basis.rehearsal else ""
    return Form(form_id, title, facts(basis), tables, signs, warning=warning, **more)  # type: ignore[arg-type]
