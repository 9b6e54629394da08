"""All eight forms in the order of the day, with the names that schools know them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from station.forms.arrived import cleared, uploads
from station.forms.basis import Basis
from station.forms.form import Form
from station.forms.handover import handover
from station.forms.happened import incidents
from station.forms.lists import checkin, posting
from station.forms.preparing import selfcheck
from station.forms.sung import record
from station.words.i18n import tr, tr_noop


@dataclass(frozen=True)
class FormKind:
    title: str
    """English, marked for translation."""
    make: Callable[[Basis, str], Form]
    """From what happened and the title in the chosen language."""


FORMS: dict[str, FormKind] = {
    "selfcheck": FormKind(tr_noop("Checklist before the test"), selfcheck),
    "checkin": FormKind(tr_noop("Check-in list"), checkin),
    "posting": FormKind(tr_noop("List of pupils, for posting"), posting),
    "record": FormKind(tr_noop("Record of the singing test"), record),
    "incidents": FormKind(tr_noop("Report of incidents"), incidents),
    "uploads": FormKind(tr_noop("Report of uploads"), uploads),
    "handover": FormKind(tr_noop("Hand-over of the test equipment"), handover),
    "cleared": FormKind(tr_noop("Certificate of removal"), cleared),
}
OF_NAMES = frozenset({"checkin", "posting"})
"""Forms that are lists of names: they have them in any case."""


def form_of(form_id: str, basis: Basis) -> Form:
    kind = FORMS[form_id]
    return kind.make(basis, tr(kind.title))
