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

from config import DeliverySection, ServerSection
from config.base import DiskError
from uploader.faults import Interrupted, Kind, UploadFault
from uploader.flow.connectivity import own_addresses
from uploader.flow.gate import Gate, TakeGate
from uploader.flow.speed import Speed
from uploader.prove.proof import Prover
from uploader.prove.receipt import ReceiptSource
from uploader.prove.server import Server
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import Event, ProofLevel, State
from uploader.send.delivery import Delivery
from uploader.send.outcome import DeliveryOutcome, unforeseen
from uploader.send.retry import RetryTimes
from uploader.send.sender import Tools, discard
from uploader.tus.client import TusClient
from uploader.tus.transport import Timing, Transport, trust

log = logging.getLogger(__name__)
IDLE_SECONDS = 5.0
"""Longest time until another process' retry is seen, or a network that is back."""
TIMING, RETRY_TIMES = Timing(), RetryTimes()
ABORT_SECONDS = 0.1
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
        retry_times: RetryTimes = RETRY_TIMES,
    ) -> None:
        """Raises ConfigError where limit, certificates, receipt address or key can't be used."""
        if server.ca_file is not None:
            trust(server.ca_file)
        self._queue = queue
        self._section = server
        self._on_change = harmless(on_change)
        self._token = token
        self._timing = timing
        self._retry_times = retry_times
        self._encoding = delivery.encoding
        self._gate = Gate(delivery)
        self._server = Server(server.url, queue)
        self._outcome = DeliveryOutcome(queue)
        self._receipts = ReceiptSource(server)
        self._speed = Speed()
        self._lock = threading.Lock()
        self._claimed: set[str] = set()
        self._transports: set[Transport] = set()
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
        deadline = time.monotonic() + timeout
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < deadline:
            self._wake.set()
            # Again and again: a thread may just have been between two connections.
            with self._lock:
                for transport in self._transports:
                    transport.abort()
            for thread in self._threads:
                if thread.is_alive():
                    thread.join(ABORT_SECONDS)

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
        """When all will be delivered at the present speed; None where that can't be told."""
        if self._shut() or self._outcome.troubled:
            return None
        left = self._queue.bytes_left()
        seconds = self._speed.seconds_for(left)
        if not left or seconds is None:
            return None
        return datetime.now().astimezone() + timedelta(seconds=seconds)

    def run_once(self) -> None:
        """Deliver everything that can be delivered now, on this thread."""
        self._queue.reset_active()
        self._queue.wake()
        transport = self._connect()
        try:
            if self._drain(transport):
                # The server answers, so what met trouble on the way has a second chance.
                self._queue.wake()
                self._drain(transport)
        finally:
            self._disconnect(transport)

    def _drain(self, transport: Transport) -> int:
        """Try everything that is due, once each; how many the server took."""
        tried: set[str] = set()
        count = 0
        while not self._shut() and (row := self._queue.due(tried)) is not None:
            tried.add(row.take_id)
            count += self._deliver(row, transport)
        return count

    def recheck(self, row: Row) -> ProofLevel:
        """What the server proves of a delivered take now. Raises Fault or Interrupted."""
        transport = self._connect()
        try:
            client = TusClient(self._section.url, transport)
            self._server.meet(client)
            prover = Prover(self._queue, client, self._server, self._receipts)
            try:
                return prover.recheck(row, TakeGate(self._gate, lambda: False))
            except UploadFault as fault:
                if fault.kind is Kind.LIE and self._server.allows_removal:
                    # It is sent anew; the centre shall not find two.
                    discard(client, row.upload_url)
                raise
        finally:
            self._disconnect(transport)

    # --- a worker thread

    def _work(self) -> None:
        transport = self._connect()
        try:
            while not self._gate.closed:
                self._wake.clear()
                try:
                    self._take_turn(transport)
                except DiskError as error:
                    # A full or busy disk may recover; the recordings are safe meanwhile.
                    log.error("the queue can't be used: %s", error)
                    self._wake.wait(IDLE_SECONDS)
        finally:
            self._disconnect(transport)

    def _take_turn(self, transport: Transport) -> None:
        """Deliver the next take, or wait until there may be one."""
        row = None if self._shut() else self._claim()
        if row is None:
            self._wake.wait(self._idle_seconds())
            self._look_for_network()
            return
        try:
            self._deliver(row, transport)
        finally:
            with self._lock:
                self._claimed.discard(row.take_id)

    def _claim(self) -> Row | None:
        with self._lock:
            row = self._queue.due(self._claimed)
            if row is not None:
                self._claimed.add(row.take_id)
            return row

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
        section = self._section
        transport = Transport(section.url, self._token, section.ca_file, self._timing, section.also)
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
        client.disguise = self._server.disguise
        tools = Tools(
            queue=self._queue,
            client=client,
            server=self._server,
            prover=Prover(self._queue, client, self._server, self._receipts),
            retry_times=self._retry_times,
            encoding=self._encoding,
            on_change=self._on_change,
            on_rate=self._speed.note,
        )
        gate = TakeGate(self._gate, lambda: self._paused(row.take_id))
        begun = self._queue.change(row.take_id, Event.BEGUN, lasting=False, attempts=row.attempts + 1)
        delivery = Delivery(tools, begun, gate)
        try:
            delivery.run()
        except Interrupted:
            self._outcome.stepped_back(delivery.row)
        except UploadFault as fault:
            if self._gate.closed:
                self._outcome.stepped_back(delivery.row)
            else:
                self._outcome.failed(delivery.row, fault)
        except DiskError:
            raise
        except Exception as error:
            log.exception("take %s", row.take_id)
            self._outcome.failed(delivery.row, unforeseen(error))
        else:
            if self._outcome.succeeded():
                self._wake.set()
            return True
        finally:
            self._on_change()
        return False

    def _paused(self, take_id: str) -> bool:
        return self._queue.control.paused or self._queue.row(take_id).state is State.PAUSED


def harmless(tell: Callable[..., None]) -> Callable[..., None]:
    """What goes wrong while something is shown, such as a terminal that is closed, is no fault of a take."""

    def told(*change: object) -> None:
        try:
            tell(*change)
        except (OSError, ValueError) as error:
            log.info("a change can't be shown: %r", error)

    return told
