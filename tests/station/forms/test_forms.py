"""The forms of an afternoon: page and Excel file say the same, sums balance, names stand where they may."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest

from audio.judge.reasons import REASONS
from config.base.message import say
from config.disk import DataDir
from config.roster import load_roster
from config.settings import Settings
from station.checks import lastpass
from station.checks.byhand import ITEMS, Tick, keep_ticks
from station.checks.catalogue import BY_ID
from station.checks.check import Result, ok
from station.forms.book import workbook_of
from station.forms.formpage import page
from station.forms.titles import FORMS, OF_NAMES, form_of
from station.session import day as acts
from station.session import events as ev
from station.takes.naming import session_of
from station.words.i18n import render, set_language, tr
from tests.station.forms.day import (
    ABSENT,
    AGAIN,
    AT,
    BAD,
    GONE,
    SAID,
    basis,
    delivered,
    happened,
    rows_of_page,
    sheets_of,
    sung,
    take,
)
from uploader.queue.states import State


def pages(settings: Settings, *, names: bool = False) -> dict[str, str]:
    found = basis(settings, names=names)
    return {form_id: page(form_of(form_id, found), AT) for form_id in FORMS}


def line_of(settings: Settings, form_id: str, student: str) -> list[str]:
    table = form_of(form_id, basis(settings)).tables[0]
    return next(list(row) for row in table.rows if student in row)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_page_and_excel_file_have_the_same_tables(settings: Settings, language: str) -> None:
    happened(settings, *sung(settings), ev.IncidentNoted(SAID, "drilling", BAD, "noise", 4, "asked to stop"))
    set_language(language)  # type: ignore[arg-type]
    found = basis(settings, names=True)
    forms = [form_of(form_id, found) for form_id in FORMS]
    sheets = sheets_of(workbook_of(forms, AT))
    assert list(sheets) == [form.title for form in forms]
    for form in forms:
        rows = rows_of_page(page(form, AT))
        assert len(rows) >= 1 or form.id == "cleared"
        in_sheet = [[cell for cell in line if cell] for line in sheets[form.title]]
        assert all([cell for cell in row if cell] in in_sheet for row in rows), form.id


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_names_stand_on_lists_of_names_and_elsewhere_only_where_they_are_wanted(
    settings: Settings, language: str
) -> None:
    pupils = load_roster(settings.session.roster).pupils
    note = ev.IncidentNoted(SAID, f"{pupils[0].name} coughed", remedy=f"water for {pupils[0].name}")
    happened(settings, *sung(settings), note)
    set_language(language)  # type: ignore[arg-type]
    for form_id, text in pages(settings).items():
        named = [pupil.name for pupil in pupils if pupil.name in text]
        assert len(named) == (30 if form_id in OF_NAMES else 0), form_id
    assert all(pupil.name in pages(settings, names=True)["record"] for pupil in pupils)


def test_what_looks_like_a_formula_stays_what_was_written(settings: Settings) -> None:
    written = ["=1+1", "+2", "-3", "@SUM(A1)", "http://x.example", "007", "\t=4"]
    happened(settings, *(ev.IncidentNoted(SAID, text, remedy=text) for text in written))
    book = workbook_of([form_of("incidents", basis(settings))], AT)
    (lines,) = sheets_of(book).values()
    assert {text for line in lines for text in line} >= set(written)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode("utf-8")
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    filled = re.findall("<c ([^>]*)><v>", sheet)
    assert len(filled) > len(written)
    assert all('t="s"' in attributes for attributes in filled), "every cell that has something has a text"


def test_every_form_says_what_it_is_about(settings: Settings) -> None:
    station = settings.station
    words = (station.school, station.id, "singing-test-station", "not sealed yet", "2026-05-26 16:40")
    for text in pages(settings).values():
        assert all(word in text for word in words)


def test_the_record_has_one_line_for_each_pupil_with_what_became_of_it(settings: Settings) -> None:
    happened(settings, *sung(settings))
    assert len(form_of("record", basis(settings)).tables[0].rows) == 30
    assert line_of(settings, "record", "0107")[3:6] == ["ok 46 s", "ok 46 s", "done"]
    assert "not fine" in line_of(settings, "record", BAD)[4]
    assert line_of(settings, "record", BAD)[6] == render(REASONS["silent"].what)
    assert line_of(settings, "record", ABSENT)[3:] == ["-", "-", "unwell", "fever since the morning"]
    assert line_of(settings, "record", GONE)[5] == "broke off: refused"
    assert "attempt 2" in line_of(settings, "record", AGAIN)[3]


def test_incidents_of_the_school_and_of_the_station_stand_apart(settings: Settings) -> None:
    happened(
        settings,
        ev.IncidentNoted(SAID, "drilling", "", "noise", 4, "asked to stop"),
        ev.IncidentNoted(SAID, "from an older program"),
        ev.Restarted(),
    )
    form = form_of("incidents", basis(settings))
    noted, own = form.tables
    assert noted.rows[0][2:] == ("Noise", "-", "drilling", "4", "asked to stop")
    assert noted.rows[1][2:] == ("-", "-", "from an older program", "-", "-")
    assert len(own.rows) == 1
    assert form.sums == ("Noted by the school 2, by the station 1; minutes lost 4.",)


def test_a_day_without_incidents_is_reported_as_one(settings: Settings) -> None:
    assert tr("There was no incident.") in pages(settings)["incidents"]


def test_uploads_tell_who_is_absent_from_what_has_not_arrived(settings: Settings) -> None:
    happened(settings, *sung(settings))
    rows = [delivered(settings, "0107_song1_1"), delivered(settings, "0107_song2_1", State.BLOCKED)]
    form = form_of("uploads", basis(settings, rows))
    table = {row[1]: row for row in form.tables[0].rows}
    assert table["0107"][3:5] == ("2", "1")
    assert table["0107"][6] == "song2: needs help"
    assert table[ABSENT][2:] == ("unwell", "0", "0", "-", "-")
    assert "delivered 1   sent, not yet proven 0   open 57" in form.sums[1]


def test_the_certificate_counts_what_is_gone_and_what_is_still_here(settings: Settings) -> None:
    happened(settings, *sung(settings))
    rows = [delivered(settings, "0107_song1_1", State.PURGED), delivered(settings, "0107_song2_1")]
    form = form_of("cleared", basis(settings, rows))
    assert [row[-1] for row in form.tables[0].rows] == ["removed", "still here"]
    assert form.sums == ("Recordings 2   removed from this computer 1   still here 1",)


def test_the_checklist_has_what_was_measured_and_who_has_seen_the_rest(settings: Settings) -> None:
    data = DataDir(settings.data.dir)
    result = Result(
        BY_ID["roster"], ok(say("{count} {count|pupil|pupils} in the roster.", count=30)), 0.1, AT.isoformat()
    )
    lastpass.save(data, [result], {})
    at = AT - timedelta(hours=1)
    old = Tick("Wu", (AT - timedelta(hours=37)).isoformat())
    keep_ticks(data, {"signs": Tick("Li", at.isoformat()), "cordon": old})
    set_language("zh_CN")
    measured, seen = form_of("selfcheck", basis(settings)).tables
    assert measured.rows[0][1:] == (tr(BY_ID["roster"].title), "通过", "名册中有 30 名学生。")
    ticked = {row[0]: row[1:3] for row in seen.rows}
    assert ticked[tr(ITEMS[0].text)] == ("√", "Li")
    assert ticked[tr(ITEMS[1].text)] == ("", ""), "too long ago"
    assert len(seen.rows) == len(ITEMS)


@pytest.mark.parametrize("form_id", FORMS)
def test_a_rehearsal_can_not_be_taken_for_the_real_thing(settings: Settings, form_id: str) -> None:
    text = page(form_of(form_id, basis(settings, rehearsal=True)), AT)
    assert "REHEARSAL" in text
    assert "REHEARSAL" not in page(form_of(form_id, basis(settings)), AT)


PERSONS = (acts.Signer("Wang", "principal", "hash"), acts.Signer("Li", "custodian", "hash"))


def test_who_was_checked_in_and_who_opened_stands_on_the_check_in_list(settings: Settings) -> None:
    opened = acts.SessionOpened(SAID, PERSONS, "two")
    happened(settings, opened, ev.CheckedIn("0107"), ev.CheckedIn("0109"), ev.MarkedAbsent("0108", "unwell"))
    form = form_of("checkin", basis(settings))
    assert form.sums == ("Expected 30   present 2   absent 1   not checked in 27",)
    assert line_of(settings, "checkin", "0107")[5:7] == ["√", ""]
    assert line_of(settings, "checkin", "0108")[5:7] == ["", "unwell"]
    happened(settings, take("0107", "song1"), ev.MarkedAbsent("0107", "refused"))
    assert form_of("checkin", basis(settings)).sums == form.sums, "who sang was there"
    assert line_of(settings, "checkin", "0107")[5:] == ["√", "", "broke off: refused"]
    assert form.tables[1].rows[0][2] == "Wang (principal), Li (custodian)"


def test_the_code_of_the_seal_that_holds_stands_on_every_form(settings: Settings) -> None:
    by, code = ("Wang",), "ABCD-EFGH-JKMN-PQRS-TVWX"
    pupils = load_roster(settings.session.roster).pupils
    absent = [ev.MarkedAbsent(pupil.student_id, "absent") for pupil in pupils]
    opened, sealed = acts.SessionOpened(SAID, PERSONS[:1]), acts.SessionSealed(SAID, by, 1, code, "", 0)
    happened(settings, opened, *absent, acts.SessionClosed(SAID, by), sealed)
    assert [form_id for form_id in FORMS if code not in page(form_of(form_id, basis(settings)), AT)] == []
    handed = form_of("handover", basis(settings))
    assert handed.code == code
    assert [row[0] for row in handed.tables[1].rows] == ["opened", "closed", f"seal 1: {code}"]
    happened(settings, acts.SessionReopened(SAID, by, "a pupil came after all"))
    again = form_of("handover", basis(settings))
    assert again.code == "", "a seal of before stands for nothing that holds"
    assert again.tables[1].rows[-1][3] == "a pupil came after all"


def test_the_certificate_compares_what_is_left_with_the_inventory_of_before(settings: Settings) -> None:
    by, pupils = ("Wang",), load_roster(settings.session.roster).pupils
    folder = DataDir(settings.data.dir).session(session_of(settings))
    folder.mkdir(parents=True)
    (folder / "0107_song2_1.wav").write_bytes(b"x")
    kept = tuple(acts.LocalTake(f"0107_song{n}_1.wav", str(n), "ab", "L2") for n in (1, 2))
    happened(
        settings,
        acts.SessionOpened(SAID, PERSONS[:1]),
        *(ev.MarkedAbsent(pupil.student_id, "absent") for pupil in pupils),
        acts.SessionClosed(SAID, by),
        acts.SessionSealed(SAID, by, 1, "ABCD-EFGH-JKMN-PQRS-TVWX", "", 2),
        acts.ClearingBegun(SAID, by, kept),
    )
    form = form_of("cleared", basis(settings))
    assert form.sums[1] == "Inventory: before 2 recordings, all proven; now 1"


def test_names_are_sealed_before_the_session_is_opened(settings: Settings) -> None:
    pupils = load_roster(settings.session.roster).pupils
    for form_id, text in pages(settings, names=True).items():
        assert [pupil.name for pupil in pupils if pupil.name in text] == [], form_id
        assert ("Names are shown once the session is opened." in text) == (form_id in OF_NAMES)
    happened(settings, acts.SessionOpened(SAID, PERSONS[:1]))
    assert pupils[0].name in pages(settings)["posting"]
