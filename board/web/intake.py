"""The door for what stations say: tus creations whose metadata begins with `kind status`.

1. A status is believed as far as its token reaches: a station of another school's row can't be written.
2. What is refused leaves no row and is not shown.
"""

from __future__ import annotations

import logging

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from board.store.register import Heard, Register, Spoken
from board.store.roll import digest
from board.web.together import Together
from board.web.upkeep import Upkeep
from config.status import Status, StatusError, answer_headers, header_status

log = logging.getLogger(__name__)
TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
PATIENCE = {429: {"Retry-After": "30"}, 503: {"Retry-After": "60"}}


class Door:
    """In front of the pages: at whatever path, a status is a status."""

    def __init__(self, app: ASGIApp, register: Register, upkeep: Upkeep) -> None:
        """`upkeep` follows what was said."""
        self._app, self._upkeep = app, upkeep
        self._together = Together[Spoken, Heard](register.take)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            request = Request(scope, receive)
            metadata = request.headers.get("upload-metadata", "")
            if Status.in_header(metadata):
                answer = await self.take(request, metadata)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def take(self, request: Request, metadata: str) -> Response:
        """The answer to one status."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return _refusal(401)
        status = _status(metadata)
        try:
            heard = await self._together.ask(Spoken(digest(token.strip()), status))
        except SQLAlchemyError as error:
            # The station says it again in a minute; what it said stands in no log.
            log.error("a status was not kept: %s", type(error).__name__)
            return _refusal(503)
        if status is None or heard.code != 201:
            return _refusal(heard.code)
        self._upkeep.nudge()
        said = (heard.word.text, heard.word.id) if heard.word else ("", 0)
        headers = answer_headers(status.seq, *said, heard.beside)
        place = f"{request.url.path.rstrip('/')}/status-{status.station}-{status.run}-{status.seq}"
        return Response(status_code=201, headers={**TUS, "Location": place, **headers})


def _status(metadata: str) -> Status | None:
    try:
        return header_status(metadata)
    except StatusError:
        return None


def _refusal(code: int) -> Response:
    return Response(status_code=code, headers={**TUS, **PATIENCE.get(code, {})})
