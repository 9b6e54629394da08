"""The account of an afternoon in the chosen language: as rows for a terminal, and as a page to be signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from station import __version__
from station.reports.account import Account, PupilLine
from station.reports.selftest_page import STYLE
from station.session.events import IncidentNoted
from station.session.state import Take
from station.words import present
from station.words.i18n import current_language, tr


def heading(names: bool) -> list[str]:
    named = [tr("Name"), tr("Class")] if names else []
    rest = (tr("State"), tr("Takes"), tr("Verdict"), tr("Retakes"), tr("Uploads"), tr("Proof"))
    return [tr("Number"), *named, *rest]


def cells(account: Account, line: PupilLine, names: bool) -> list[str]:
    """One pupil, in the order of heading()."""
    pupil, state = line.pupil, line.state
    named = [pupil.name, pupil.class_name] if names else []
    note = account.told(state.note, names)
    verdicts = dict.fromkeys(_verdict(take) for take in line.last)
    retakes = dict.fromkeys(
        tr(present.RETAKES.get(take.reason, take.reason)) for take in line.tests if take.reason
    )
    return [
        pupil.student_id,
        *named,
        present.standing(state) + (f" ({note})" if note else ""),
        present.takes_done(account.session, state),
        " ".join(verdicts) or "-",
        " ".join(retakes) or "-",
        f"{line.delivered}/{len(line.tests)}" if line.tests else "-",
        tr(present.PROOFS[line.level.name]) if line.level is not None else "-",
    ]


def _verdict(take: Take) -> str:
    noticed = present.remarks(take.remarks, take.numbers)
    return present.verdict_short(take.ok, take.reasons) + (f" ({noticed})" if noticed else "")


def note_cells(account: Account, note: IncidentNoted, names: bool) -> list[str]:
    """When, who, what."""
    return [note.at[:16].replace("T", " "), note.student_id or "-", account.told(note.note, names)]


def totals(account: Account) -> list[str]:
    """The sums that must balance."""
    found = account.deliveries
    uploads = tr("Recordings {total}   delivered {delivered}   sent, not yet proven {sent}   open {open}")
    return [present.totals(account.session), uploads.format(**found)]


def place(account: Account) -> str:
    station = account.settings.station
    return "  ".join(part for part in (station.school, station.room, station.id, account.session_id) if part)


def page(account: Account, names: bool) -> str:
    """The whole HTML document."""
    title = tr("Report of the singing test: uploads and incidents")
    rows = _table(heading(names), (cells(account, line, names) for line in account.lines))
    notes = (
        _table(
            (tr("Time"), tr("Number"), tr("What happened")),
            (note_cells(account, note, names) for note in account.notes),
        )
        if account.notes
        else f"<p>{escape(tr('No incidents were noted.'))}</p>"
    )
    signs = "".join(
        f"<div>{escape(text)}</div>" for text in (tr("Proctor"), tr("Head of the school"), tr("Date"))
    )
    sums = "".join(f"<p><strong>{escape(line)}</strong></p>" for line in totals(account))
    return (
        f'<!doctype html><html lang="{current_language().replace("_", "-")}"><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>"
        f"<p>{escape(place(account))} &emsp; {account.at:%Y-%m-%d %H:%M} &emsp; "
        f"singing-test-station {__version__}</p>{sums}{rows}"
        f'<p><strong>{escape(tr("Incidents"))}</strong></p>{notes}<div class="sign">{signs}</div></html>\n'
    )


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    return f"<table><tr>{_cells('th', names)}</tr>{body}</table>"


def _cells(tag: str, texts: Sequence[str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
