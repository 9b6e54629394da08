"""A worker of the centre: looks at the store when it is its turn, reads what is new, writes receipts.

1. Nothing is believed before all bytes were read; a receipt is written when the store gave them all.
2. Hooks only hurry it: what is there is found by looking. A store or database that does not answer is asked
   again.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError

from uploader.centre.attest import publish, receipt_of, withdraw
from uploader.centre.holding import Lying, UploadStore
from uploader.centre.ledger import CLAIM_SECONDS, Claim, Ledger

log = logging.getLogger(__name__)
PAGE = 1000
LOOK_SECONDS = 20.0
"""Two looks find what is gone, with time to spare within two minutes; new uploads within a minute."""
SETTLED_LOOKS = 6
"""So many looks long, two minutes, an upload with all its bytes must rest before it counts as left behind:
its server may be about to finish it."""
IDLE_SECONDS = 1.0
MOST_DULL = 200_000


class CentreWorker:
    """One of any number on the same ledger."""

    def __init__(
        self,
        store: UploadStore,
        ledger: Ledger,
        key: Ed25519PrivateKey | None = None,
        out: Path | None = None,
        every: float = LOOK_SECONDS,
    ) -> None:
        self._store, self._ledger, self._key, self._out, self._every = store, ledger, key, out, every
        self._me = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        self._dull: dict[str, str] = {}
        """Place and mark of what is no finished upload of a take."""

    def run(self, stop: threading.Event) -> None:
        """Until `stop`; whatever the store or a folder refuses is tried again."""
        while not stop.is_set():
            try:
                if self._ledger.take_look(self._store.name, self._every):
                    self.look()
                if self.one() is None:
                    stop.wait(IDLE_SECONDS)
            except OSError as error:
                log.error("%s: %s", self._store.name, error)
                stop.wait(IDLE_SECONDS)
            except SQLAlchemyError as error:
                # Its words may repeat the address, and with it a password.
                log.error("%s: the database did not do it (%s)", self._store.name, type(error).__name__)
                stop.wait(IDLE_SECONDS)

    def once(self) -> int:
        """Look, read all that can be read now; how many receipts. Raises OSError."""
        self._ledger.take_look(self._store.name, self._every)
        self.look()
        count = 0
        while (done := self.one()) is not None:
            count += done
        return count

    def look(self) -> None:
        """Compare the whole store with the ledger. Raises OSError, after it was written down."""
        above, page = "", list[Lying]()
        try:
            for lying in self._store.lying():
                page.append(lying)
                if len(page) == PAGE:
                    self._compare(page, above, page[-1].place)
                    above, page = page[-1].place, []
            self._compare(page, above, None)
        except OSError as error:
            self._ledger.looked(self._store.name, str(error))
            raise
        self._ledger.looked(self._store.name)
        self._store.put_together(self._every * SETTLED_LOOKS)

    def _compare(self, page: list[Lying], above: str, upto: str | None) -> None:
        found = self._ledger.compare(self._store.name, page, above, upto)
        for lying in found.news:
            self._enter(lying)
        if self._out is not None:
            for upload_id in found.gone:
                withdraw(self._out, upload_id)

    def _enter(self, lying: Lying) -> None:
        if self._dull.get(lying.place) == lying.mark:
            return
        upload = self._store.finished(lying)
        if upload is not None:
            self._ledger.enter(self._store.name, upload)
            return
        if len(self._dull) >= MOST_DULL:
            self._dull.clear()
        self._dull[lying.place] = lying.mark

    def hurry(self, upload_id: str) -> int:
        """A hook names one upload: that one now; how many receipts. Raises OSError."""
        lying = self._store.with_id(upload_id)
        if lying is None:
            return 0
        self._enter(lying)
        return self.one() or 0

    def one(self) -> int | None:
        """Read one upload: 1 with a receipt, 0 without, None where there is none to read."""
        claim = self._ledger.claim(self._store.name, self._me)
        if claim is None:
            return None
        try:
            receipt = receipt_of(self._store, claim.upload, self._key, self._alive(claim))
            if self._out is not None:
                publish(self._out, claim.upload.upload_id, receipt)
        except OSError as error:
            log.warning("%s: %s", claim.upload.place, error)
            self._ledger.failed(claim, str(error))
            return 0
        text = json.dumps(receipt, indent=1)
        return int(self._ledger.proven(claim, receipt["size"], receipt["sha256"], text))

    def _alive(self, claim: Claim) -> Callable[[], None]:
        last = time.monotonic()

        def said() -> None:
            nonlocal last
            if time.monotonic() - last > CLAIM_SECONDS / 3:
                last = time.monotonic()
                self._ledger.still_reads(claim)

        return said
