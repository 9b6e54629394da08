"""The account of an afternoon in the chosen language: as rows for a terminal, and as a page to be signed."""

from __future__ import annotations

from config.base import Message, shown
from station.reports.account import Account, PupilLine
from station.reports.own_incidents import OwnIncident
from station.reports.sheet import filled
from station.session.events import IncidentNoted
from station.session.state import PupilState, Take
from station.words import present, standings
from station.words.categories import told
from station.words.i18n import render, tr


def heading(names: bool) -> list[str]:
    named = [tr("Name"), tr("Class")] if names else []
    rest = (tr("State"), tr("Takes"), tr("Verdict"), tr("Retakes"), tr("Uploads"), tr("Proof"))
    return [tr("Number"), *named, *rest]


def cells(account: Account, line: PupilLine, names: bool) -> list[str]:
    """One pupil, in the order of heading()."""
    pupil, state, own = line.pupil, line.state, account.settings.station.id
    named = [pupil.name, pupil.class_name] if names else []
    note = account.told(state.note, names)
    verdicts = dict.fromkeys(_verdict(take) for take in line.last)
    retakes = dict.fromkeys(
        tr(present.RETAKES.get(take.reason, take.reason)) for take in line.tests if take.reason
    )
    return [
        pupil.student_id,
        *named,
        standings.standing(state, own) + (f" ({note})" if note else "") + _decided(state, own),
        standings.takes_done(account.session, state),
        " ".join(verdicts) or "-",
        " ".join(retakes) or "-",
        f"{line.delivered}/{len(line.tests)}" if line.tests else "-",
        tr(present.PROOFS[line.level.name]) if line.level is not None else "-",
    ]


def _decided(state: PupilState, own: str) -> str:
    """What somebody decided about a pupil, and where else the pupil has sung; empty for nothing."""
    skips = [tr(standings.SKIPS.get(reason, reason)) for reason in state.skips]
    told = [tr("check skipped: {why}").format(why=why) for why in dict.fromkeys(skips)]
    if state.accepted:
        told.append(tr(standings.ACCEPTED.get(state.accepted, state.accepted)))
    if state.elsewhere and not state.only_elsewhere:
        told.append(standings.done_elsewhere(state, own))
    return f" ({render(Message.listed(told))})" if told else ""


def _verdict(take: Take) -> str:
    noticed = present.remarks(take.remarks, take.numbers)
    return present.verdict_short(take.ok, take.reasons) + (f" ({noticed})" if noticed else "")


def note_cells(account: Account, note: IncidentNoted, names: bool) -> list[str]:
    """When, who, what."""
    return [
        note.at[:16].replace("T", " "),
        note.student_id or "-",
        account.told(told(note, note.note), names),
    ]


def own_cells(incident: OwnIncident) -> list[str]:
    """When, who, what."""
    return [f"{incident.at:%Y-%m-%d %H:%M}", incident.student_id or "-", render(incident.what)]


def totals(account: Account) -> list[str]:
    """The sums that must balance."""
    found = account.deliveries
    uploads = tr("Recordings {total}   delivered {delivered}   sent, not yet proven {sent}   open {open}")
    lines = [standings.totals(account.session), uploads.format(**found)]
    if account.strays:
        files = Message.listed(dict.fromkeys(shown(stray.file) for stray in account.strays))
        lines.append(
            tr(
                "{count} {count|recording is|recordings are} gone, or their name, tags, facts, journal "
                "and queue do not belong together; keep all files and tell the district: {files}"
            ).format(count=len({stray.file for stray in account.strays}), files=render(files))
        )
    return lines


def place(account: Account) -> str:
    station = account.settings.station
    return "  ".join(part for part in (station.school, station.room, station.id, account.session_id) if part)


def page(account: Account, names: bool) -> str:
    """The whole HTML document."""
    return filled(
        "account.html",
        account.at,
        title=tr("Report of the singing test: uploads and incidents"),
        place=place(account),
        totals=totals(account),
        heading=heading(names),
        rows=[cells(account, line, names) for line in account.lines],
        incidents=tr("Incidents"),
        own_heading=tr("What the station itself saw"),
        own=[own_cells(incident) for incident in account.own],
        notes_heading=(tr("Time"), tr("Number"), tr("What happened")),
        notes=[note_cells(account, note, names) for note in account.notes],
        no_notes=tr("No incidents were noted."),
        signs=(tr("Proctor"), tr("Head of the school"), tr("Date")),
    )
