"""The checklist of the day before: what was measured, and what somebody has seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.base import Message, shown_again
from station.checks.byhand import ITEMS
from station.checks.catalogue import BY_ID
from station.checks.check import Outcome
from station.forms.basis import Basis
from station.forms.form import Form, FormTable, Texts
from station.forms.parts import GAP, YES, made
from station.reports.selftest_page import GROUPS, OUTCOMES
from station.words.i18n import render, tr


def selfcheck(basis: Basis, title: str) -> Form:
    return made(
        basis,
        "selfcheck",
        title,
        _measured(basis),
        _seen(basis),
        signs=(tr("IT teacher"), tr("Inspector"), tr("Date")),
    )


def _measured(basis: Basis) -> FormTable:
    tested = basis.tested
    name = tr("Measured by the self-test")
    if tested is not None:
        name += f"  {tested.at:%Y-%m-%d %H:%M}"
    return FormTable(
        (tr("Subject"), tr("Check"), tr("Result"), tr("What was found")),
        tuple(_result(result) for result in (tested.results if tested else ()) if result["id"] in BY_ID),
        name,
        tr("The self-test was not run."),
    )


def _result(result: Mapping[str, Any]) -> Texts:
    check = BY_ID[result["id"]]
    _, word = OUTCOMES[Outcome(result["outcome"])]
    found = shown_again(result.get("said")) or Message("{what}", {"what": result.get("what", "")})
    return tr(GROUPS[check.group]), tr(check.title), tr(word), render(found)


def _seen(basis: Basis) -> FormTable:
    ticks = basis.ticks or {}
    rows = []
    for item in ITEMS:
        tick = ticks.get(item.id)
        when = f"{datetime.fromisoformat(tick.at):%m-%d %H:%M}" if tick else GAP
        rows.append((tr(item.text), YES if tick else GAP, tick.by if tick else GAP, when))
    return FormTable(
        (tr("To be seen"), tr("In order"), tr("Looked at by"), tr("When")),
        tuple(rows),
        tr("Seen by a person"),
        widths=(55, 12, 18, 15),
    )
