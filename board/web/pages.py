"""The board, a station, and what the technician writes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from board.boardfile import BoardSettings
from board.judge.balance import balance_of
from board.judge.district import judged_rows
from board.judge.districtforms import FORMS
from board.judge.duties import duty
from board.judge.keptrows import Country, KeptRows
from board.judge.listline import line_of, sums_of
from board.judge.seen import BoardRow, CentreAccount, Grade, Seen
from board.judge.wordings import incident_word, stage_word
from board.store.arrivals import Arrivals
from board.store.desk import DistrictDesk
from board.store.people import People, Person
from board.store.roll import Roll
from board.web.guard import RefusedRequestError, check_acts, fields_of, person_of
from board.web.phrases import Tongue, Worded, filled, language_of
from board.web.rowwriter import RowWriter
from board.web.widelist import MANY, WideLists
from config.base import Message, say
from config.status import StatusError, from_text

Clock = Callable[[], float]
MOST_ROWS = 300
"""Of troubled and of healthy stations each: who watches more of them looks at the sums, or at a district."""


class BoardPages:
    def __init__(
        self,
        settings: BoardSettings,
        stores: tuple[Roll, Arrivals, DistrictDesk, People],
        worded: Worded,
        clock: Clock = time.time,
        centre: CentreAccount | None = None,
    ) -> None:
        self._centre = centre
        self._settings, self._worded, self._clock = settings, worded, clock
        self._roll, self._arrivals, self._desk, self._people = stores
        self._wide = WideLists(self._written_list)
        self._kept = KeptRows(self._roll, self._arrivals, settings, centre)
        self._writer = RowWriter(worded)

    # --- to look at

    async def home(self, request: Request) -> Response:
        return await run_in_threadpool(self._board, request, "board.html")

    async def rows(self, request: Request) -> Response:
        """The part of the page that is fetched anew every ten seconds."""
        return await run_in_threadpool(self._board, request, "rows.html")

    async def station(self, request: Request) -> Response:
        return await run_in_threadpool(self._station, request, 200, None)

    def person(self, request: Request) -> Person:
        """Who looks. Raises RefusedRequestError where nobody is logged in."""
        person = person_of(request, self._people)
        if person is None:
            raise RefusedRequestError(401)
        return person

    def _board(self, request: Request, template: str) -> Response:
        person = self.person(request)
        district = person.district or request.query_params.get("district", "")[:40]
        language = language_of(request, self._settings.language)
        # A district has some twenty stations; kept is only the list of all, or there would be one of each.
        html = (
            self._wide.get("", language).html if not district else self._written_list(district, language)[0]
        )
        values: dict[str, Any] = {
            "district": district,
            "list": Markup(html),
            "forms": [(form, make([]).title) for form, make in FORMS.items()],
        }
        answer = self._html(request, template, person, values)
        if not district:
            answer.background = BackgroundTask(self._wide.renew, "", language)
        return answer

    def _written_list(self, district: str, language: Tongue) -> tuple[str, int]:
        """The rows of a district, of all under "", as a part of the page; and of how many stations."""
        now = self._clock()
        found = self._one_district(district, now) if district else self._kept.look(now)
        worse = sum(line.grade is not Grade.GOOD for line in found.lines)
        troubled, healthy = found.lines[:worse][:MOST_ROWS], found.lines[worse:][:MOST_ROWS]
        shown = [*troubled, *healthy]
        notes = self._desk.last_notes([line.station for line in shown])
        writer = RowWriter(self._worded) if district else self._writer
        written = writer.written(shown, notes, language)
        html = filled(
            "list.html",
            language,
            self._worded,
            sums=found.sums,
            looked_at=found.looked_at,
            troubled=written[: len(troubled)],
            healthy=written[len(troubled) :],
            more=len(found.lines) - len(shown),
            now=now,
        )
        return html, len(found.lines)

    def keep_up(self) -> None:
        """Judge what was said of late: who looks at a whole country then waits for little."""
        if len(self._roll.all_places()) > MANY:
            self._kept.look(self._clock())

    def _one_district(self, district: str, now: float) -> Country:
        """Some twenty stations, judged from nothing."""
        rows = self.judged(district)
        looked_at = self._centre.last_look() if self._centre is not None else None
        return Country([line_of(row) for row in rows], sums_of(rows), looked_at)

    def judged(self, district: str) -> list[BoardRow]:
        """All stations of a district, judged now; troubles on top."""
        now = self._clock()
        return judged_rows(self._roll, self._arrivals, self._settings, district, now, self._centre)

    def _station(self, request: Request, code: int, trouble: Message | None) -> Response:
        person = self.person(request)
        row = self._row(person, request.path_params["station"])
        status = row.seen.status
        word = self._desk.word_for(row.seen.district, row.seen.station)
        values: dict[str, Any] = {
            "row": row,
            "seen": row.seen,
            "status": status,
            "balance": balance_of(row.seen),
            "missing": [(take, duty(take.code)) for take in status.missing] if status else [],
            "lost": [(take, duty("erased")) for take in row.seen.centre.lost] if row.seen.centre else [],
            "notes": self._desk.notes(row.seen.station),
            "word": word,
            "word_heard": word is not None and status is not None and status.heard >= word.id,
            "trouble": trouble,
            "stage_word": stage_word,
            "incident_word": incident_word,
        }
        part = "part" in request.query_params
        return self._html(request, "opened.html" if part else "station.html", person, values, code)

    def _row(self, person: Person, station: str) -> BoardRow:
        """Raises RefusedRequestError for a station that is none, or of a district that he does not see."""
        district = person.district or self._district_of(station)
        if not district:
            raise RefusedRequestError(404)
        rows = [row for row in self.judged(district) if row.seen.station == station]
        if not rows or not person.sees(rows[0].seen.district):
            raise RefusedRequestError(404)
        return rows[0]

    def _district_of(self, station: str) -> str:
        """So that who sees all does not judge all for the sake of one."""
        if (place := self._roll.place(station)) is not None:
            return place.district
        arrival = self._arrivals.of(station)
        return arrival.district if arrival is not None else ""

    async def receipt(self, request: Request) -> Response:
        """The centre's receipt of one upload: no name, no secret, and an address that can't be guessed."""
        upload_id = request.path_params["upload_id"]
        found = await run_in_threadpool(self._centre.receipt, upload_id) if self._centre is not None else None
        if found is None:
            return PlainTextResponse("no such receipt\n", status_code=404)
        return Response(found, media_type="application/json")

    # --- to write

    async def note(self, request: Request) -> Response:
        return await self._written(request, self._keep_note)

    async def word(self, request: Request) -> Response:
        return await self._written(request, self._tell)

    async def _written(
        self, request: Request, act: Callable[[Person, Seen, Mapping[str, str]], None]
    ) -> Response:
        fields = await fields_of(request)
        person = await run_in_threadpool(person_of, request, self._people)
        person = check_acts(person, fields)
        station = request.path_params["station"]

        def done() -> None:
            act(person, self._row(person, station).seen, fields)

        await run_in_threadpool(done)
        return RedirectResponse(f"/station/{station}", status_code=303)

    def _keep_note(self, person: Person, seen: Seen, fields: Mapping[str, str]) -> None:
        self._desk.note(seen.station, person.name, fields.get("text", ""))

    def _tell(self, person: Person, seen: Seen, fields: Mapping[str, str]) -> None:
        if not self._desk.tell(seen.district, seen.station, person.name, fields.get("text", "")):
            self._desk.withdraw(seen.district, seen.station)

    async def tell_all(self, request: Request) -> Response:
        """One line for every station of the person's district; an empty one takes it back."""
        fields = await fields_of(request)
        person = check_acts(await run_in_threadpool(person_of, request, self._people), fields)
        district = person.district or fields.get("district", "")[:40]
        if not district:
            raise RefusedRequestError(400)

        def done() -> None:
            if not self._desk.tell(district, "", person.name, fields.get("text", "")):
                self._desk.withdraw(district, "")

        await run_in_threadpool(done)
        return RedirectResponse("/", status_code=303)

    async def paste(self, request: Request) -> Response:
        """A line of `station status --text` that came by telephone or chat."""
        fields = await fields_of(request)
        person = check_acts(await run_in_threadpool(person_of, request, self._people), fields)
        return await run_in_threadpool(self._pasted, request, person, fields.get("line", ""))

    def _pasted(self, request: Request, person: Person, line: str) -> Response:
        try:
            status = from_text(line)
        except StatusError as error:
            return self._said(request, person, error.what, 400)
        place = self._roll.place(status.station)
        if place is None or not person.sees(place.district):
            what = say("The station {station} stands in no list of yours.", station=status.station)
            return self._said(request, person, what, 400)
        if not self._arrivals.keep(status, place.district, place.row.school, person.name):
            what = say("The board knows something newer of {station}.", station=status.station)
            return self._said(request, person, what, 409)
        return RedirectResponse(f"/station/{status.station}", status_code=303)

    def _said(self, request: Request, person: Person, what: Message, code: int) -> Response:
        return self._html(request, "said.html", person, {"what": what}, code)

    def _html(
        self, request: Request, template: str, person: Person, values: Mapping[str, Any], code: int = 200
    ) -> Response:
        language = language_of(request, self._settings.language)
        page = filled(template, language, self._worded, person=person, **values)
        return HTMLResponse(page, status_code=code)
