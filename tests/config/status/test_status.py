"""What a station says can't be more than it is: every field bounded, every change on the way noticed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from config.status.carriage import answer_headers, answer_of, header_status, metadata_of
from config.status.grammar import MAX_JSON_BYTES, StatusError
from config.status.record import MissingTake, Status, from_json
from config.status.sharing import Beside
from config.status.textline import as_text, from_text
from tests.config.status.samples import AT, status
from uploader.tus.headers import encode_metadata

SENT = json.loads(status().to_json())


def test_what_was_sent_is_what_is_read() -> None:
    assert from_json(status().to_json()) == status()
    assert len(status().to_json()) < 1100


def test_a_pasted_line_says_the_same_but_for_the_words_that_a_board_knows_by_itself() -> None:
    expected = status(school="", kit="")
    line = as_text(status())
    assert line.isascii()
    assert from_text(line) == expected
    assert from_text(f"王老师:\n> {line.replace(' ', chr(10), 3)}\u200b\n谢谢") == expected


@pytest.mark.parametrize("place", range(3, 200, 13))
def test_a_letter_changed_on_the_way_is_noticed(place: int) -> None:
    line = as_text(status())
    other = "x" if line[place] != "x" else "y"
    with pytest.raises(StatusError):
        from_text(line[:place] + other + line[place + 1 :])


@pytest.mark.parametrize("line", ["", "你好", "S1 station=a", as_text(status())[:-1], "S1 " * 4000])
def test_what_is_no_whole_line_is_a_sentence(line: str) -> None:
    with pytest.raises(StatusError):
        from_text(line)


BAD: list[tuple[str, Any]] = [
    ("v", 2),
    ("run", "x"),
    ("seal", "7K3M"),
    ("seal", "7K3M-9QWX-ABCD-EFGH-JKMU"),
    ("head", "x"),
    ("session_stage", "李老师"),
    ("seq", 0),
    ("seq", 10**30),
    ("at", "yesterday"),
    ("at", "2026-11-26T14:30:00"),
    ("at", "1026-11-26T14:30:00+08:00"),
    ("station", "../../etc"),
    ("station", "王老师"),
    ("session", "<b>"),
    ("school", "a\nb"),
    ("school", "x" * 61),
    ("stage", "dancing"),
    ("software", "<script>"),
    ("release", "ab"),
    ("pupils", {"expected": 30, "done": 12}),
    ("pupils", {"expected": -1, "done": -1}),
    ("takes", {"recorded": 3, "l2": 5}),
    ("why", [{"code": "network", "count": 100_000}]),
    ("why", [{"code": "Net work", "count": 1}]),
    ("missing", [{"student": "王小明", "item": "song1", "attempt": 1, "code": "network"}]),
    ("missing", [{"student": "1", "item": "s", "attempt": 1, "code": "network"}] * 25),
    ("missing", "all"),
    ("ahead", {"bytes": -1}),
    ("ahead", {"oldest": "soon"}),
    ("selftest", {"at": AT, "outcome": "ok", "expires": "never"}),
    ("clock", 10**9),
    ("heard", -1),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_field_that_can_not_be_true_is_refused(name: str, value: object) -> None:
    with pytest.raises(StatusError) as found:
        from_json(json.dumps({**SENT, name: value}))
    assert "王" not in str(found.value)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 3000, '{"a":1}', "x" * 5000, '{"seq":NaN}'])
def test_what_is_no_status_is_a_sentence(text: str) -> None:
    with pytest.raises(StatusError):
        from_json(text)


def test_a_newer_station_is_understood_as_far_as_it_is_known() -> None:
    newer = {**SENT, "humidity": 40, "pupils": {**SENT["pupils"], "left_handed": 3}}
    assert from_json(json.dumps(newer)) == status()


def test_a_hundred_missing_recordings_do_not_make_it_too_long() -> None:
    many = tuple(
        MissingTake(student="x" * 60 + str(n), item="i" * 60, attempt=1, code="network") for n in range(24)
    )
    text = status(missing=many).to_json()
    assert len(text.encode()) <= MAX_JSON_BYTES
    assert 10 < len(from_json(text).missing) < 24


# --- the header


def test_the_header_begins_so_that_a_proxy_can_tell_it() -> None:
    header = encode_metadata(metadata_of(status()))
    assert header.startswith("kind c3RhdHVz,station ")
    assert Status.in_header(header)
    assert header_status(header) == status()


@pytest.mark.parametrize("header", ["", "kind dGFrZQ==", "filename YQ==,kind c3RhdHVz", "kindc3RhdHVz"])
def test_a_recording_is_never_taken_for_a_status(header: str) -> None:
    assert not Status.in_header(header)


def test_a_header_that_names_another_station_than_its_status_is_refused() -> None:
    pairs = {**metadata_of(status()), "station": "310105-018-A"}
    with pytest.raises(StatusError):
        header_status(encode_metadata(pairs))


@pytest.mark.parametrize(
    "header", ["kind c3RhdHVz,status ###", "kind c3RhdHVz", "kind c3RhdHVz," + "x" * 9000]
)
def test_a_broken_header_is_a_sentence(header: str) -> None:
    with pytest.raises(StatusError):
        header_status(header)


# --- the answer


def test_the_districts_words_arrive() -> None:
    found = answer_of(answer_headers(7, "请接电话", 3))
    assert (found.board, found.acknowledged, found.word, found.number) == (True, 7, "请接电话", 3)


def test_a_server_without_a_board_says_nothing() -> None:
    assert not answer_of({"Location": "/files/1", "Station-Word": "e30="}).board


def word(body: object) -> dict[str, str]:
    return {"Station-Board": "1", "Station-Word": base64.b64encode(json.dumps(body).encode()).decode()}


@pytest.mark.parametrize(
    "body",
    [[], 3, None, {"text": 7, "id": 1}, {"text": "x", "id": "1"}, {"text": "x"}, {"id": 2}, {"ack": -1}],
)
def test_words_of_a_strange_shape_are_none(body: object) -> None:
    found = answer_of(word(body))
    assert found.board
    assert (found.word, found.number, found.acknowledged) == ("", 0, 0)


def test_words_are_one_short_line_without_control_characters() -> None:
    found = answer_of(word({"id": 1, "text": "a\x1b[31m\nb" + "c" * 500}))
    assert found.word.isprintable()
    assert len(found.word) <= 120


def test_words_that_are_too_long_are_none() -> None:
    assert answer_of(word({"id": 1, "text": "x" * 5000})).word == ""


def test_a_status_has_no_place_for_a_name() -> None:
    """Text that anybody can write freely is only in `school` and `kit`, which are the station's own."""
    free = [
        name
        for name, field in Status.model_fields.items()
        if "plain" in repr(field.metadata).lower() and "pattern" not in repr(field.metadata)
    ]
    assert free == ["school", "kit"]


