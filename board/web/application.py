"""Routes, headers, and the door for stations in front of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from board.boardfile import BoardSettings
from board.judge.seen import CentreAccount
from board.store.arrivals import Arrivals
from board.store.desk import DistrictDesk
from board.store.people import People
from board.store.register import Register, StationPace
from board.store.roll import Roll
from board.web.formpages import DistrictFormPages
from board.web.guard import RefusedRequestError
from board.web.intake import Door
from board.web.login import LoginPages
from board.web.pages import BoardPages
from board.web.phrases import Worded, filled, language_of
from board.web.upkeep import Upkeep
from config.base import say

log = logging.getLogger(__name__)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Stores:
    roll: Roll
    arrivals: Arrivals
    desk: DistrictDesk
    people: People
    centre: CentreAccount | None = None
    """The centre's own account, where there is one."""

    @classmethod
    def of(
        cls, engine: Engine, clock: Callable[[], float] = time.time, centre: CentreAccount | None = None
    ) -> Stores:
        roll, arrivals = Roll(engine, clock), Arrivals(engine, clock)
        return cls(roll, arrivals, DistrictDesk(engine, clock), People(engine, clock), centre)


def board_app(
    settings: BoardSettings, stores: Stores, worded: Worded, clock: Callable[[], float] = time.time
) -> ASGIApp:
    """The whole board. `worded` gives texts in the reader's language."""
    parts = (stores.roll, stores.arrivals, stores.desk, stores.people)
    pages = BoardPages(settings, parts, worded, clock, stores.centre)
    login = LoginPages(stores.people, worded, settings.language, https=settings.https)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, RefusedRequestError)
        if error.status == 401 and request.method == "GET" and request.url.path == "/":
            return RedirectResponse("/login", status_code=303)
        what = {
            401: say("You are logged out. Please log in again."),
            404: say("There is no such station here."),
            413: say("That is too long."),
        }.get(error.status, say("This is not allowed."))
        language = language_of(request, settings.language)
        page = filled("said.html", language, worded, person=None, what=what)
        return HTMLResponse(page, status_code=error.status)

    async def broken(request: Request, error: Exception) -> Response:
        # The first line of the driver's words would repeat what was sent: only the kind is kept.
        log.error("the database did not do it: %s", type(error).__name__)
        language = language_of(request, settings.language)
        what = say("The board's database does not answer. Please try again in a minute.")
        return HTMLResponse(filled("said.html", language, worded, person=None, what=what), status_code=503)

    app = Starlette(
        routes=routes_to(pages, login, DistrictFormPages(settings, pages, worded, clock)),
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=with_headers)],
        exception_handlers={RefusedRequestError: refused, SQLAlchemyError: broken},
    )
    register = Register(stores.arrivals, stores.desk, StationPace())
    return Door(app, register, Upkeep(pages.keep_up))


def routes_to(pages: BoardPages, login: LoginPages, forms: DistrictFormPages) -> list[BaseRoute]:
    return [
        Route("/", pages.home),
        Route("/rows", pages.rows),
        Route("/forms.xlsx", forms.book),
        Route("/forms/{form:str}", forms.page),
        Route("/receipts/{upload_id:str}.json", pages.receipt),
        Route("/station/{station:str}", pages.station),
        Route("/station/{station:str}/note", pages.note, methods=["POST"]),
        Route("/station/{station:str}/word", pages.word, methods=["POST"]),
        Route("/word", pages.tell_all, methods=["POST"]),
        Route("/paste", pages.paste, methods=["POST"]),
        Route("/login", login.show),
        Route("/login", login.log_in, methods=["POST"]),
        Route("/logout", login.log_out, methods=["POST"]),
        Route("/language", login.choose_language),
        Route("/health", healthy),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


async def healthy(request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def with_headers(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await go_on(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer
