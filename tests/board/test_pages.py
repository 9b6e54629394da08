"""Who sees and does what on the board, over real HTTP."""

from __future__ import annotations

import re

import pytest
import requests

from board.store.people import MOST_OF_NAME
from board.web.application import Stores
from config.status.textline import as_text
from tests.board.conftest import DISTRICT, PASSWORD
from tests.board.visitor import TIMEOUT, Visitor
from tests.config.status.samples import status


def test_the_silent_school_stands_on_top_with_its_telephone(people: Stores, visitor: Visitor) -> None:
    visitor.tell(status(headset=True, pupils=status().pupils), people.roll.make_token(DISTRICT, "娄山小学"))
    visitor.log_in("technician")
    page = visitor.get("/").text
    rows = re.findall(r'data-key="(31\d+-\d+-A)"', page)
    assert set(rows) == {"310105-017-A", "310105-018-A", "310105-019-A"}
    assert rows[:2] == ["310105-018-A", "310105-019-A"]
    assert "李老师 021-2" in page
    assert "外区小学" not in page


def test_nobody_sees_anything_without_logging_in(people: Stores, visitor: Visitor) -> None:
    assert visitor.get("/").headers["Location"] == "/login"
    assert visitor.get("/rows").status_code == 401
    assert visitor.get("/station/310105-017-A").status_code == 401
    assert "娄山" not in visitor.get("/rows").text
    assert visitor.post("/word", text="x").status_code == 401


def test_an_opened_row_says_which_recording_why_and_who_must_act(people: Stores, visitor: Visitor) -> None:
    visitor.tell(status(), people.roll.make_token(DISTRICT, "娄山小学"))
    visitor.log_in("technician")
    page = visitor.get("/station/310105-017-A?part=1").text
    assert "<html" not in page
    for words in (
        "0112",
        "song2",
        "does not reach the server",
        "the school&#39;s IT staff",
        "carry the recordings",
    ):
        assert words in page, words


def test_a_district_does_not_see_another(people: Stores, visitor: Visitor) -> None:
    visitor.log_in("neighbour")
    assert "娄山" not in visitor.get("/?district=310105").text
    assert "外区小学" in visitor.get("/").text
    assert visitor.get("/station/310105-017-A").status_code == 404
    assert visitor.post("/station/310105-017-A/note", text="x").status_code == 404
    assert visitor.post("/paste", line=as_text(status())).status_code == 400
    assert people.arrivals.last() == {}


def test_a_viewer_looks_and_does_not_act(people: Stores, visitor: Visitor) -> None:
    visitor.log_in("viewer")
    assert "娄山小学" in visitor.get("/").text
    for path in ("/word", "/paste", "/station/310105-017-A/note", "/station/310105-017-A/word"):
        assert visitor.post(path, text="x", line=as_text(status())).status_code == 403, path
    assert people.desk.notes("310105-017-A") == []
    assert people.arrivals.last() == {}


def test_notes_and_words_are_kept_with_their_author(people: Stores, visitor: Visitor) -> None:
    visitor.log_in("technician")
    assert visitor.post("/station/310105-017-A/note", text="已电话联系, 无人接").status_code == 303
    assert visitor.post("/station/310105-017-A/word", text="请接电话").status_code == 303
    page = visitor.get("/station/310105-017-A").text
    assert "已电话联系, 无人接" in page
    assert "请接电话" in page
    assert "technician" in page
    assert "has not arrived yet" in page
    visitor.tell(status(heard=10**6), people.roll.make_token(DISTRICT, "娄山小学"))
    assert "has arrived" in visitor.get("/station/310105-017-A").text


def test_a_pasted_line_makes_a_silent_school_heard(people: Stores, visitor: Visitor) -> None:
    visitor.log_in("technician")
    line = as_text(status(station="310105-019-A"))
    assert visitor.post("/paste", line=line[:-1]).status_code == 400
    assert visitor.post("/paste", line=line).status_code == 303
    assert visitor.post("/paste", line=line).status_code == 409
    arrival = people.arrivals.of("310105-019-A")
    assert arrival is not None
    assert arrival.pasted_by == "technician"


MARKUP = "<script>alert(1)</script><b onmouseover=x>"


def test_markup_in_what_people_and_stations_say_is_harmless(people: Stores, visitor: Visitor) -> None:
    visitor.tell(status(school=MARKUP[:40], kit=MARKUP), people.roll.make_token(DISTRICT, "娄山小学"))
    visitor.log_in("technician")
    visitor.post("/station/310105-017-A/note", text=MARKUP)
    visitor.post("/station/310105-017-A/word", text=MARKUP)
    for path in ("/", "/station/310105-017-A"):
        answer = visitor.get(path)
        assert "<script>alert" not in answer.text
        assert "<b on" not in answer.text
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "&lt;script&gt;" in visitor.get("/station/310105-017-A").text


# --- sessions


def test_the_cookie_is_for_this_site_and_no_script(people: Stores, visitor: Visitor) -> None:
    cookie = visitor.log_in("technician").headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_form_of_another_site_does_nothing(people: Stores, visitor: Visitor) -> None:
    visitor.log_in("technician")
    path = visitor.url + "/station/310105-017-A/note"
    right = {"csrf": visitor.csrf, "text": "x"}
    for fields, headers in (
        ({"text": "x"}, {}),
        ({**right, "csrf": "y" * 32}, {}),
        (right, {"Origin": "https://elsewhere.example"}),
        (right, {"Sec-Fetch-Site": "cross-site"}),
    ):
        answer = visitor.session.post(
            path, data=fields, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )
        assert answer.status_code == 403
    assert people.desk.notes("310105-017-A") == []


def test_after_logging_out_the_cookie_opens_nothing(people: Stores, visitor: Visitor) -> None:
    visitor.log_in("technician")
    cookies = dict(visitor.session.cookies)
    visitor.post("/logout")
    answer = requests.get(visitor.url + "/rows", cookies=cookies, timeout=TIMEOUT)
    assert answer.status_code == 401


def test_a_new_password_ends_the_sessions_before(people: Stores, visitor: Visitor) -> None:
    visitor.log_in("technician")
    people.people.add("technician", "district", DISTRICT, "another password")
    assert visitor.get("/rows").status_code == 401
    assert visitor.log_in("technician").status_code == 403


def test_wrong_passwords_close_the_door_even_to_the_right_one(people: Stores, visitor: Visitor) -> None:
    codes = [visitor.log_in("technician", f"wrong {n}").status_code for n in range(MOST_OF_NAME)]
    assert codes == [403] * MOST_OF_NAME
    assert visitor.log_in("technician", PASSWORD).status_code == 429
    assert visitor.log_in("viewer", PASSWORD).status_code == 303


@pytest.mark.parametrize("size", [30_000, 3_000_000])
def test_a_huge_form_is_refused_before_it_is_read(people: Stores, visitor: Visitor, size: int) -> None:
    visitor.log_in("technician")
    assert visitor.post("/paste", line="x" * size).status_code == 413


def test_both_languages(people: Stores, visitor: Visitor) -> None:
    visitor.log_in("technician")
    assert "not heard" in visitor.get("/").text
    visitor.get("/language?to=zh_CN")
    page = visitor.get("/").text
    assert "未联系" in page
    assert 'lang="zh-CN"' in page


def test_no_secret_is_in_a_log(people: Stores, visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    token = people.roll.make_token(DISTRICT, "娄山小学")
    visitor.tell(status(), token)
    visitor.log_in("technician")
    secret = visitor.session.cookies["board"]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("urllib3")]
    assert not [line for line in ours if token in line or secret in line or PASSWORD in line]
