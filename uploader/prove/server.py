"""What is known of one server: asked, tried out, remembered. Shared by all workers."""

from __future__ import annotations

import io
import logging
import threading

from uploader.faults import POLICY, Kind, UploadFault
from uploader.flow.chunks import LARGEST, ChunkSize
from uploader.prove.trust import Trust
from uploader.queue.queue import Queue
from uploader.tus.body import Body
from uploader.tus.client import Capabilities, TusClient
from uploader.tus.headers import checksum_header

SILENT_THEN_GO_ON = 3
"""Some firewalls swallow OPTIONS; after this many failures uploads begin without it."""
log = logging.getLogger(__name__)
PROBE = {"filename": "station-probe.txt", "filetype": "text/plain"}


class Server:
    """Knowledge of the endpoint; `meet` before use. Chunk size and hiding outlive the process."""

    def __init__(self, endpoint: str, queue: Queue) -> None:
        self.endpoint = endpoint
        self.capabilities = Capabilities()
        self.algorithm: str | None = None
        """Checksum that the server was seen to check; None where it does not."""
        self.disguise = False
        """Pieces go as POST with X-HTTP-Method-Override."""
        self.read_back = Trust()
        """That it gives uploads back."""
        self._probing = Trust()
        self._probed = False
        self._queue = queue
        self._met = False
        self._silent = 0
        self._lock = threading.Lock()
        known = queue.known_server(endpoint)
        # How fast the line is today is not known yet.
        size = min(known.get("chunk", ChunkSize.size), LARGEST)
        self._chunk = ChunkSize(size, known.get("limit", ChunkSize.limit))
        self._hides: bool | None = known.get("hides")

    def meet(self, client: TusClient) -> None:
        """Ask and probe, once per process, or until there is an answer that tells. Raises Fault."""
        with self._lock:
            if not self._met:
                found = self._ask(client)
                if found is None:
                    return
                self.capabilities = found
                self._met = True
            if not self._probed and self._probing.usable:
                self._probe(client, self.capabilities.algorithm)

    @property
    def allows_removal(self) -> bool:
        return "termination" in self.capabilities.extensions

    def _probe(self, client: TusClient, algorithm: str | None) -> None:
        """What can't be told now is asked again at another take; until then nothing is built on it."""
        if algorithm is not None:
            checks = probe_checksum(client, algorithm)
            if checks is None:
                if client.answers():
                    # One that is down says nothing of what it can do.
                    self._probing.failed()
                return
            self.algorithm = algorithm if checks else None
        self._probed = True
        log.info("%s: %s, checks %s", self.endpoint, sorted(self.capabilities.extensions), self.algorithm)

    def _ask(self, client: TusClient) -> Capabilities | None:
        """None where nobody who speaks tus answers; delivery then goes on without knowing."""
        try:
            return client.options()
        except UploadFault as fault:
            self._silent += 1
            if fault.kind is Kind.NETWORK and self._silent >= SILENT_THEN_GO_ON:
                return None
            raise

    def distrust_checksums(self) -> None:
        """A piece with a checksum was refused in words of tus: the next goes without, until a later probe."""
        with self._lock:
            self.algorithm, self._probed = None, False
            self._probing.lose()

    # --- size of pieces

    @property
    def chunk(self) -> ChunkSize:
        return self._chunk

    @chunk.setter
    def chunk(self, chunk: ChunkSize) -> None:
        old, self._chunk = self._chunk, chunk
        if (old.size, old.limit) != (chunk.size, chunk.limit):
            self._queue.learn_server(self.endpoint, chunk=chunk.size, limit=chunk.limit)

    # --- finished uploads

    @property
    def hides(self) -> bool | None:
        """Answers 404 for a finished upload; None until known."""
        return self._hides

    @hides.setter
    def hides(self, hides: bool) -> None:
        if hides != self._hides:
            self._hides = hides
            self._queue.learn_server(self.endpoint, hides=hides)

    def find_out_hiding(self, client: TusClient, *, anew: bool = False) -> bool:
        """Finish a tiny upload and look whether it is still shown. Only when a delivery depends on it.

        `anew`: servers change; do not believe what was seen before.
        """
        if self._hides is None or anew:
            self.hides = probe_hiding(client)
        return bool(self._hides)


def probe_checksum(client: TusClient, algorithm: str) -> bool | None:
    """Whether a wrong checksum is refused and moves nothing, and a right one accepted; None where the answers
    do not tell.

    The probe is never a finished upload.
    """
    try:
        url = client.create(2, PROBE)
        try:
            client.patch(url, 0, _letters("x"), checksum_header(algorithm, [b"y"]))
            return False
        except UploadFault as fault:
            if fault.kind is not Kind.DAMAGED:
                raise
            if client.head(url).offset != 0:
                return False
            # Who refuses every checksum would never take a recording.
            return client.patch(url, 0, _letters("x"), checksum_header(algorithm, [b"x"])) == 1
        finally:
            _remove(client, url)
    except UploadFault as fault:
        log.info("whether checksums are checked can't be told now: %s", fault)
        return False if POLICY[fault.kind].about_server else None


def probe_hiding(client: TusClient) -> bool:
    url = client.create(1, PROBE)
    client.patch(url, 0, _letters("x"))
    try:
        client.head(url)
    except UploadFault as fault:
        if fault.kind is Kind.GONE:
            return True
        raise
    _remove(client, url)
    return False


def _letters(text: str) -> Body:
    data = text.encode("ascii")
    return Body(io.BytesIO(data), 0, len(data), lambda _: None)


def _remove(client: TusClient, url: str) -> None:
    try:
        client.delete(url)
    except UploadFault as fault:
        log.debug("the probe stays: %s", fault)
