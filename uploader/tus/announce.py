"""A creation without bytes: a few words for whoever answers at the upload address.

It goes over a connection of its own, under the same rules as recordings: the same trust, the token for its
own origin only, no redirects. What comes back is headers; nothing is ever sent to the new address.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3

from config import ServerSection
from uploader.tus.answer import answer_of
from uploader.tus.answers import fault_of_answer, fault_of_exception, no_tus, portal
from uploader.tus.client import VERSION
from uploader.tus.headers import encode_metadata
from uploader.tus.transport import Timing, Transport

TIMING = Timing(stall=5.0, answer=10.0)
"""Words that take longer are not worth waiting for: newer ones follow."""


class Announcer:
    """For one thread; `abort` may be called from another."""

    def __init__(self, server: ServerSection, token: str | None) -> None:
        """Raises ConfigError where `ca_file` can't be used."""
        self._url = server.url
        self._transport = Transport(server.url, token, server.ca_file, TIMING)

    def announce(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        """The headers of the answer. Raises UploadFault where nothing took the words."""
        headers = {
            **VERSION,
            "Upload-Length": "0",
            "Upload-Metadata": encode_metadata(metadata),
            "Content-Length": "0",
        }
        try:
            response = answer_of(self._transport.send("POST", self._url, headers))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise fault_of_exception(error) from error
        if response.status_code != 201:
            raise fault_of_answer(response, "create")
        if "Tus-Resumable" not in response.headers:
            raise no_tus() if response.headers.get("Location") else portal()
        return response.headers

    def abort(self) -> None:
        """Break what is under way."""
        self._transport.abort()

    def close(self) -> None:
        self._transport.close()


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The server's clock, to the second; None where it does not say."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone()
    except (ValueError, TypeError, OverflowError, OSError):
        return None
