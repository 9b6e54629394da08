"""The district's forms: summed over schools, as pages and as Excel, and only of what a person may see."""

from __future__ import annotations

import io
import re

from python_calamine import CalamineWorkbook

from board.web.application import Stores
from config.status.record import Incident
from tests.board.conftest import DISTRICT, OTHER
from tests.board.visitor import Visitor
from tests.config.status.samples import status

LOST = (Incident(category="power", count=1, minutes=20), Incident(category="newer", count=2, minutes=3))


def told(stores: Stores) -> None:
    school = "=HYPERLINK(1)<b>"
    stores.arrivals.keep(status(incidents=LOST), DISTRICT, "娄山小学")
    stores.arrivals.keep(status(station="310105-018-A", incidents=LOST), DISTRICT, "天山小学")
    stores.arrivals.keep(status(station="310106-001-A"), OTHER, "外区小学")
    stores.arrivals.keep(status(station="310105-099-A", incidents=()), DISTRICT, school)


def lines_of(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]


def test_sums_of_a_district_are_those_of_its_schools(people: Stores, visitor: Visitor) -> None:
    told(people)
    visitor.log_in("viewer")
    lines = [line for line in lines_of(visitor.get("/forms/incidents").text) if line]
    assert len(lines) == 4 + 1, "silent schools stand in it, too"
    assert lines[-1][0] == "Sum"
    assert lines[-1][-2:] == ["6", "46"]
    uploads = [line for line in lines_of(visitor.get("/forms/uploads").text) if line]
    assert next(line for line in uploads if line[0] == "Sum")[2:9] == [
        "90", "36", "3", "75", "60", "0", "0"
    ]  # fmt: skip
    assert sum("0112" in line for line in uploads) == 3, "what has not arrived is named"
    seals = visitor.get("/forms/handover").text
    assert seals.count(status().seal) == 3
    assert "外区" not in seals


def test_the_summary_has_a_line_for_each_district_that_one_may_see(people: Stores, visitor: Visitor) -> None:
    told(people)
    people.people.add("nation", "viewer", "", "a long password")
    visitor.log_in("nation")
    lines = [line for line in lines_of(visitor.get("/forms/summary").text) if line]
    assert [line[0] for line in lines] == [DISTRICT, OTHER, "Sum"]
    assert [line[1] for line in lines] == ["4", "1", "5"]
    visitor.log_in("viewer")
    lines = [line for line in lines_of(visitor.get("/forms/summary").text) if line]
    assert [line[0] for line in lines] == [DISTRICT, "Sum"]


def test_the_excel_file_has_the_same_tables_and_computes_nothing(people: Stores, visitor: Visitor) -> None:
    told(people)
    visitor.log_in("viewer")
    answer = visitor.get("/forms.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert len(book.sheet_names) == 4
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert "=HYPERLINK(1)<b>" in [cell for row in rows for cell in row]
    assert [row[-1] for row in book.get_sheet_by_index(1).to_python() if row[0] == "Sum"] == [46]
    assert "外区小学" not in [cell for row in rows for cell in row]
    assert "<b>" not in visitor.get("/forms/uploads").text.replace("&lt;b&gt;", "")


def test_forms_need_somebody_who_is_logged_in(people: Stores, visitor: Visitor) -> None:
    assert visitor.get("/forms.xlsx").status_code == 401
    assert visitor.get("/forms/uploads").status_code == 401
    visitor.log_in("viewer")
    assert visitor.get("/forms/nothing").status_code == 404
    assert "/forms/handover" in visitor.get("/").text
