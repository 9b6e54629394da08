"""The page in a real Chromium: rows renew themselves, a row opens, nothing else is fetched."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from board.web.application import Stores
from tests.board.chromium import PROGRAM, Chromium
from tests.board.conftest import DISTRICT, PASSWORD
from tests.board.visitor import Visitor
from tests.config.status.samples import status

pytestmark = [
    pytest.mark.skipif(PROGRAM is None or sys.platform == "win32", reason="Chromium is not installed"),
    pytest.mark.timeout(240),
]
JS = Path(__file__).parents[2] / "board" / "web" / "static" / "board.js"


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_a_technician_watches_the_afternoon(people: Stores, visitor: Visitor) -> None:
    token = people.roll.make_token(DISTRICT, "娄山小学")
    with Chromium() as page:
        page.go(visitor.url + "/")
        page.run(f"document.querySelector('[name=password]').value = '{PASSWORD}'")
        page.run("document.querySelector('[name=name]').value = 'technician'")
        page.run("document.querySelector('form.login').submit()")
        page.until("!!document.getElementById('rows')")
        first = "document.querySelector('details.row').getAttribute('data-key')"
        assert page.run(first) == "310105-017-A"
        assert page.run("document.querySelectorAll('.row.bad').length") == 3
        visitor.tell(status(school="<img src=x onerror=document.title='broken'>"), token)
        page.until("document.querySelectorAll('.row.bad .count')[0].textContent !== '' || "
                   "document.body.textContent.indexOf('13/30') > 0", 30)  # fmt: skip
        page.run("document.querySelector('[data-key=\"310105-017-A\"]').open = true")
        page.until("document.body.textContent.indexOf('0112') > 0")
        page.until("document.querySelector('.at').textContent !== ''")
        assert page.run("document.title") != "broken"
        assert page.run("performance.getEntriesByType('resource').every("
                        "function (one) { return one.name.indexOf(location.origin) === 0; })")  # fmt: skip


def test_the_script_is_one_that_old_browsers_understand() -> None:
    """Nothing younger than ECMAScript 5: no arrows, no let, no template texts, no fetch."""
    text = JS.read_text(encoding="utf-8")
    assert not [
        word for word in ("=>", "let ", "const ", "`", "fetch(", "async ", "?.", "...") if word in text
    ]
