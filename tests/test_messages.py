"""Both languages are complete: every sentence has a translation that takes the same values."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from config.base.message import say
from station.commands.cli import run_cli
from station.words.i18n import DOMAINS, Language, current_language, render, set_language, tr
from tests.tools.messages import literals, outputs, read, untranslated

PAIRS = [
    (domain, str(message.id), str(message.string))
    for domain in DOMAINS
    for message in read(domain)
    if message.id
]
"""(domain, English, Chinese)"""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff」][,;:!?.]|[,;:!?](?=[\u4e00-\u9fff「])")
"""Western punctuation beside a Chinese character."""


@pytest.fixture(autouse=True)
def same_language_afterwards() -> Iterator[None]:
    before: Language = current_language()
    yield
    set_language(before)


def fields(template: str) -> list[tuple[str, str]]:
    """(name, format) of every value; words for one and for several are of English alone."""
    found = string.Formatter().parse(template)
    return sorted((name, form or "") for _, name, form, _ in found if name and "|" not in name)


@pytest.mark.costly
def test_catalogues_are_in_step_with_the_sources() -> None:
    stale = [path.name for path, data in outputs() if not path.exists() or path.read_bytes() != data]
    assert stale == [], "run `make messages`"


def test_every_sentence_is_translated() -> None:
    assert {domain: texts for domain in DOMAINS if (texts := untranslated(domain))} == {}


def test_translations_take_the_same_values() -> None:
    assert [english for _, english, chinese in PAIRS if fields(english) != fields(chinese)] == []


def test_english_says_one_pupil_and_two_pupils_and_chinese_both_alike() -> None:
    set_language("en")
    text = "{count} {count|pupil is|pupils are} expected; {count|the name is|their names are} hidden."
    assert tr(text).format(count=1) == "1 pupil is expected; the name is hidden."
    assert str(say(text, count=2)) == "2 pupils are expected; their names are hidden."
    assert render(say(text, count=0)).startswith("0 pupils are")
    set_language("zh_CN")
    assert tr(text).format(count=1) == render(say(text, count=1)) == "应到 1 名学生\uff0c姓名暂不显示。"


def test_no_count_stands_before_a_word_that_fits_several_only() -> None:
    """Never `1 pupils`; a limit and a whole of which there is a part are never one."""
    several = re.compile(
        r"(?<!than )(?<!of )\{\w+\} (pupils|recordings|takes|minutes|stations|receipts|incidents|checks"
        r"|entries|are|were|have|need)\b|\(s\)"
    )
    assert [english for _, english, _ in PAIRS if several.search(english)] == []


def test_one_sentence_has_one_translation() -> None:
    """All catalogues are searched one after another, so two meanings of one text can't be told apart."""
    known: dict[str, str] = {}
    assert [english for _, english, chinese in PAIRS if known.setdefault(english, chinese) != chinese] == []


def test_chinese_has_chinese_punctuation() -> None:
    assert [chinese for _, _, chinese in PAIRS if HALF_WIDTH.search(chinese)] == []


def test_sentences_end_as_in_english() -> None:
    ends = {".": ("。", "」"), "?": ("\uff1f",)}
    wrong = [
        (english, chinese)
        for _, english, chinese in PAIRS
        if CHINESE.search(chinese)
        and " " in english
        and not english.endswith("...")
        and not chinese.endswith(ends.get(english[-1], (chinese[-1],)))
    ]
    assert wrong == []


def test_every_translation_is_reached_through_its_own_language() -> None:
    set_language("zh_CN")
    assert [english for _, english, chinese in PAIRS if tr(english) != chinese] == []
    set_language("en")
    assert [english for _, english, _ in PAIRS if tr(english) != english] == []


def test_nested_sentences_are_translated_too() -> None:
    sentence = say("{place}: {message}", place="r.csv:3", message=say("the number is missing."))
    set_language("zh_CN")
    assert render(sentence) == "r.csv:3\uff1a没有学号。"
    set_language("en")
    assert render(sentence) == "r.csv:3: the number is missing."


def test_click_speaks_chinese_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, words in (
        ("zh_CN.UTF-8", ("用法", "错误", "缺少选项")),
        ("C", ("Usage:", "Error:", "Missing option")),
    ):
        monkeypatch.setenv("LC_ALL", name)
        assert run_cli(["record"]) == 2
        said = capsys.readouterr().err
        assert all(word in said for word in words), said


def test_sentences_of_click_are_those_of_the_locked_click() -> None:
    said = {
        node.value
        for file in Path(click.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    for message in read("click"):
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        assert set(ids) <= said
        assert ids == ("",) or [fields(text) for text in ids] == [fields(text) for text in strings]


def test_collector_finds_what_the_program_marks() -> None:
    source = """
say("plain {x}", x=1)
tr_noop("joined "
        "text")
f"{tr('inside')} {other('not')}"
tr(variable); tr(""); module.tr("not ours")
"""
    assert sorted(literals(source)) == ["inside", "joined text", "plain {x}"]
