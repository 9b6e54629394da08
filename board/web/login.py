"""Log in, log out, choose a language."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from board.store.people import ClosedError, People
from board.web.guard import COOKIE, check_form, fields_of, let_in, let_out, person_of
from board.web.phrases import LANGUAGE_COOKIE, Tongue, Worded, filled, language_of
from config.base import Message, say

YEAR_SECONDS = 365 * 24 * 3600


class LoginPages:
    def __init__(self, people: People, worded: Worded, usual: Tongue, *, https: bool) -> None:
        self._people, self._worded, self._usual, self._https = people, worded, usual, https

    async def show(self, request: Request) -> Response:
        return self._page(request, None, 200)

    async def log_in(self, request: Request) -> Response:
        fields = await fields_of(request)
        address = request.client.host if request.client else "?"
        try:
            secret = await run_in_threadpool(
                self._people.log_in, fields.get("name", ""), fields.get("password", ""), address
            )
        except ClosedError:
            wait = say("There were too many wrong passwords. Please wait a quarter of an hour.")
            return self._page(request, wait, 429)
        if secret is None:
            return self._page(request, say("Name or password is not right."), 403)
        answer = RedirectResponse("/", status_code=303)
        let_in(answer, secret, https=self._https)
        return answer

    async def log_out(self, request: Request) -> Response:
        fields = await fields_of(request)
        person = await run_in_threadpool(person_of, request, self._people)
        if person is not None:
            check_form(person, fields)
            await run_in_threadpool(self._people.log_out, request.cookies[COOKIE])
        answer = RedirectResponse("/login", status_code=303)
        let_out(answer)
        return answer

    async def choose_language(self, request: Request) -> Response:
        """A link, not a form: it changes nothing but this browser's own cookie."""
        language = "en" if request.query_params.get("to") == "en" else "zh_CN"
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(
            LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=self._https
        )
        return answer

    def _page(self, request: Request, trouble: Message | None, status: int) -> Response:
        language = language_of(request, self._usual)
        page = filled("login.html", language, self._worded, trouble=trouble)
        return HTMLResponse(page, status_code=status)
