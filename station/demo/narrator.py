"""What `station demo --auto` tells while it runs, and its table of takes at the end."""

from __future__ import annotations

from typing import Any

from config.base import Message, say
from station.demo.afternoon import Afternoon
from station.session.state import Phase
from station.session.view import View
from station.words import present, talk
from station.words.i18n import render, tr


class Narrator:
    """One line per step on stderr; table or JSON on stdout."""

    def __init__(self, demo: Afternoon) -> None:
        self._demo = demo
        self._told: object = None
        count = len(demo.students)
        talk.tell(
            say(
                "Demo with {count} {count|pupil|pupils} on the headset “{kind}”.",
                count=count,
                kind=demo.headset.kind,
            )
        )

    def see(self, view: View) -> None:
        session = view.session
        now = (session.phase, session.current, session.item_index)
        if now == self._told or not session.current:
            return
        self._told = now
        if session.phase is Phase.CHECK_SILENCE:
            talk.tell(say("{id}: headset check", id=session.current))
        elif session.phase is Phase.RECORDING:
            talk.tell(say("{id}: {item} is being recorded", id=session.current, item=session.item.id))
        elif session.phase is Phase.VERDICT and session.take is not None:
            word = present.verdict_short(session.take.ok, session.take.reasons)
            if session.take.failed:
                word = render(Message.sentences(present.verdict(session.take)))
            talk.tell(say("{id}: {item}: {verdict}", id=session.current, item=session.item.id, verdict=word))

    def wait(self, view: View) -> None:
        text = present.uploads(view.delivery)
        if text != self._told:
            self._told = text
            talk.tell(say("{text}", text=text))

    def report(self, rows: list[dict[str, Any]], as_json: bool) -> None:
        if as_json:
            talk.document({"headset": self._demo.headset.kind, "takes": rows})
            return
        heading = (
            tr("Number"),
            tr("Item"),
            tr("Attempt"),
            tr("Verdict"),
            tr("Delivery"),
            tr("Proof"),
            "sha256",
        )
        table = [
            (
                row["student_id"],
                row["item"],
                str(row["attempt"]),
                present.verdict_short(row["verdict"]["ok"], row["verdict"]["reasons"]),
                tr("delivered")
                if row["verified"]
                else tr("not delivered")
                if row["kind"] == "test"
                else tr("practice"),
                row["verify_level"] or "-",
                row["sha256"][:16],
            )
            for row in rows
        ]
        talk.table(heading, table)
        tests = [row for row in rows if row["kind"] == "test"]
        verified = sum(row["verified"] for row in tests)
        talk.line(say("{verified} of {count} takes verified", verified=verified, count=len(tests)))


def rows_of(demo: Afternoon) -> list[dict[str, Any]]:
    """Every take of the demo's students with verdict, digest and receipt; JSON types only."""
    station = demo.station
    deliveries = {row.take_id: row for row in station.deliveries()}
    kinds = {item.id: item.kind for item in station.kit.items}
    folder = station.data.session(station.session_id)
    rows = []
    for student_id in demo.students:
        for take in station.view.session.pupils[student_id].takes:
            row = deliveries.get(take.take_id)
            rows.append(
                {
                    "take_id": take.take_id,
                    "student_id": student_id,
                    "item": take.item_id,
                    "kind": kinds[take.item_id],
                    "attempt": take.attempt,
                    "path": str(folder / take.file),
                    "seconds": round(take.seconds, 3),
                    "sha256": take.sha256,
                    "verdict": {"ok": take.ok, "reasons": list(take.reasons)},
                    "state": str(row.state) if row else None,
                    "verified": bool(row and row.delivered),
                    "verify_level": row.verify_level.name if row and row.verify_level is not None else None,
                    "upload_url": row.upload_url if row else None,
                }
            )
    return rows
