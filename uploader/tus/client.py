"""The requests of tus 1.0.0, one method each; every failure is a Fault.

Bodies of answers are read to the end where they are small, so that the connection can be kept.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from config.base import say
from uploader.ceilings import RECEIPT_BYTES
from uploader.faults import Kind, UploadFault
from uploader.tus.address import ForeignOriginError, both_slash_forms, is_ours, upload_address
from uploader.tus.answer import Answer, answer_of
from uploader.tus.answers import fault_of_answer, fault_of_exception, no_tus, portal
from uploader.tus.body import Body
from uploader.tus.headers import decode_metadata, encode_metadata, number, repr_digest
from uploader.tus.readback import Copy, copy_of
from uploader.tus.transport import Transport

log = logging.getLogger(__name__)
VERSION = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
"""A box on the way may keep answers to HEAD; it must not give old ones."""
ALGORITHMS = ("sha256", "sha1")
"""By preference; sha1 is the only one that every server with the extension must know."""


@dataclass(frozen=True)
class Capabilities:
    """What a server says it can do; empty when it does not say."""

    extensions: frozenset[str] = frozenset()
    algorithm: str | None = None
    """Checksum algorithm that both sides know."""
    max_size: int | None = None


@dataclass(frozen=True)
class Head:
    """What a server says about one upload."""

    offset: int
    length: int | None
    metadata: Mapping[str, str] = field(default_factory=dict)
    sha256: str | None = None
    """Hex, from Repr-Digest (RFC 9530)."""


class TusClient:
    """For one endpoint and one thread. Every method raises Fault."""

    def __init__(self, endpoint: str, transport: Transport) -> None:
        self.endpoint = endpoint
        self.disguise = False
        """Send pieces as POST with X-HTTP-Method-Override, for boxes on the way that refuse PATCH."""
        self._transport = transport

    @property
    def block(self) -> int:
        """Bytes of a body's block that suit the line."""
        return self._transport.block

    def expect(self, rate: float) -> None:
        """Bytes a second that the line takes; 0 where that is not known."""
        self._transport.expect(rate)

    def hang_up(self) -> None:
        """The next request is made on a new line."""
        self._transport.hang_up()

    def may(self, url: str | None) -> bool:
        """Whether recordings may go there; no address is none that they may not go to."""
        return url is None or is_ours(url, self.endpoint, self._transport.also)

    def options(self) -> Capabilities | None:
        """Ask, in both slash forms; None where the answer is not that of a tus server."""
        for url in both_slash_forms(self.endpoint):
            # Not a word of tus in the request: the protocol wants it so.
            response = self._send("OPTIONS", url, {})
            if response.status_code < 300 and "Tus-Version" in response.headers:
                return _capabilities(response)
        return None

    def create(self, length: int, metadata: Mapping[str, str]) -> str:
        """A new upload; its address."""
        headers = {**VERSION, "Upload-Length": str(length), "Upload-Metadata": encode_metadata(metadata)}
        response = self._send("POST", self.endpoint, {**headers, "Content-Length": "0"})
        location = response.headers.get("Location", "")
        if response.status_code != 201:
            raise fault_of_answer(response, "create")
        if not location or "Tus-Resumable" not in response.headers:
            raise portal() if not location else no_tus()
        try:
            return upload_address(self.endpoint, location, self._transport.also)
        except ForeignOriginError as error:
            if self._is_empty(error.own, length):
                return error.own
            raise elsewhere(error.host) from error
        except ValueError as error:
            raise no_tus() from error

    def _is_empty(self, url: str, length: int) -> bool:
        """An upload as it was just made."""
        try:
            head = self.head(url)
        except UploadFault:
            return False
        return (head.offset, head.length) == (0, length)

    def answers(self) -> bool:
        """Whether a tus server answers at the creation address."""
        for url in both_slash_forms(self.endpoint):
            try:
                found = self._send("OPTIONS", url, {}).headers
            except UploadFault:
                return False
            if "Tus-Version" in found or "Tus-Resumable" in found:
                return True
        return False

    def head(self, url: str, at_least: int = 0) -> Head:
        """Where an upload stands; asks for the digest of what is stored too.

        Some boxes on the way keep answers although they must not: one with less than `at_least`, which is
        known to be there, is asked for once more at an address that no box has an answer for.
        """
        found = self._head(url)
        if found.offset >= at_least:
            return found
        with suppress(UploadFault):
            fresh = self._head(f"{url}{'&' if '?' in url else '?'}fresh={secrets.token_hex(8)}")
            if fresh.offset > found.offset and fresh.length == found.length:
                log.warning("%s: an old answer was kept on the way", url)
                return fresh
        return found

    def _head(self, url: str) -> Head:
        response = self._send("HEAD", url, {**VERSION, "Want-Repr-Digest": "sha-256=10"})
        offset = number(response, "Upload-Offset")
        if response.status_code not in (200, 204) or offset is None:
            raise fault_of_answer(response, "head")
        return Head(
            offset,
            number(response, "Upload-Length"),
            decode_metadata(response.headers.get("Upload-Metadata", "")),
            repr_digest(response.headers.get("Repr-Digest", "")),
        )

    def patch(self, url: str, offset: int, body: Body, checksum: str | None = None) -> int:
        """Send a piece; the new offset as the server says it."""
        headers = {
            **VERSION,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
        }
        if checksum is not None:
            headers["Upload-Checksum"] = checksum
        method = "PATCH"
        if self.disguise:
            method, headers["X-HTTP-Method-Override"] = "POST", "PATCH"
        response = self._send(method, url, headers, body)
        found = number(response, "Upload-Offset")
        if response.status_code not in (200, 204) or found is None:
            fault = fault_of_answer(response, "patch")
            # Who refuses a piece without reading it takes what comes next on this line for the rest of it.
            self._transport.hang_up()
            raise fault
        return found

    def delete(self, url: str) -> None:
        self._send("DELETE", url, dict(VERSION))

    def copy(self, url: str, length: int, on_block: Callable[[int], None]) -> Copy | None:
        """What the server gives back of an upload of `length` bytes; None where it gives nothing back."""
        return copy_of(self._open("GET", url, dict(VERSION)), length, on_block)

    def fetch(self, url: str) -> Any:
        """A small JSON document, from wherever the settings say; None where there is none yet."""
        response = self._open("GET", url, {"Accept": "application/json"}, ours=False)
        answer = answer_of(response, RECEIPT_BYTES)
        if answer.status_code in (403, 404, 410):
            return None
        if answer.status_code != 200:
            raise fault_of_answer(answer, "get")
        return answer.json()

    def _send(self, method: str, url: str, headers: dict[str, str], body: Body | None = None) -> Answer:
        return answer_of(self._open(method, url, headers, body))

    def _open(
        self, method: str, url: str, headers: dict[str, str], body: Body | None = None, *, ours: bool = True
    ) -> requests.Response:
        if ours and not self.may(url):
            raise elsewhere(urlsplit(url).hostname or "?")
        try:
            # What is packed by somebody on the way is not what was stored.
            return self._transport.send(method, url, {"Accept-Encoding": "identity", **headers}, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            # ValueError: requests decodes some headers, and some can't be.
            raise fault_of_exception(error) from error


def elsewhere(host: str) -> UploadFault:
    return UploadFault(
        Kind.ELSEWHERE,
        say("The server wants the recordings at {host}, which station.toml does not name.", host=host),
        say("They are not sent there. If the centre says that it is right, add it to [server] also."),
    )


def _capabilities(response: Answer) -> Capabilities:
    def listed(name: str) -> list[str]:
        return [word.strip().lower() for word in response.headers.get(name, "").split(",") if word.strip()]

    extensions = frozenset(listed("Tus-Extension"))
    offered = listed("Tus-Checksum-Algorithm") or ["sha1"]
    algorithm = next((name for name in ALGORITHMS if name in offered), None)
    return Capabilities(
        extensions, algorithm if "checksum" in extensions else None, number(response, "Tus-Max-Size")
    )
