"""What is stored of a sentence is shown again in the words and the language of whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.base import Message, codes, shown_again, stored
from tests.tools.codes import gone, name_for, updated

PLUG = "Plug the headset in."
TWO = "{file}: {reason}"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A table of two codes, one of them reworded twice."""
    path = tmp_path / "codes.json"
    path.write_text(json.dumps({"plug": [PLUG, "Insert the headset.", "Put it in."], "two": TWO}), "utf-8")
    monkeypatch.setattr(codes, "TABLE", path)
    forget()
    yield path
    forget()


def forget() -> None:
    codes._codes.cache_clear()
    codes._sentences.cache_clear()


def test_the_code_is_stored_and_not_the_words(table: Path) -> None:
    message = Message(TWO, {"file": "a.wav", "reason": Message(PLUG)})
    body = stored(message)
    assert body == {"code": "two", "params": {"file": "a.wav", "reason": {"code": "plug", "params": {}}}}
    assert shown_again(json.loads(json.dumps(body))) == message


@pytest.mark.parametrize("words", [PLUG, "Insert the headset.", "Put it in."])
def test_a_sentence_stored_in_words_of_before_is_shown_in_those_of_today(table: Path, words: str) -> None:
    assert shown_again({"template": words, "params": {}}) == Message(PLUG)


def test_a_sentence_that_nobody_knows_is_shown_as_it_was_stored(table: Path) -> None:
    old = {"template": "Gone in {place}.", "params": {"place": "row 3"}}
    assert str(shown_again(old)) == "Gone in row 3."
    assert str(shown_again({"code": "added_later", "params": {"at": 3}})) == "added_later 3"
    assert str(shown_again({"code": "two", "params": {"file": "a.wav"}})) == "two a.wav"
    assert str(shown_again({"template": "{broken", "params": {}})) == "{broken "


@pytest.mark.parametrize("body", [None, "text", 7, [], {}, {"params": []}, {"params": {"a": 1}}])
def test_what_is_no_sentence_is_none(table: Path, body: object) -> None:
    assert shown_again(body) is None


def test_the_table_is_in_step_with_the_sources() -> None:
    assert (updated(), gone()) == (codes.TABLE.read_bytes(), [])


@pytest.mark.costly
def test_a_new_sentence_gets_a_code_of_its_own(table: Path) -> None:
    assert name_for("Plug it in, {name}!", set()) == "plug_it_in_name"
    assert name_for("Plug it in: {name}", {"plug_it_in_name"}) == "plug_it_in_name_2"
    added = json.loads(updated())
    assert added["plug"] == [PLUG, "Insert the headset.", "Put it in."], "a code stays with its sentence"
    assert len(set(added)) == len(added) > 100
    assert "plug" in gone(), "no source says it: somebody must say what its words are now"


ODD = ("{n|a}", "{n|a|b|c}", "{n|a.b|c}", "{n|a|b[0]}", "{m|a|b}", "{n.real}", "{")


@pytest.mark.parametrize("words", ODD)
def test_kept_words_that_no_program_of_ours_wrote_are_shown_and_not_filled_in(words: str) -> None:
    assert str(shown_again({"template": f"x {words}", "params": {"n": 1}})) == f"x {words} 1"


def test_kept_words_for_one_and_for_several_are_filled_in() -> None:
    for count, told in ((1, "1 file"), (2, "2 files")):
        assert str(shown_again({"template": "{n} {n|file|files}", "params": {"n": count}})) == told
