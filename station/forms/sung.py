"""The record of the test: who sang what, when, and with which result."""

from __future__ import annotations

from collections.abc import Iterator

from station.forms.basis import Basis
from station.forms.form import Form, FormTable, Texts
from station.forms.parts import NONE, clock, made, who, who_heading
from station.reports.account import PupilLine
from station.session.state import Take
from station.words import present, standings
from station.words.i18n import tr


def record(basis: Basis, title: str) -> Form:
    account = basis.account
    songs = [item.title for item in account.kit.items if item.kind == "test"]
    return made(
        basis,
        "record",
        title,
        FormTable(
            (*who_heading(basis.names), tr("Time"), *songs, tr("State"), tr("Remarks")),
            tuple(_pupil(basis, index, line) for index, line in enumerate(account.lines)),
            widths=_widths(basis.names, len(songs)),
        ),
        signs=(tr("Proctor"), tr("Principal"), tr("Date")),
        sums=(standings.totals(account.session),),
    )


def _widths(names: bool, songs: int) -> tuple[int, ...]:
    """So that the remarks of most pupils fit into one line."""
    fixed = (5, 10, *((9, 9) if names else ()), 12, *[max(6, 28 // max(1, songs))] * songs, 9)
    return (*fixed, max(10, 100 - sum(fixed)))


def _pupil(basis: Basis, index: int, line: PupilLine) -> Texts:
    last = {take.item_id: take for take in line.last}
    songs = [item.id for item in basis.account.kit.items if item.kind == "test"]
    return (
        *who(basis, index, line.pupil, basis.names),
        _time(line),
        *(_song(last.get(song), line) for song in songs),
        standings.standing(line.state, basis.settings.station.id),
        tr("; ").join(_remarks(basis, line)),
    )


def _time(line: PupilLine) -> str:
    times = [time for take in line.tests if (time := clock(take))]
    return f"{times[0].partition('-')[0]}-{times[-1].partition('-')[2]}" if times else NONE


def _song(take: Take | None, line: PupilLine) -> str:
    """Seconds, result, and which attempt it was where there were several."""
    if take is None:
        return NONE
    word = tr("ok") if take.ok else tr("not fine") if take.ok is False else tr("not checked")
    seconds = tr("{seconds:.0f} s").format(seconds=take.seconds)
    sung = line.state.recorded(take.item_id)
    again = tr("attempt {number}").format(number=take.attempt) if sung > 1 else ""
    return " ".join(part for part in (word, seconds, again) if part)


def _remarks(basis: Basis, line: PupilLine) -> Iterator[str]:
    state = line.state
    if state.note:
        yield basis.account.told(state.note, basis.names)
    for take in line.last:
        if take.ok is False:
            yield present.verdict_short(take.ok, take.reasons[:1])
    yield from dict.fromkeys(
        tr("sung again: {why}").format(why=tr(present.RETAKES.get(take.reason, take.reason)))
        for take in line.tests
        if take.reason
    )
    if state.elsewhere and not state.only_elsewhere:
        yield standings.done_elsewhere(state, basis.settings.station.id)
    if state.accepted:
        yield tr(standings.ACCEPTED.get(state.accepted, state.accepted))
    if state.skips:
        yield tr("check skipped")
