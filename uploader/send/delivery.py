"""One take, from the disk to the proof: one session of tries, and what is learnt from each fault."""

from __future__ import annotations

from config.base import say
from uploader.faults import POLICY, Kind, UploadFault
from uploader.flow.gate import TakeGate
from uploader.prove.integrity import check_file
from uploader.queue.row import Row
from uploader.queue.states import SENDABLE, Event, State
from uploader.send.losses import Losses
from uploader.send.retry import Streak
from uploader.send.sender import Sender, Tools, too_large
from uploader.tus.answers import ASK, foreign

MAX_CONFLICTS = 5
DAMAGED_THEN_LOOK = 3
OWN_FAULT = 500
"""A gateway's 502 to 504 are only lost answers."""
DOUBT_SESSIONS = 2
"""Sessions in which the server did not show what it may have spoilt at its end; then it is sent once more."""
REFUSING = (400, 403, 405, 501)
"""Statuses with which boxes on the way refuse a method that they do not know."""
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
        self._losses = Losses(tools, self._sender)

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
            state = sender.row.state
            # What is being verified was acknowledged to the last byte in this session.
            if state is State.PAUSED or (state in SENDABLE and state is not State.VERIFYING) or sender.anew:
                sender.send()
            sender.row = self._tools.prover.prove(sender.row, self._gate)
            self._tools.on_change()
        except UploadFault as fault:
            self._streak.count += 1
            self._streak.timeouts += fault.timed_out
            self._tools.on_change(fault)
            self._learn(fault)
            raise

    def _learn(self, fault: UploadFault) -> None:
        """Change what the next try does. May raise a graver Fault instead."""
        server, streak = self._tools.server, self._streak
        if self._sender.in_piece:
            self._learn_method(fault)
            last = self.row.sending_to >= self.row.wire_size
            if last and fault.status == OWN_FAULT and not self.row.doubtful:
                self._sender.change(Event.PROGRESS, doubtful=1)
        if fault.kind is Kind.TOO_LARGE:
            self._shrink()
        elif fault.kind is Kind.DAMAGED:
            streak.damaged += 1
            if streak.damaged == DAMAGED_THEN_LOOK:
                check_file(self.row)
        elif fault.kind is Kind.LIE or (fault.kind is Kind.UNPROVEN and self._doubted_long()):
            self._losses.leave(fault)
        elif fault.kind is Kind.REFUSED and self._sender.in_piece and server.algorithm is not None:
            server.distrust_checksums()
        elif fault.kind is Kind.GONE:
            self._losses.gone()
        elif fault.kind is Kind.OFFSET:
            streak.conflicts += 1
            if streak.conflicts >= MAX_CONFLICTS:
                self._losses.leave(fault)
        elif fault.kind is Kind.HELD:
            streak.held += 1
            long = self.row.failures >= HELD_SESSIONS and streak.held == HELD_TRIES
            if long and self.row.state in SENDABLE:
                self._losses.held()
        elif fault.kind is Kind.NETWORK and self._sender.in_piece:
            server.chunk = server.chunk.broken()
            self._tools.client.expect(0)
        if POLICY[fault.kind].about_address:
            self._losses.unreachable()

    def _learn_method(self, fault: UploadFault) -> None:
        """Perhaps it is PATCH that somebody on the way refuses. What was tried instead and did not work says
        nothing of the upload."""
        client, server = self._tools.client, self._tools.server
        if client.disguise:
            client.disguise = server.disguise = False
            if fault.kind is not Kind.NETWORK:
                raise foreign(fault.status or 0)
        elif fault.kind is Kind.FOREIGN and fault.status in REFUSING:
            client.disguise = True

    def _doubted_long(self) -> bool:
        return self.row.doubtful and self.row.failures >= DOUBT_SESSIONS

    def _shrink(self) -> None:
        server = self._tools.server
        if not self._sender.in_piece:
            raise too_large(server.capabilities.max_size)
        smaller = server.chunk.refused(self.row.sending_to - self.row.offset)
        if smaller is None:
            raise UploadFault(Kind.SMALLEST, say("The network refuses even the smallest pieces."), ASK)
        server.chunk = smaller
        self._streak.count -= 1
