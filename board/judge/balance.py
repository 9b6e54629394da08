"""Counts that must agree: the list, the roster, what was sung, what was recorded, what has arrived."""

from __future__ import annotations

from dataclasses import dataclass

from board.judge.seen import CentreHas, Seen
from config.base import Message, say
from config.status import TakeCounts


@dataclass(frozen=True)
class BalanceLine:
    """One comparison; `why` says what a difference means, None where there is none."""

    what: Message
    left: int
    right: int
    why: Message | None = None


def balance_of(seen: Seen) -> list[BalanceLine]:
    """From the district's list to the proofs; empty before the station has spoken."""
    status = seen.status
    if status is None:
        return []
    pupils, takes = status.pupils, status.takes
    lines = []
    if seen.expected is not None and seen.expected.pupils:
        lines.append(
            _line(
                say("pupils: the district's list, the station's roster"),
                seen.expected.pupils,
                pupils.expected,
                say("the roster is another one"),
            )
        )
    lines.append(
        _line(
            say("pupils: the roster, those who sang or do not come"),
            pupils.expected,
            pupils.done + pupils.absent,
            say("{count} {count|is|are} still to sing", count=pupils.to_do),
        )
    )
    lines += _of_takes(takes)
    lines += _at_centre(takes, seen.centre)
    named = len(status.missing)
    if named or takes.recorded > takes.delivered:
        lines.append(
            _line(
                say("recordings: not arrived, named below"),
                takes.recorded - takes.delivered,
                named,
                say("the others found no room in the message"),
            )
        )
    return lines


def _of_takes(takes: TakeCounts) -> list[BalanceLine]:
    """From the recorder to the centre's receipts."""
    return [
        _line(
            say("recordings: made, entered for upload"),
            takes.recorded,
            takes.recorded - takes.unqueued,
            say("{count} {count|is|are} not among the uploads", count=takes.unqueued),
        ),
        _line(
            say("recordings: entered for upload, sent to the end"),
            takes.recorded - takes.unqueued,
            takes.delivered + takes.sent,
            say(
                "{waiting} on the way, {stuck} {stuck|needs|need} help",
                waiting=takes.waiting,
                stuck=takes.stuck,
            ),
        ),
        _line(
            say("recordings: sent to the end, proven to be there"),
            takes.delivered + takes.sent,
            takes.delivered,
            say("{count} {count|has|have} no proof yet", count=takes.sent),
        ),
        _line(
            say("recordings: proven, with the centre's receipt"),
            takes.delivered,
            takes.l3,
            say("{l2} {l2|was|were} read back, {l1} {l1|has|have} checksums", l2=takes.l2, l1=takes.l1),
        ),
    ]


def _at_centre(takes: TakeCounts, centre: CentreHas | None) -> list[BalanceLine]:
    """The station's account and the centre's own."""
    if centre is None:
        return []
    if centre.takes > takes.delivered:
        why = say(
            "{count} {count|is|are} there without a proof at the station",
            count=centre.takes - takes.delivered,
        )
    elif centre.lost_count:
        why = say("{count} {count|was|were} deleted from the store, named below", count=centre.lost_count)
    else:
        why = say("{count} {count|is|are} not in the store yet", count=takes.delivered - centre.takes)
    lines = [
        _line(say("recordings: proven for the station, in the centre's store"),
              takes.delivered, centre.takes, why),
        _line(
            say("recordings: in the centre's store, read there to the end"),
            centre.takes,
            centre.proven,
            say("{count} {count|is|are} still to be read", count=centre.takes - centre.proven),
        ),
    ]  # fmt: skip
    if centre.doubles:
        uploads = centre.takes + centre.doubles
        why = say("{count} came twice", count=centre.doubles)
        what = say("recordings: uploads in the store, different recordings")
        lines.append(_line(what, uploads, centre.takes, why))
    return lines


def _line(what: Message, left: int, right: int, why: Message) -> BalanceLine:
    return BalanceLine(what, left, right, why if left != right else None)
