"""Who asks, whether he may, and that it was his own page that asked.

1. The session's secret is in a cookie that no script reads and no other site sends with a form.
2. Every form repeats a secret of the session (CSRF), and a foreign Origin is refused besides.
3. Bodies are bounded before they are read.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from board.store.people import SESSION_SECONDS, People, Person

COOKIE = "board"
MAX_BODY = 20_000
MAX_FIELDS = 20


class RefusedRequestError(Exception):
    """With the status of the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def person_of(request: Request, people: People) -> Person | None:
    """Who is logged in here."""
    secret = request.cookies.get(COOKIE, "")
    return people.who(secret) if 20 <= len(secret) <= 100 else None


def check_body(request: Request) -> None:
    """Raises RefusedRequestError for a body that is too large, or does not say how large it is."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise RefusedRequestError(411)
    if int(length) > MAX_BODY:
        raise RefusedRequestError(413)


async def fields_of(request: Request) -> Mapping[str, str]:
    """The fields of a form. Raises RefusedRequestError."""
    check_body(request)
    if not same_site(request):
        raise RefusedRequestError(403)
    async with request.form(max_files=0, max_fields=MAX_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def same_site(request: Request) -> bool:
    """False where the browser says that another site's page sends this."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return urlsplit(origin).netloc == request.headers.get("host", "")


def check_acts(person: Person | None, fields: Mapping[str, str]) -> Person:
    """Who may change something, by a form of his own page. Raises RefusedRequestError."""
    if person is None:
        raise RefusedRequestError(401)
    check_form(person, fields)
    if not person.acts:
        raise RefusedRequestError(403)
    return person


def check_form(person: Person, fields: Mapping[str, str]) -> None:
    """Raises RefusedRequestError where the form is none of this session."""
    if not person.csrf or not secrets.compare_digest(
        fields.get("csrf", "").encode("utf-8"), person.csrf.encode("utf-8")
    ):
        raise RefusedRequestError(403)


def let_in(response: Response, secret: str, *, https: bool) -> None:
    response.set_cookie(
        COOKIE, secret, max_age=int(SESSION_SECONDS), httponly=True, samesite="lax", secure=https, path="/"
    )


def let_out(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/")
