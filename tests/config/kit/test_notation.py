"""The notation of a kit: what is read, what is refused with its place, and that old kits go on working."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.kit.kitfile import check_kit
from config.kit.melody import NotationError, Note, parse_key, parse_lines, parse_notation
from tests.config import hostile

HEAD = 'id = "k"\nversion = "1"\n\n[[items]]\nid = "song"\ntitle = "歌"\n'


def told(folder: Path, body: str) -> tuple[bool, list[tuple[str, str]]]:
    """Whether the kit can be used; each problem with its gravity and its sentence."""
    (folder / "kit.toml").write_text(HEAD + body, encoding="utf-8")
    kit, problems = check_kit(folder)
    sentences = [str(problem.sentence()) for problem in problems]
    assert all(hostile.is_sentence(sentence) for sentence in sentences), sentences
    return kit is not None, [
        (problem.severity, sentence) for problem, sentence in zip(problems, sentences, strict=True)
    ]


def test_what_a_song_book_writes_is_read() -> None:
    text = "0 1 #4. b7_ | 5' - 6, (2__ 3__) ||"
    beats = [(None, 1), (0, 1), (7 - 1, 1.5), (10, 0.5), (19, 2), (-3, 1), (2, 0.25), (4, 0.25)]
    assert parse_notation(text) == tuple(Note(pitch, length) for pitch, length in beats)


@pytest.mark.parametrize(
    ("text", "line", "column", "sign"),
    [
        ("1 2 x 3", 1, 5, "x"),
        ("1 2\n\n 1 8", 3, 4, "8"),
        ("1 2 \uff13", 1, 5, "\uff13"),
        ("1\t2 ~", 1, 5, "~"),
    ],
)
def test_a_sign_that_is_none_is_named_with_its_place(text: str, line: int, column: int, sign: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse_lines(text)
    assert (caught.value.line, caught.value.column, caught.value.sign) == (line, column, sign)


@pytest.mark.parametrize(
    ("text", "midi", "name"),
    [("C", 60, "1=C"), ("1=G", 67, "1=G"), ("bB", 58, "1=bB"), ("F#", 66, "1=#F"), ("A4", 69, "1=A")],
)
def test_a_key_says_where_one_is(text: str, midi: int, name: str) -> None:
    assert (parse_key(text).midi, parse_key(text).name) == (midi, name)


def test_an_old_kit_with_a_notation_of_its_own_works_and_is_told_of_it(tmp_path: Path) -> None:
    usable, problems = told(tmp_path, 'notation = """\n1 2 3\n1 ~ 5\n"""\n')
    assert usable
    [(gravity, sentence)] = problems
    assert gravity == "warning"
    assert sentence.startswith("kit.toml:9:3: item “song”: “~” is no note.")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('show = "staff"\nnotation = "1 2 x"\n', "kit.toml:8:17: item “song”: “x” is no note."),
        ('show = "staff"\n', "there is no note to make a staff"),
        ('start_tone = "first"\nnotation = "0 0"\n', "there is no note to make a staff or a start tone"),
        ('key = "H"\nnotation = "1"\n', "“H” is no key"),
        ('time = "4/5"\nnotation = "1"\n', "“4/5” is no time signature"),
    ],
)
def test_what_can_not_be_drawn_or_played_is_an_error(tmp_path: Path, body: str, words: str) -> None:
    usable, problems = told(tmp_path, body)
    assert not usable
    assert words in problems[0][1]
    assert problems[0][0] == "error"


def test_a_prompt_and_a_start_tone_are_too_much(tmp_path: Path) -> None:
    (tmp_path / "p.wav").write_bytes(b"x")
    usable, problems = told(tmp_path, 'start_tone = "tonic"\nnotation = "1"\nprompt = "p.wav"\n')
    assert not usable
    assert "put the tone into the prompt" in problems[0][1]


def test_bars_are_counted_where_the_time_is_given(tmp_path: Path) -> None:
    body = 'time = "4/4"\nnotation = """\n5 | 1 2 3 4 | 1 2 3 |\n1 2 3 4_ 5_ | 1 - - - 5 | 1 2\n"""\n'
    usable, problems = told(tmp_path, body)
    assert usable
    assert [sentence for _, sentence in problems] == [
        "kit.toml:9:15: item “song”: the bar has 3 beats instead of 4.",
        "kit.toml:10:15: item “song”: the bar has 5 beats instead of 4.",
    ]
