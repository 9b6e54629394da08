"""What is handed over after the afternoon, with the counts and the seal code, for two to sign."""

from __future__ import annotations

from station.forms.basis import Basis
from station.forms.form import Form, FormTable
from station.forms.parts import GAP, made
from station.forms.signed import acts
from station.words import standings
from station.words.i18n import tr, tr_noop

THINGS = (
    tr_noop("Computer with this station"),
    tr_noop("Headset"),
    tr_noop("Spare headset"),
    tr_noop("Test material (kit) on a stick"),
    tr_noop("Sealed roster"),
    tr_noop("Stick with recordings that are carried to the centre"),
    tr_noop("Signed forms, in the sealed bag"),
)


def handover(basis: Basis, title: str) -> Form:
    account = basis.account
    counts = account.deliveries
    uploads = tr("Recordings {total}   delivered {delivered}   sent, not yet proven {sent}   open {open}")
    return made(
        basis,
        "handover",
        title,
        FormTable(
            (tr("What"), tr("How many"), tr("Handed over"), tr("Received"), tr("Remarks")),
            tuple((tr(thing), GAP, GAP, GAP, GAP) for thing in THINGS),
            widths=(38, 12, 14, 12, 24),
        ),
        acts(basis),
        signs=(tr("Handed over by (school)"), tr("Received by (district)"), tr("Date and time")),
        sums=(standings.totals(account.session), uploads.format(**counts)),
        notes=(
            tr(
                "The seal code stands for every recording and every entry of the journal; whoever has the"
                " station's data can compute it again with “station seal show”."
            ),
            tr("Those who sign declare that nothing was copied, kept or passed on."),
        ),
        code=basis.seal,
    )
