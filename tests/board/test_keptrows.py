"""The list of a country: judged again only where something may have changed, and always as if all were."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, update

from board.boardfile import BoardSettings
from board.expected import ExpectedStation
from board.judge.district import judged_rows
from board.judge.keptrows import AT_ONCE, KeptRows
from board.judge.listline import line_of, sums_of
from board.judge.seen import CentreHas
from board.store.arrivals import Arrivals
from board.store.engine import open_board
from board.store.relations import META, latest
from board.store.roll import Roll
from board.web.application import Stores
from board.web.pages import BoardPages
from config.status.record import Ahead, Pupils, SelfTest, TakeCounts, WaitReason
from station.words.i18n import worded
from tests.clock import Clock
from tests.config.status.samples import status
from uploader.centre.takecounts import CentreTakes

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC).timestamp()
STATIONS = [f"310105-{number:03}-A" for number in range(5)]
SETTINGS = BoardSettings(language="en", begins=datetime.fromtimestamp(NOON + 400, UTC))


@dataclass
class Centre:
    """What the centre's stores have, as a test says."""

    looked_at: float | None = None
    has: dict[tuple[str, str], CentreTakes] = field(default_factory=dict)

    def last_look(self) -> float | None:
        return self.looked_at

    def takes(self, stations: Collection[str] | None = None) -> Mapping[tuple[str, str], CentreHas]:
        return {key: one for key, one in self.has.items() if stations is None or key[0] in stations}

    def receipt(self, upload_id: str) -> str | None:
        return None


class Afternoon:
    """A board whose clock, stations, lists and centre a test moves; `check` looks at it in both ways."""

    def __init__(self, engine: Engine) -> None:
        with engine.begin() as db:
            for table in META.sorted_tables:
                db.execute(delete(table))
        self.clock, self.centre, self._engine, self._seq = Clock(NOON), Centre(), engine, 0
        self.stores = Stores.of(engine, self.clock, self.centre)
        self.restart()

    def restart(self) -> None:
        self.kept = KeptRows(self.stores.roll, self.stores.arrivals, SETTINGS, self.centre)
        self.pages = self._pages()

    def _pages(self) -> BoardPages:
        # From nothing: what a page keeps of the lists of schools is new, too.
        engine = self._engine
        parts = (Roll(engine), Arrivals(engine), self.stores.desk, self.stores.people)
        return BoardPages(SETTINGS, parts, worded, self.clock, self.centre)

    def tick(self, seconds: float) -> None:
        self.clock.now += seconds

    def expect(self, places: list[int], pupils: int) -> None:
        rows = [ExpectedStation(STATIONS[place], f"School {place}", pupils=pupils) for place in places]
        if rows:
            self.stores.roll.expect("310105", rows)

    def say(self, place: int, **changes: Any) -> None:
        self._seq += 1
        at = datetime.fromtimestamp(self.clock.now, UTC).isoformat()
        said = status(station=STATIONS[place], seq=self._seq, at=at, **changes)
        self.stores.arrivals.keep(said, "310105", f"School {place}")

    def spoil(self, place: int) -> None:
        """As a newer program would write it."""
        self._seq += 1
        values = {"body": '{"v":9}', "seq": self._seq}
        with self._engine.begin() as db:
            db.execute(update(latest).where(latest.c.station == STATIONS[place]).values(**values))

    def look_at_centre(self, back: float, place: int, takes: int, lost: int) -> None:
        self.centre.looked_at = self.clock.now - back
        self.centre.has[STATIONS[place], "roster-20261126"] = CentreTakes(takes, takes, 0, lost)

    def check(self) -> None:
        now, stores = self.clock.now, self.stores
        rows = judged_rows(stores.roll, stores.arrivals, SETTINGS, "", now, self.centre)
        found = self.kept.look(now)
        assert list(found.lines) == [line_of(row) for row in rows]
        assert found.sums == sums_of(rows)
        for language in ("en", "zh_CN"):
            assert self.pages._written_list("", language) == self._pages()._written_list("", language)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path: Path = tmp_path_factory.mktemp("kept") / "board.db"
    found = open_board(f"sqlite:///{path.as_posix()}")
    yield found
    found.dispose()


def _moment(now: float, minutes: int) -> str:
    return (datetime.fromtimestamp(now, UTC) + timedelta(minutes=minutes)).isoformat()


