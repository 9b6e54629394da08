"""One take, from the disk to the proof: one session of tries, and what is learnt from each fault."""

from __future__ import annotations

import logging

from config.base import say
from uploader.faults import Kind, UploadFault
from uploader.flow.gate import TakeGate
from uploader.prove.integrity import check_file
from uploader.queue.row import Row
from uploader.queue.states import SENDABLE, Event, State
from uploader.send.retry import Streak
from uploader.send.sender import Sender, Tools, too_large
from uploader.tus.answers import ASK

log = logging.getLogger(__name__)
MAX_CONFLICTS = 5
MAX_RESTARTS = 5
DAMAGED_THEN_LOOK = 3
HELD_SESSIONS = 2
"""Sessions that failed before, of any cause: with the waits between them six minutes at least."""
HELD_TRIES = 5
"""In this session; the last try is then another one."""


class Delivery:
    """Delivers one row. Every try begins from the row as it was last committed."""

    def __init__(self, tools: Tools, row: Row, gate: TakeGate) -> None:
        self._tools = tools
        self._gate = gate
        self._streak = Streak(tools.retry_times)
        self._sender = Sender(tools, row, gate, self._streak)

    @property
    def row(self) -> Row:
        """The row as it was last committed."""
        return self._sender.row

    def run(self) -> None:
        """Raises Fault where the session's tries are used up, Interrupted where nothing may flow."""
        for attempt in self._streak.retrying(self._gate.sleep):
            with attempt:
                self._try()

    def _try(self) -> None:
        sender = self._sender
        sender.in_piece = False
        try:
            self._tools.server.meet(self._tools.client)
            if sender.row.state in SENDABLE or sender.row.state is State.PAUSED:
                sender.send()
            sender.row = self._tools.prover.prove(sender.row, self._gate)
            self._tools.on_change()
        except UploadFault as fault:
            self._streak.count += 1
            self._learn(fault)
            raise

    def _learn(self, fault: UploadFault) -> None:
        """Change what the next try does. May raise a graver Fault instead."""
        server, streak = self._tools.server, self._streak
        if fault.kind is Kind.TOO_LARGE:
            self._shrink()
        elif fault.kind is Kind.DAMAGED:
            streak.damaged += 1
            if streak.damaged == DAMAGED_THEN_LOOK:
                check_file(self.row)
        elif fault.kind in (Kind.EXPIRED, Kind.LIE):
            self._leave(fault)
        elif fault.kind is Kind.GONE:
            self._look_for_gone()
        elif fault.kind is Kind.OFFSET:
            streak.conflicts += 1
            if streak.conflicts >= MAX_CONFLICTS:
                self._leave(fault)
        elif fault.kind is Kind.HELD:
            streak.held += 1
            if self.row.failures >= HELD_SESSIONS and streak.held == HELD_TRIES:
                self._give_up_held()
        elif fault.kind is Kind.NETWORK and self._sender.in_piece:
            server.chunk = server.chunk.broken()
            self._tools.client.expect(0)

    def _shrink(self) -> None:
        server = self._tools.server
        if not self._sender.in_piece:
            raise too_large(server.capabilities.max_size)
        smaller = server.chunk.refused(self.row.sending_to - self.row.offset)
        if smaller is None:
            raise UploadFault(Kind.CONFIG, say("The network refuses even the smallest pieces."), ASK)
        server.chunk = smaller
        self._streak.count -= 1

    def _look_for_gone(self) -> None:
        """404: surely unfinished where the last piece was never begun; else it may be there, hidden."""
        row = self.row
        if row.upload_url is None:
            return
        if row.sending_to >= row.wire_size and self._tools.server.find_out_hiding(self._tools.client):
            self._sender.change(Event.UNCONFIRMED, state=State.UNCONFIRMED)
            return
        # Perhaps it is only the token that is refused: then creating will say so, and nothing is lost.
        self._sender.anew = True

    def _give_up_held(self) -> None:
        """A lock that outlived its server's crash: nobody will open it."""
        row = self.row
        if row.upload_url is None or row.state not in SENDABLE:
            return
        if row.sending_to >= row.wire_size:
            # All of it may be there; the centre's receipt can still prove it.
            self._sender.change(Event.UNCONFIRMED, state=State.UNCONFIRMED)
        else:
            self._sender.anew = True

    def _leave(self, fault: UploadFault) -> None:
        """Begin a new upload next time."""
        row = self.row
        if row.upload_url is None:
            return
        log.warning("%s: %s is left: %s", row.take_id, row.upload_url, fault)
        if row.restarts >= MAX_RESTARTS:
            raise UploadFault(
                Kind.TAKE,
                say("The server spoils this recording again and again."),
                say("Tell the centre: its upload server loses or changes what it has stored."),
            )
        spoilt = fault.kind is Kind.LIE
        self._sender.leave(spoilt=spoilt, state=State.QUEUED, restarts=row.restarts + 1)
