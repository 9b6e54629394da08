"""Whatever somebody writes into a list of pupils is what the station reads, however it was saved."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from config.roster.pupils import Pupil
from config.roster.rosterfile import load_roster

IDS = st.from_regex(r"[0-9]{1,15}|[A-DF-Za-df-z][A-DF-Za-df-z0-9]{0,11}", fullmatch=True).filter(
    lambda text: text.lower() not in ("con", "prn", "aux", "nul")
)
NAMES = st.text("王李张明芳伟娜静·龘𠮷ABCéü", min_size=1, max_size=12).map(str.strip).filter(bool)
CLASSES = st.sampled_from(["四1班", "4-2", "三班", ""])
PUPILS = st.lists(
    st.builds(Pupil, IDS, NAMES, CLASSES, st.sampled_from(["男", "女", ""])),
    min_size=1,
    max_size=12,
    unique_by=lambda pupil: pupil.student_id.lower(),
)
HEADINGS = {"学号": "student_id", "姓名": "name", "班级": "class_name", "性别": "sex"}


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(
    pupils=PUPILS,
    columns=st.permutations(list(HEADINGS)),
    saved=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from(",;\t"),
    line_end=st.sampled_from(["\r\n", "\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_every_pupil_that_was_written_is_read_and_no_other(
    pupils: list[Pupil], columns: list[str], saved: str, delimiter: str, line_end: str, quoting: int
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(columns)
    for pupil in pupils:
        writer.writerow([getattr(pupil, HEADINGS[column]) for column in columns])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.csv"
        path.write_bytes(text.getvalue().encode(saved))
        assert load_roster(path).pupils == tuple(pupils)
