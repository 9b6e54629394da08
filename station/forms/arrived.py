"""What was delivered, and what was removed from this computer after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from config.base import Message
from config.disk import DataDir, is_file
from station.forms.basis import Basis
from station.forms.form import Form, FormTable, Texts
from station.forms.parts import NONE, made, who, who_heading
from station.forms.signed import acts
from station.reports.account import PupilLine
from station.words import present, standings
from station.words.i18n import render, tr
from uploader.queue import ProofLevel, Row, State

DIGITS = 16
"""Of a SHA-256, to tell files apart on paper."""


def uploads(basis: Basis, title: str) -> Form:
    account = basis.account
    counts = account.deliveries
    total = tr("Recordings {total}   delivered {delivered}   sent, not yet proven {sent}   open {open}")
    return made(
        basis,
        "uploads",
        title,
        FormTable(
            (
                *who_heading(basis.names),
                tr("State"),
                tr("Recordings"),
                tr("Delivered"),
                tr("Proof"),
                tr("What is open, and why"),
            ),
            tuple(_pupil(basis, index, line) for index, line in enumerate(account.lines)),
        ),
        signs=(tr("IT teacher"), tr("Principal"), tr("Date")),
        sums=(standings.totals(account.session), total.format(**counts), _proofs(basis)),
        notes=(
            tr(
                "Of a pupil who is absent nothing can arrive: only where it says “open” is a recording"
                " still to come."
            ),
        ),
    )


def _proofs(basis: Basis) -> str:
    """How many recordings of test items have which proof."""
    rows = [row for line in basis.account.lines for row in line.rows.values() if row.delivered]
    counts = [(level, sum(row.verify_level is level for row in rows)) for level in ProofLevel]
    told = [f"{tr(present.PROOFS[level.name])} {count}" for level, count in counts if count]
    return tr("Proofs: {counts}").format(counts=render(Message.listed(told)) or NONE)


def _pupil(basis: Basis, index: int, line: PupilLine) -> Texts:
    return (
        *who(basis, index, line.pupil, basis.names),
        standings.standing(line.state, basis.settings.station.id),
        str(len(line.tests)),
        str(line.delivered),
        tr(present.PROOFS[line.level.name]) if line.level is not None else NONE,
        tr("; ").join(_open(line)) or NONE,
    )


def _open(line: PupilLine) -> Sequence[str]:
    """The recordings of a pupil that have not arrived, each with its state and reason."""
    found = []
    for take in line.tests:
        row = line.rows.get(take.take_id)
        if row is None:
            found.append(render(Message.labelled(take.item_id, tr("not in the queue"))))
        elif not row.delivered:
            why = tr(" ({more})").format(more=render(row.error)) if row.error is not None else ""
            found.append(render(Message.labelled(take.item_id, tr(present.DELIVERY[row.state]) + why)))
    return found


def cleared(basis: Basis, title: str) -> Form:
    rows = sorted(basis.rows, key=lambda row: (row.student_id, row.item, row.attempt))
    gone = sum(row.state is State.PURGED for row in rows)
    return made(
        basis,
        "cleared",
        title,
        FormTable(
            (
                tr("No."),
                tr("Number"),
                tr("Item"),
                tr("Attempt"),
                tr("Bytes"),
                tr("SHA-256, first {count} digits").format(count=DIGITS),
                tr("Proof"),
                tr("Proven at"),
                tr("On this computer"),
            ),
            tuple(_take(index, row) for index, row in enumerate(rows)),
            empty=tr("There is no recording of this session."),
        ),
        *((acts(basis),) if basis.day.clearing is not None else ()),
        signs=(tr("Proctor"), tr("Keeper of the papers"), tr("Supervisor"), tr("Date")),
        sums=(
            tr("Recordings {total}   removed from this computer {gone}   still here {here}").format(
                total=len(rows), gone=gone, here=len(rows) - gone
            ),
            *_inventory(basis),
        ),
        notes=(
            tr("A recording is removed only after the centre's copy was read back and found the same."),
            tr("Those who sign declare that nothing was copied, kept or passed on."),
        ),
    )


def _inventory(basis: Basis) -> Iterator[str]:
    """What was counted before the first was removed, and after the last."""
    day = basis.day
    if day.clearing is not None:
        folder = DataDir(basis.settings.data.dir).session(basis.account.session_id)
        left = sum(is_file(folder / take.file) for take in day.inventory)
        yield tr("Inventory: before {before} {before|recording|recordings}, all proven; now {left}").format(
            before=len(day.inventory), left=left
        )


def _take(index: int, row: Row) -> Texts:
    proven = datetime.fromtimestamp(row.verified_at).astimezone() if row.verified_at else None
    return (
        str(index + 1),
        row.student_id,
        row.item,
        str(row.attempt),
        str(row.size),
        row.sha256[:DIGITS],
        tr(present.PROOFS[row.verify_level.name]) if row.verify_level is not None else NONE,
        f"{proven:%m-%d %H:%M}" if proven else NONE,
        tr("removed") if row.state is State.PURGED else tr("still here"),
    )