@st.composite
def words(draw: st.DrawFn) -> dict[str, Any]:
    """What a station may say: well in most things, with times around noon."""
    left = draw(st.sampled_from([0, 0, 3]))
    when = st.sampled_from([-20, -14, 1, 4, 600])
    test = SelfTest(at=_moment(NOON, -60), outcome="ok", expires=_moment(NOON, draw(when)))
    ends, oldest = _moment(NOON, draw(when)), _moment(NOON, draw(when))
    to_do = draw(st.sampled_from([0, 10]))
    return {
        "stage": draw(st.sampled_from(["installed", "running", "finished", "closed"])),
        "software": draw(st.sampled_from(["0.2.0", "0.2.0", "0.1.9"])),
        "kit": draw(st.sampled_from(["a 1", "b 1", ""])),
        "session": draw(st.sampled_from(["roster-20261126", "another"])),
        "selftest": draw(st.sampled_from([test, None])),
        "pupils": Pupils(expected=30, done=30 - to_do, to_do=to_do),
        "takes": TakeCounts(recorded=24, l2=24 - left, waiting=left),
        "ahead": Ahead(ends=ends, oldest=oldest if left else None),
        "why": (WaitReason(code=draw(st.sampled_from(["network", "queued"])), count=3),) if left else (),
        "missing": (),
        "incidents": (),
        "headset": draw(st.sampled_from([True, True, False])),
        "clock": 0,
    }


PLACE = st.integers(0, len(STATIONS) - 1)
STEPS = st.one_of(
    st.tuples(st.just("say"), PLACE, words()),
    st.tuples(st.just("say"), PLACE, words()),
    st.tuples(st.just("tick"), st.sampled_from([0.0, 0.5, 59.9, 60.0, 61.0, 120.0, 180.0, 181.0, 900.0])),
    st.tuples(st.just("tick"), st.sampled_from([-1.0, -60.0, -200.0, -3600.0])),
    st.tuples(st.just("expect"), st.lists(PLACE, unique=True), st.sampled_from([0, 30, 31])),
    st.tuples(st.just("look_at_centre"), st.sampled_from([0.0, 200.0]), PLACE, st.integers(20, 24), PLACE),
    st.tuples(st.just("spoil"), PLACE),
    st.tuples(st.just("restart")),
    st.tuples(st.just("note"), PLACE, st.sampled_from(["called", "nobody answers"])),
    st.tuples(st.just("forget")),
)


@pytest.mark.costly
@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.lists(STEPS, max_size=14))
def test_the_list_is_always_as_if_all_were_judged_anew(engine: Engine, steps: list[tuple[Any, ...]]) -> None:
    afternoon = Afternoon(engine)
    afternoon.check()
    for name, *values in steps:
        if name == "say":
            afternoon.say(values[0], **values[1])
        elif name == "note":
            afternoon.stores.desk.note(STATIONS[values[0]], "technician", values[1])
        elif name == "forget":
            afternoon.stores.arrivals.forget("310105")
        else:
            getattr(afternoon, name)(*values)
        afternoon.check()


@pytest.mark.parametrize("by", ["clock", "centre"])
@pytest.mark.parametrize("back", [-60.0, 20.0, 70.0, 400.0])
def test_a_clock_that_goes_on_or_is_set_back_changes_what_time_brings(
    engine: Engine, by: str, back: float
) -> None:
    afternoon = Afternoon(engine)
    afternoon.expect([0, 1], 30)
    common: dict[str, Any] = {"selftest": None, "ahead": Ahead(), "incidents": (), "missing": (), "why": ()}
    afternoon.say(0, takes=TakeCounts(recorded=24, l2=20, waiting=4), **common)
    finished = {"stage": "finished", "pupils": Pupils(expected=30, done=30)}
    afternoon.say(1, takes=TakeCounts(recorded=24, l2=24), **finished, **common)
    afternoon.tick(241)
    afternoon.look_at_centre(200.0, 1, 20, 0)
    afternoon.check()
    if by == "clock":
        afternoon.tick(-back)
    else:
        afternoon.look_at_centre(200.0 + back, 1, 20, 0)
    afternoon.check()


def test_what_has_not_changed_is_not_read_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    afternoon = Afternoon(engine)
    afternoon.expect([0, 1, 2, 3], 30)
    for place in range(3):
        afternoon.say(place, takes=TakeCounts(recorded=24, l2=24), selftest=None, ahead=Ahead())
    afternoon.kept.look(afternoon.clock.now)
    read, plainly = list[str](), Arrivals.of_these

    def noted(self: Arrivals, stations: Collection[str]) -> Any:
        read.extend(stations)
        return plainly(self, stations)

    monkeypatch.setattr(Arrivals, "of_these", noted)
    afternoon.tick(10)
    afternoon.say(1, takes=TakeCounts(recorded=24, l2=24), selftest=None, ahead=Ahead())
    afternoon.kept.look(afternoon.clock.now)
    assert read == [STATIONS[1]]
    read.clear()
    afternoon.tick(175)
    afternoon.kept.look(afternoon.clock.now)
    assert read == [STATIONS[0], STATIONS[2]], "silent for three minutes now"


def test_a_country_that_speaks_at_once_is_read_in_parts(engine: Engine) -> None:
    stores = Afternoon(engine).stores
    with stores.arrivals.writing() as db:
        said = [status(station=f"s-{number:04}") for number in range(AT_ONCE + 3)]
        stores.arrivals.enter(db, [stores.arrivals.row_of(one, "310105", "School") for one in said])
    found = KeptRows(stores.roll, stores.arrivals, SETTINGS, None).look(NOON)
    assert len(found.lines) == found.sums.heard == AT_ONCE + 3
