"""What a server gives back of an upload. Only what was read whole counts; everything less proves nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import requests
import urllib3

from config.base import say
from uploader.ceilings import ANSWER_BYTES
from uploader.faults import Kind, UploadFault
from uploader.tus.answer import answer_of, done_with
from uploader.tus.answers import fault_of_answer, is_page
from uploader.tus.headers import number

READ_BLOCK = 256 * 1024
TRANSIENT = (408, 423, 425, 429)
"""Statuses below 500 that say nothing about what a server can do."""


@dataclass(frozen=True)
class Copy:
    """The server's copy, whole as its own answer describes it."""

    sha256: str
    size: int


def copy_of(response: requests.Response, length: int, on_block: Callable[[int], None]) -> Copy | None:
    """Read the answer to a GET of an upload of `length` bytes; None where the server gives nothing back.

    Raises UploadFault: UNPROVEN for an answer that is not whole. Read to the last byte on a kept connection:
    one server dies of a reader who leaves early.
    """
    status = response.status_code
    if status != 200 or is_page(response) or "Content-Range" in response.headers:
        answer = answer_of(response)
        if (status >= 500 and status != 501) or status in TRANSIENT:
            raise fault_of_answer(answer, "get")
        if status in (200, 206) and not is_page(answer):
            raise not_whole(0, length)
        return None
    whole = False
    try:
        found = _whole(response, length, on_block)
        whole = True
        return found
    finally:
        done_with(response, whole=whole)


def _whole(response: requests.Response, length: int, on_block: Callable[[int], None]) -> Copy:
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise not_whole(0, length)
    announced = number(response, "Content-Length")
    if announced is None and "Content-Length" in response.headers:
        raise not_whole(0, length)
    ours = "Tus-Resumable" in response.headers
    longest = 2 * length + ANSWER_BYTES
    if announced is not None and announced > longest:
        raise not_whole(0, length)
    # A copy that is longer can't be right; but only one that was read whole is known to be the server's.
    sha256, count = _digest(response, length if announced is None else longest, on_block)
    own = ours and count > 0 and count == announced
    if count != length and not own:
        raise not_whole(count, length)
    return Copy(sha256, count)


def _digest(response: requests.Response, length: int, on_block: Callable[[int], None]) -> tuple[str, int]:
    """Of the raw bytes, at most one more than `length`."""
    found, count = hashlib.sha256(), 0
    try:
        for block in response.raw.stream(READ_BLOCK, decode_content=False):
            on_block(len(block))
            found.update(block)
            count += len(block)
            if count > length:
                break
    except (urllib3.exceptions.HTTPError, requests.RequestException, OSError) as error:
        raise not_whole(count, length) from error
    return found.hexdigest(), count


def not_whole(count: int, length: int) -> UploadFault:
    return UploadFault(
        Kind.UNPROVEN,
        say(
            "The server was asked for its copy and gave back {count} of {length} bytes. That proves nothing;"
            " it is asked again.",
            count=count,
            length=length,
        ),
    )
