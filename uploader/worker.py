"""The uploader: takes what is due from the queue and delivers it, one take at a time per thread.

1. A fault of one take never blocks the others: it waits in its row, the next one has its turn.
2. Two takes in a row with the same kind of trouble mean the server or the network: then all wait for it,
   and all are woken by the first success.
3. Network faults are tried for ever, slower and slower; what needs a person is said in one sentence.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from config.errors import DiskError
from config.message import Message, say
from config.settings import DeliverySection, ServerSection
from uploader.delivery import Delivery, Tools
from uploader.errors import BLOCKING, Fault, Interrupted, Kind
from uploader.gate import Gate, TakeGate
from uploader.netup import own_addresses
from uploader.patience import Patience, is_shared, row_wait
from uploader.proof import Prover
from uploader.queue import Queue
from uploader.receipt import ReceiptSource
from uploader.row import Row
from uploader.server import Server
from uploader.speed import Speed
from uploader.states import OPEN, State
from uploader.tus.client import TusClient
from uploader.tus.transport import Timing, Transport

log = logging.getLogger(__name__)
IDLE_SECONDS = 5.0
"""Longest time until another process' retry is seen, or a network that is back."""
TIMING, PATIENCE = Timing(), Patience()
LOOK_SECONDS = 1.0
"""How often a closed gate or another process' change is looked for."""


