"""`station roster`: a person sees at a glance whether the list was understood, and gets an empty one."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from config.roster import check_roster
from tests.config.sheets import Workbook
from tests.station.commands.called import station

ROWS = [
    ["学号", "姓名", "班级", "性别"],
    *([f"{n:04}", f"生{n}", f"四({1 + n % 2})班", "男女"[n % 3 > 0]] for n in range(1, 21)),
]


def test_check_shows_the_first_the_last_and_the_counts(tmp_path: Path) -> None:
    path = Workbook({"名册": ROWS, "旧": ROWS}, hidden=("旧",)).write(tmp_path / "roster.xlsx")
    code, out, err = station("roster", "check", path)
    assert code == 0, err
    lines = out.splitlines()
    assert [line.split()[:3] for line in lines[1:6]] == [[str(n), f"{n:04}", f"生{n}"] for n in range(1, 6)]
    assert lines[7].split() == ["20", "0020", "生20", "四(1)班", "女"]
    assert "Class: 四(2)班 10, 四(1)班 10" in lines
    assert "Sex: 女 14, 男 6" in lines
    assert any("hidden sheet “旧” was left out" in line for line in lines)
    assert lines[-1] == "All in order: 20 pupils"


def test_check_as_json_has_the_same(tmp_path: Path) -> None:
    path = Workbook({"名册": ROWS}).write(tmp_path / "roster.xlsx")
    code, out, _ = station("roster", "check", path, "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["pupils"], found["classes"]) == (20, {"四(2)班": 10, "四(1)班": 10})
    assert found["first"][0] == {"student_id": "0001", "name": "生1", "class_name": "四(2)班", "sex": "女"}
    assert [pupil["student_id"] for pupil in found["last"]] == ["0020"]


@pytest.mark.parametrize("count", [1, 5, 6, 7])
def test_short_lists_are_shown_whole(tmp_path: Path, count: int) -> None:
    path = Workbook({"名册": ROWS[: count + 1]}).write(tmp_path / "roster.xlsx")
    _, out, _ = station("roster", "check", path)
    shown = re.findall(r"^\d+ +(\d{4})", out, re.MULTILINE)
    assert shown == (
        [f"{n:04}" for n in range(1, count + 1)] if count < 7 else [*(f"000{n}" for n in range(1, 6)), "0007"]
    )


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_template_is_a_roster_once_it_is_filled_in(tmp_path: Path, language: str) -> None:
    path = tmp_path / "名册.xlsx"
    code, _, err = station(
        "roster", "template", path, env={"LANGUAGE": language, "LANG": f"{language}.UTF-8"}
    )
    assert code == 0, err
    assert [str(problem.message) for problem in check_roster(path)[1] if problem.severity == "error"] == [
        "there are no pupils in it."
    ]
    filled = tmp_path / "filled.xlsx"
    row = '<row r="2"><c r="A2" s="1" t="inlineStr"><is><t>0101</t></is></c></row></sheetData>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(filled, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode("utf-8")
            new.writestr(name, text.replace("</sheetData>", row) if name.endswith("sheet1.xml") else text)
        sheet = old.read("xl/worksheets/sheet1.xml").decode("utf-8")
    roster, _ = check_roster(filled)
    assert roster is not None
    assert [pupil.student_id for pupil in roster.pupils] == ["0101"]
    assert sheet.count('style="1"') == 4, "all four columns are text"


def test_a_template_replaces_nothing_and_is_an_excel_file(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(b"mine")
    code, _, err = station("roster", "template", path)
    assert (code, path.read_bytes()) == (2, b"mine")
    assert "is there already" in err
    assert station("roster", "template", tmp_path / "roster.csv")[0] == 2
    assert station("roster", "template", tmp_path / "nowhere" / "roster.xlsx")[0] == 5
