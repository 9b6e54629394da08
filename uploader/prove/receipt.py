"""The centre's receipt of one upload, asked for and checked; its form is that of uploader.prove.signature."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from config import UPLOAD_ID, ServerSection
from uploader.faults import UploadFault
from uploader.prove.claim import Centre, is_genuine
from uploader.queue.row import Row
from uploader.tus.client import TusClient

log = logging.getLogger(__name__)


class ReceiptSource:
    """Where the centre publishes receipts, as station.toml names it."""

    def __init__(self, section: ServerSection) -> None:
        """Raises ConfigError."""
        self._template = section.receipt_url
        self._key = Centre.of(section).key

    @property
    def configured(self) -> bool:
        return self._template is not None

    def ask(self, client: TusClient, row: Row) -> dict[str, Any] | None:
        """The receipt of an upload; None where there is none yet or none that counts."""
        if self._template is None or row.upload_url is None:
            return None
        upload_id = unquote(urlsplit(row.upload_url).path.rstrip("/").rpartition("/")[2])
        url = self._template.replace(UPLOAD_ID, quote(upload_id, safe=""))
        try:
            found = client.fetch(url)
        except UploadFault as fault:
            log.info("no receipt of %s: %s", row.take_id, fault)
            return None
        if not isinstance(found, dict):
            return None
        fits = found.get("v") == 1 and found.get("upload_id") == upload_id
        if not fits or found.get("take_id") != row.take_id:
            log.warning("%s: a receipt of something else at %s", row.take_id, url)
            return None
        if not isinstance(found.get("size"), int) or not isinstance(found.get("sha256"), str):
            log.warning("%s: an incomplete receipt at %s", row.take_id, url)
            return None
        if not is_genuine(found, self._key):
            log.warning("%s: the signature of the receipt is wrong", row.take_id)
            return None
        return found
