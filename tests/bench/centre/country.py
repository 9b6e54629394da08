"""6,000 stations of 300 districts in a board's database, with what a centre already has of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, insert

from board.store.people import People
from board.store.relations import expected, tokens
from board.store.roll import digest
from config import making_tables
from config.status import Status, metadata_of
from config.status.record import Ahead, MissingTake, Pupils, SelfTest, TakeCounts, WaitReason
from tests.config.status.samples import status
from uploader.centre.ledger import META, PROVEN, looks, uploads
from uploader.tus.headers import encode_metadata

DISTRICTS, EACH = 300, 20
STATIONS = DISTRICTS * EACH
TAKES = 60
"""Of a station: 30 pupils, two items."""
PASSWORD = "a long password"
SESSION = "roster-20261126"
BATCH = 5000
DAY = timedelta(days=1)
WELL: dict[str, Any] = {"headset": True, "incidents": (), "clock": 0, "ahead": Ahead(bytes=6_000_000)}


@dataclass(frozen=True)
class Post:
    """A station of the country."""

    number: int

    @property
    def district(self) -> str:
        return f"{310_000 + self.number // EACH}"

    @property
    def station(self) -> str:
        return f"{self.district}-{self.number % EACH:03}-A"

    @property
    def token(self) -> str:
        return f"token-of-{self.station}".ljust(43, "x")

    def status(self, seq: int) -> Status:
        """In the middle of an afternoon, two recordings on their way; one station of twenty in trouble."""
        done = min(30, seq)
        now = datetime.now().astimezone()
        test = SelfTest(
            at=now.isoformat(timespec="seconds"),
            outcome="ok",
            expires=(now + DAY).isoformat(timespec="seconds"),
        )
        well = {} if self.number % 20 == 7 else {**WELL, "selftest": test}
        return status(
            **well,
            station=self.station,
            school=f"School {self.number}",
            session=SESSION,
            roster=f"{self.number:016x}",
            sung=f"{(1 << done) - 1:x}",
            seq=seq,
            pupils=Pupils(expected=30, done=done, to_do=30 - done),
            takes=TakeCounts(recorded=2 * done, l3=max(0, 2 * done - 2), waiting=min(2, 2 * done)),
            missing=tuple(
                MissingTake(student=f"{done:04}", item=f"song{item}", attempt=1, code="queued")
                for item in (1, 2)
            ),
            why=(WaitReason(code="queued", count=2),),
        )

    def request(self, seq: int) -> bytes:
        """Its status as it stands on the line."""
        lines = [
            "POST /files/ HTTP/1.1",
            "Host: 127.0.0.1",
            "Connection: close",
            "Tus-Resumable: 1.0.0",
            "Upload-Length: 0",
            "Content-Length: 0",
            f"Authorization: Bearer {self.token}",
            f"Upload-Metadata: {encode_metadata(metadata_of(self.status(seq)))}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


POSTS = [Post(number) for number in range(STATIONS)]


def settle(engine: Engine) -> None:
    """Lists, tokens, two people, and every take in the centre's ledger. An empty board's database."""
    with making_tables(engine, META):
        pass
    rows = [
        {"station": one.station, "district": one.district, "school": f"School {one.number}",
         "room": "Music room", "contact": "021-5555", "pupils": 30, "position": one.number % EACH}
        for one in POSTS
    ]  # fmt: skip
    keys = [
        {
            "district": one.district,
            "school": f"School {one.number}",
            "digest": digest(one.token),
            "made_at": 0.0,
        }
        for one in POSTS
    ]
    with engine.begin() as db:
        db.execute(insert(expected), rows)
        db.execute(insert(tokens), keys)
        db.execute(insert(looks).values(store="s3://takes/", due_at=9e9, done_at=9e9))
    takes = _takes()
    while batch := list(islice(takes, BATCH)):
        with engine.begin() as db:
            db.execute(insert(uploads), batch)
    people = People(engine)
    people.add("nation", "viewer", "", PASSWORD)
    people.add("district", "district", POSTS[0].district, PASSWORD)


def _takes() -> Iterator[dict[str, object]]:
    for one in POSTS:
        for number in range(TAKES):
            name = f"{one.number:05}{number:03}"
            # A recording every three minutes; not all stations in the same second.
            at = 180.0 * number + one.number % 180
            yield {
                "place": f"s3://takes/{name}.info", "store": "s3://takes/", "upload_id": f"{name}+x",
                "mark": "1-x", "data": name, "take_id": f"take-{name}", "station": one.station,
                "session": SESSION, "student_id": f"{number // 2:04}", "item": f"song{number % 2 + 1}",
                "attempt": "1", "state": PROVEN, "found_at": at, "due_at": 0.0, "claimed_by": "",
                "claimed_until": 0.0, "tries": 0, "fault": "", "size": 3_000_000, "sha256": "0" * 64,
                "receipt": "{}", "proven_at": at + 20,
            }  # fmt: skip
