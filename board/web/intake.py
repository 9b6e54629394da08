"""The door for what stations say: tus creations whose metadata begins with `kind status`.

1. A status is believed as far as its token reaches: a station of another school's row can't be written.
2. What is refused leaves no row and is not shown.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from board.store.arrivals import Arrivals
from board.store.desk import DistrictDesk
from board.store.roll import Roll, SchoolToken
from config.status import Status, StatusError, answer_headers, header_status, is_status

log = logging.getLogger(__name__)
TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
MOST_A_MINUTE = 30
"""Of one station; it says something every ten seconds at most."""
MOST_KNOWN = 20_000


@dataclass
class StationPace:
    """How often each station has spoken within a minute. Bounded."""

    clock: Callable[[], float] = time.monotonic
    counts: dict[str, int] = field(default_factory=dict)
    began: float = 0.0

    def allows(self, station: str) -> bool:
        if self.clock() - self.began >= 60 or len(self.counts) > MOST_KNOWN:
            self.counts, self.began = {}, self.clock()
        self.counts[station] = self.counts.get(station, 0) + 1
        return self.counts[station] <= MOST_A_MINUTE


class Door:
    """In front of the pages: at whatever path, a status is a status."""

    def __init__(self, app: ASGIApp, roll: Roll, arrivals: Arrivals, desk: DistrictDesk) -> None:
        self._app, self._roll, self._arrivals, self._desk = app, roll, arrivals, desk
        self._pace = StationPace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            request = Request(scope, receive)
            metadata = request.headers.get("upload-metadata", "")
            if is_status(metadata):
                try:
                    answer = await run_in_threadpool(self.take, request, metadata)
                except SQLAlchemyError as error:
                    # The station says it again in a minute; what it said stands in no log.
                    log.error("a status was not kept: %s", type(error).__name__)
                    answer = Response(status_code=503, headers={**TUS, "Retry-After": "60"})
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def take(self, request: Request, metadata: str) -> Response:
        """The answer to one status."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        school = self._roll.whose(token.strip()) if kind.lower() == "bearer" else None
        if school is None:
            return Response(status_code=401, headers=TUS)
        try:
            status = header_status(metadata)
        except StatusError:
            return Response(status_code=400, headers=TUS)
        if not self.may_write(school, status):
            return Response(status_code=403, headers=TUS)
        if not self._pace.allows(status.station):
            return Response(status_code=429, headers={**TUS, "Retry-After": "30"})
        self._arrivals.keep(status, school.district, school.school)
        word = self._desk.word_for(school.district, status.station)
        headers = answer_headers(status.seq, word.text, word.id) if word else answer_headers(status.seq)
        place = f"{request.url.path.rstrip('/')}/status-{status.station}-{status.run}-{status.seq}"
        return Response(status_code=201, headers={**TUS, "Location": place, **headers})

    def may_write(self, school: SchoolToken, status: Status) -> bool:
        """Whether the station is this school's: by the list, or by what was said before."""
        place = self._roll.place(status.station)
        if place is not None:
            return (place.district, place.row.school) == (school.district, school.school)
        owner = self._arrivals.owner(status.station)
        if owner is not None:
            return owner == school.school
        known = {place.row.station for place in self._roll.places(school.district)}
        return self._arrivals.room_for(status.station, school.school, known)
