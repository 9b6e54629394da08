"""The district's list: read as districts make it, refused in one sentence where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from board.expected import ExpectedStation, read_expected

GOOD = """长宁区名单
工作站,学校,教室,联系人,人数
310105-017-A,娄山小学,音乐室,王老师 021-1,30
310105-018-A,天山小学,,,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_in_the_encodings_of_schools(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(GOOD.encode(encoding))
    rows, problems = read_expected(file)
    assert problems == []
    assert rows == [
        ExpectedStation("310105-017-A", "娄山小学", "音乐室", "王老师 021-1", 30),
        ExpectedStation("310105-018-A", "天山小学"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a,b\n1,2\n", None, "工作站"),
        ("station,school\n", None, "no stations"),
        ("station,school\n../x,A\n", 2, "no id of a station"),
        ("station,school\na-1,\n", 2, "school is missing"),
        ("station,school\na-1,A\nA-1,B\n", 3, "twice"),
        ("station,school,pupils\na-1,A,many\n", 2, "no number of pupils"),
        ("station,school,pupils\na-1,A,-3\n", 2, "no number of pupils"),
        ("station,school\na-1," + "x" * 80 + "\n", 2, "too long"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line_and_nothing_is_taken(
    tmp_path: Path, text: str, line: int | None, words: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    rows, problems = read_expected(file)
    assert rows == []
    assert [(problem.line, words in str(problem.message)) for problem in problems] == [(line, True)]


def test_what_is_no_file_or_no_table_is_a_sentence(tmp_path: Path) -> None:
    picture = tmp_path / "list.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    for file in (tmp_path / "absent.csv", picture):
        assert [problem.severity for problem in read_expected(file)[1]] == ["error"]