def beside(station: str = "310105-017-B", sung: str = "5") -> Beside:
    return Beside(station=station, session="s", at=AT, roster="ab" * 8, sung=sung)


def test_a_board_tells_what_others_with_the_roster_say_as_far_as_there_is_room() -> None:
    assert answer_of(answer_headers(7, beside=[beside()])).beside == (beside(),)
    many = [beside(f"{number}-{'x' * 60}", "f" * 250) for number in range(6)]
    answer = answer_of(answer_headers(7, "早" * 120, 3, many))
    assert 1 <= len(answer.beside) <= Beside.MOST
    assert answer.word == "早" * 120


@pytest.mark.parametrize(
    "wrong",
    [
        {"station": "一"},
        {"at": "yesterday"},
        {"at": "2026-11-26T14:30:00"},
        {"roster": "AB" * 8},
        {"sung": "f" * 251},
        {"sung": "g"},
        {"sung": 7},
        {"station": None},
    ],
)
def test_of_words_about_others_that_are_wrong_nothing_is_believed(wrong: dict[str, object]) -> None:
    body = {"ack": 7, "beside": [beside().model_dump(), {**beside().model_dump(), **wrong}]}
    text = base64.b64encode(json.dumps(body).encode()).decode()
    answer = answer_of({"Station-Board": "1", "Station-Word": text})
    assert (answer.acknowledged, answer.beside) == (7, ())


@pytest.mark.parametrize("odd", ["x", 5, {}, [[]], [None], [beside().model_dump()] * 5])
def test_words_about_others_of_another_shape_are_none(odd: object) -> None:
    text = base64.b64encode(json.dumps({"ack": 7, "beside": odd}).encode()).decode()
    assert answer_of({"Station-Board": "1", "Station-Word": text}).beside == ()
