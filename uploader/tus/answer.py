"""An answer that is no recording: read within bounds, whatever the server would like to say."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import requests
import urllib3

from uploader.ceilings import ANSWER_BYTES, ANSWER_SECONDS

BLOCK = 16 * 1024


class Headed(Protocol):
    """What has headers; their names in any case."""

    @property
    def headers(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Answer:
    status_code: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool
    """The body ended by itself, and is not longer than was allowed."""

    def json(self) -> Any:
        """None where the body is none, deeper than anything of ours, or could not be written again."""
        packed = self.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity")
        if packed or not self.whole:
            return None
        try:
            found = json.loads(self.body)
            json.dumps(found, ensure_ascii=False).encode("utf-8")
            return found
        except (ValueError, RecursionError):
            return None


def answer_of(response: requests.Response, limit: int = ANSWER_BYTES) -> Answer:
    """Read the body as it came, unpacked by nobody. One that breaks off is no trouble of its own: the status
    is what counts."""
    body, whole = b"", False
    deadline = time.monotonic() + ANSWER_SECONDS
    try:
        while len(body) <= limit and time.monotonic() < deadline:
            block = response.raw.read1(BLOCK, decode_content=False)
            if not block:
                whole = True
                break
            body += block
    except (urllib3.exceptions.HTTPError, OSError):
        whole = False
    done_with(response, whole=whole)
    return Answer(response.status_code, response.headers, body[:limit], whole and len(body) <= limit)


def done_with(response: requests.Response, *, whole: bool) -> None:
    """The line is kept where the answer was read to its end."""
    if whole:
        response.raw.release_conn()
    else:
        response.raw.close()
