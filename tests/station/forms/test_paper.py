"""The forms as a printer gets them: PDF by Chromium, so many sheets of A4 as schools expect."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from station.forms.titles import FORMS
from station.forms.writing import write_forms
from station.session import day
from station.session import events as ev
from station.words.i18n import set_language
from tests.station.forms.day import BAD, SAID, basis, delivered, happened, sung

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SHEETS = dict.fromkeys(FORMS, 1) | {"cleared": 2}
"""Of 30 pupils with two songs each."""
A4 = (595, 842)
"""Points."""


@pytest.mark.long
@pytest.mark.skipif(BROWSER is None, reason="no Chromium to print with")
@pytest.mark.timeout(600)  # a browser is started for each form
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_form_fits_on_its_sheets(settings: Settings, tmp_path: Path, language: str) -> None:
    happened(settings, *sealed(settings))
    takes = [event.take_id for event in sung(settings) if isinstance(event, ev.TakeRecovered)]
    rows = [delivered(settings, take_id) for take_id in takes]
    set_language(language)  # type: ignore[arg-type]
    write_forms(basis(settings, rows, names=True), tmp_path / "out")
    found = {form_id: printed(tmp_path / "out" / f"{form_id}.html") for form_id in FORMS}
    assert {form_id: sheets for form_id, (sheets, _) in found.items()} == SHEETS
    assert {size for _, size in found.values()} == {A4}


def sealed(settings: Settings) -> Iterator[ev.Event]:
    """Everything that can stand on forms: two persons, a check-in, incidents, a seal."""
    by = ("王建国", "李爱华")
    persons = tuple(day.Signer(name, "custodian", "hash") for name in by)
    yield day.SessionOpened(SAID, persons, "two", True, SAID, "the head of the school must leave early")
    came = [event.student_id for event in sung(settings) if isinstance(event, ev.TakeRecovered)]
    yield from map(ev.CheckedIn, dict.fromkeys(came))
    yield from sung(settings)
    yield day.CheckInEnded(SAID, by)
    for number in range(5):
        yield ev.IncidentNoted(SAID, f"drilling next door, for the time {number}", BAD, "noise", 4, "stopped")
    yield ev.Restarted()
    yield day.SessionClosed(SAID, by[:1], (BAD,))
    yield day.SessionSealed(SAID, by, 1, "4PQK-7N4S-S0KS-544R-2G10", "", 58)


def printed(page: Path) -> tuple[int, tuple[int, int]]:
    """How many sheets, and their size in points."""
    assert BROWSER is not None
    target = page.with_suffix(".pdf")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    command = [BROWSER, *options, f"--user-data-dir={page.parent / 'browser'}", f"--print-to-pdf={target}"]
    subprocess.run([*command, page.as_uri()], capture_output=True, timeout=50, check=True)
    data = target.read_bytes()
    (box,) = set(re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", data))
    return len(re.findall(rb"/Type /Page\b", data)), (round(float(box[0])), round(float(box[1])))