class Uploader:
    """Owns its threads and connections, not the queue. One per data folder."""

    def __init__(
        self,
        queue: Queue,
        server: ServerSection,
        delivery: DeliverySection,
        on_change: Callable[..., None],
        token: str | None,
        *,
        timing: Timing = TIMING,
        patience: Patience = PATIENCE,
    ) -> None:
        """Raises ConfigError where limit, receipt address or key can't be understood."""
        self._queue = queue
        self._section = server
        self._on_change = on_change
        self._token = token
        self._timing = timing
        self._patience = patience
        self._encoding = delivery.encoding
        self._gate = Gate(delivery)
        self._server = Server(server.url, queue)
        self._receipts = ReceiptSource(server)
        self._speed = Speed()
        self._lock = threading.Lock()
        self._claimed: set[str] = set()
        self._transports: set[Transport] = set()
        self._trouble: set[str] = set()
        """Takes that met the same shared fault since the last success."""
        self._wake = threading.Event()
        self._addresses = own_addresses()
        self._threads = [
            threading.Thread(target=self._work, name=f"uploader-{number}", daemon=True)
            for number in range(delivery.workers)
        ]

    # --- from outside

    def start(self) -> None:
        self._queue.reset_active()
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float) -> None:
        """End all threads; what is under way goes on next time."""
        self._gate.close()
        self._wake.set()
        deadline = time.monotonic() + timeout
        for transport in list(self._transports):
            transport.abort()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))

    def wake(self) -> None:
        """Look at the queue now."""
        self._wake.set()

    def hold(self) -> None:
        """A pupil is being recorded."""
        self._gate.hold()

    def release(self) -> None:
        self._gate.release()
        self._wake.set()

    def finish_at(self) -> datetime | None:
        """When all will be delivered at the present speed; None where nothing is known."""
        left = self._queue.bytes_left()
        seconds = self._speed.seconds_for(left)
        if not left or seconds is None:
            return None
        return datetime.now().astimezone() + timedelta(seconds=seconds)

    def run_once(self) -> None:
        """Deliver everything that can be delivered now, on this thread."""
        self._queue.reset_active()
        self._queue.wake()
        tried: set[str] = set()
        transport = self._connect()
        try:
            while not self._shut() and (row := self._queue.due(tried)) is not None:
                tried.add(row.take_id)
                troubled = set(self._trouble)
                if self._deliver(row, transport):
                    # What met a server that did not answer has its turn again now that it does.
                    tried -= troubled
        finally:
            self._disconnect(transport)

    # --- a worker thread

    def _work(self) -> None:
        transport = self._connect()
        try:
            while not self._gate.closed:
                self._wake.clear()
                row = None if self._shut() else self._claim()
                if row is None:
                    self._wake.wait(self._idle_seconds())
                    self._look_for_network()
                    continue
                try:
                    self._deliver(row, transport)
                finally:
                    self._unclaim(row)
        except DiskError:
            if not self._gate.closed:
                log.exception("the queue can't be used")
        finally:
            self._disconnect(transport)

    def _claim(self) -> Row | None:
        with self._lock:
            row = self._queue.due(self._claimed)
            if row is not None:
                self._claimed.add(row.take_id)
            return row

    def _unclaim(self, row: Row) -> None:
        with self._lock:
            self._claimed.discard(row.take_id)

    def _idle_seconds(self) -> float:
        if self._shut():
            return LOOK_SECONDS
        at = self._queue.next_due()
        return IDLE_SECONDS if at is None else min(IDLE_SECONDS, max(LOOK_SECONDS, at - time.time()))

    def _shut(self) -> bool:
        return self._gate.shut or self._queue.control.paused

    def _look_for_network(self) -> None:
        """Another address of our own means another network: everything that waits has a new chance."""
        found = own_addresses()
        if found != self._addresses:
            self._addresses = found
            if found:
                self._queue.wake()

    def _connect(self) -> Transport:
        transport = Transport(self._section.url, self._token, self._section.ca_file, self._timing)
        with self._lock:
            self._transports.add(transport)
        return transport

    def _disconnect(self, transport: Transport) -> None:
        with self._lock:
            self._transports.discard(transport)
        transport.close()

    # --- one take

    def _deliver(self, row: Row, transport: Transport) -> bool:
        """True when the server did its part."""
        client = TusClient(self._section.url, transport)
        prover = Prover(self._queue, client, self._server, self._receipts)
        tools = Tools(
            self._queue,
            client,
            self._server,
            prover,
            self._patience,
            self._on_change,
            self._encoding,
            self._speed.note,
        )
        gate = TakeGate(self._gate, lambda: self._paused(row.take_id))
        delivery = Delivery(tools, self._queue.change(row.take_id, "", attempts=row.attempts + 1), gate)
        try:
            delivery.run()
        except Interrupted:
            self._step_back(delivery.row)
        except Fault as fault:
            if self._gate.closed:
                self._step_back(delivery.row)
            else:
                self._failed(delivery.row, fault)
        except DiskError:
            raise
        except Exception as error:
            log.exception("take %s", row.take_id)
            self._failed(delivery.row, unforeseen(error))
        else:
            self._succeeded()
            return True
        finally:
            self._on_change()
        return False

    def _paused(self, take_id: str) -> bool:
        return self._queue.control.paused or self._queue.row(take_id).state is State.PAUSED

    def _step_back(self, row: Row) -> None:
        if row.state in OPEN or row.state is State.PAUSED:
            self._queue.change(row.take_id, "interrupted", state=State.QUEUED)

    def _failed(self, row: Row, fault: Fault) -> None:
        log.warning("take %s: %s: %s", row.take_id, fault.kind, fault)
        failures = row.failures + 1
        wait = row_wait(fault, failures)
        due_at = None if wait is None else time.time() + wait
        error = sentence(fault)
        if row.state in (State.SENT, State.VERIFIED, State.UNCONFIRMED):
            self._queue.change(row.take_id, "not_proven", due_at=due_at, failures=failures)
        else:
            state = State.BLOCKED if fault.kind in BLOCKING else State.WAITING
            state = State.MISSING if fault.kind is Kind.MISSING else state
            self._queue.change(
                row.take_id,
                "failed",
                state=state,
                due_at=due_at,
                failures=failures,
                error=error,
                error_kind=str(fault.kind),
            )
        if not is_shared(fault):
            return
        with self._lock:
            self._trouble.add(row.take_id)
            everybody = len(self._trouble) > 1
        if everybody and due_at is not None:
            state = State.BLOCKED if fault.kind in BLOCKING else State.WAITING
            self._queue.spread(state, fault.kind, error, due_at)

    def _succeeded(self) -> None:
        with self._lock:
            troubled = bool(self._trouble)
            self._trouble.clear()
        if troubled:
            self._queue.wake()
            self._wake.set()


def sentence(fault: Fault) -> Message:
    """What happened and what to do, as one message."""
    if fault.todo is None:
        return fault.what
    return say("{what} {todo}", what=fault.what, todo=fault.todo)


def unforeseen(error: Exception) -> Fault:
    return Fault(
        Kind.TAKE,
        say("This recording can't be sent: {detail}", detail=type(error).__name__),
        say("Send the file logs to the district's technician; the recording itself is safe."),
    )
