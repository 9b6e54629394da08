"""The district's forms, as pages to print and as one Excel file, in the language of who reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from board.boardfile import BoardSettings
from board.judge.districtforms import FORMS
from board.judge.seen import BoardRow
from board.store.people import Person
from board.web.formbook import workbook_of
from board.web.guard import RefusedRequestError
from board.web.pages import BoardPages
from board.web.phrases import Worded, filled, language_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DistrictFormPages:
    def __init__(
        self, settings: BoardSettings, pages: BoardPages, worded: Worded, clock: Callable[[], float]
    ) -> None:
        self._settings, self._pages, self._worded, self._clock = settings, pages, worded, clock

    async def page(self, request: Request) -> Response:
        return await run_in_threadpool(self._page, request, request.path_params["form"])

    async def book(self, request: Request) -> Response:
        return await run_in_threadpool(self._book, request)

    def _page(self, request: Request, form: str) -> Response:
        person, rows, district = self._rows(request)
        if form not in FORMS:
            raise RefusedRequestError(404)
        language = language_of(request, self._settings.language)
        values = {"form": FORMS[form](rows), "district": district, "now": self._clock()}
        return HTMLResponse(filled("form.html", language, self._worded, person=person, **values))

    def _book(self, request: Request) -> Response:
        _, rows, district = self._rows(request)
        language = language_of(request, self._settings.language)
        at = datetime.fromtimestamp(self._clock()).astimezone()
        made = [make(rows) for make in FORMS.values()]
        body = workbook_of(made, lambda message: self._worded(language, message), district, at)
        headers = {"Content-Disposition": f'attachment; filename="board-{at:%Y%m%d-%H%M}.xlsx"'}
        return Response(body, media_type=XLSX, headers=headers)

    def _rows(self, request: Request) -> tuple[Person, list[BoardRow], str]:
        """Who looks, and the stations that this person sees."""
        person = self._pages.person(request)
        district = person.district or request.query_params.get("district", "")[:40]
        return person, self._pages.judged(district), district
