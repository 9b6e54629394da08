"""Uploads that have all their bytes in a bucket and are no object: what was left in parts is put together.

tusd and @tus/server send the last part first and make the object afterwards. One that dies in between says of
the upload for ever that it is whole (the offset is the length), takes no byte of it again, and shows nothing
of it. All bytes are there, so nobody needs to send them again.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from uploader.centre.holding import facts_of

log = logging.getLogger(__name__)
INFO = ".info"
MAX_INFO = 100_000
"""Bytes of a description; servers write about one thousand."""
GONE = ("NoSuchKey", "NoSuchUpload", "404", "NotFound")
LONGEST_REST = 3600.0
"""Seconds after which an upload that rests is looked at again at the latest: its station may come back."""


class S3Client(Protocol):
    """The part of boto3's client that is used."""

    def list_objects_v2(self, **wishes: Any) -> dict[str, Any]: ...
    def get_object(self, **wishes: Any) -> dict[str, Any]: ...
    def head_object(self, **wishes: Any) -> dict[str, Any]: ...
    def list_parts(self, **wishes: Any) -> dict[str, Any]: ...
    def complete_multipart_upload(self, **wishes: Any) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Described:
    """What a server wrote down of an upload when it began."""

    multipart: str
    """The store's id of what its parts belong to."""
    size: int


@dataclass(frozen=True)
class Rest:
    """Since when an upload has these parts, and when it is looked at again."""

    parts: tuple[tuple[int, str, int], ...]
    since: float
    due: float


class LeftParts:
    """For one bucket and one worker; an upload must rest before it is touched, by this clock."""

    def __init__(self, bucket: str, client: S3Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._bucket, self._client, self._clock = bucket, client, clock
        self._rests: dict[str, Rest] = {}

    def put_together(self, infos: Iterable[str], settled: float) -> int:
        """Of these descriptions without an object, those that have had all their bytes for `settled` seconds;
        how many. What the store refuses is logged and tried again."""
        now, count, kept = self._clock(), 0, dict[str, Rest]()
        for info in infos:
            known = self._rests.get(info)
            if known is not None and now < known.due:
                kept[info] = known
                continue
            try:
                rest, done = self._look(info, known, settled)
            except OSError as error:
                log.warning("%s was not put together: %s", info, error)
                rest, done = Rest((), now, now + settled), False
            kept[info] = rest
            count += done
        self._rests = kept
        return count

    def _look(self, info: str, known: Rest | None, settled: float) -> tuple[Rest, bool]:
        now, key = self._clock(), info.removesuffix(INFO)
        found = self._described(info)
        parts = () if found is None else tuple(self._parts(key, found.multipart))
        since = known.since if known is not None and known.parts == parts else now
        if found is None or sum(size for _, _, size in parts) != found.size:
            return Rest(parts, since, now + min(max(now - since, settled), LONGEST_REST)), False
        if now - since < settled:
            return Rest(parts, since, since + settled), False
        named = [{"PartNumber": number, "ETag": mark} for number, mark, _ in parts]
        with as_os_error():
            self._client.complete_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=found.multipart, MultipartUpload={"Parts": named}
            )
        log.warning("%s had all its bytes and no object: its server had died; it was put together", key)
        return Rest(parts, since, now + settled), True

    def _described(self, info: str) -> Described | None:
        """None for what is no upload of a take, or says nothing of its parts."""
        try:
            with as_os_error():
                answer = self._client.get_object(Bucket=self._bucket, Key=info)
                body = answer["Body"]
                try:
                    text = body.read(MAX_INFO)
                finally:
                    body.close()
            return described(json.loads(text), answer.get("Metadata") or {})
        except FileNotFoundError:
            return None
        except (ValueError, AttributeError, RecursionError) as error:
            log.info("%s is not the description of an upload: %s", info, error)
            return None

    def _parts(self, key: str, multipart: str) -> Iterator[tuple[int, str, int]]:
        """Number, mark and bytes of each, in their order; nothing where the store has no such upload."""
        more: dict[str, Any] = {}
        while True:
            try:
                with as_os_error():
                    page = self._client.list_parts(Bucket=self._bucket, Key=key, UploadId=multipart, **more)
            except FileNotFoundError:
                return
            yield from ((one["PartNumber"], one["ETag"], one["Size"]) for one in page.get("Parts", ()))
            if not page.get("IsTruncated"):
                return
            more = {"PartNumberMarker": page["NextPartNumberMarker"]}


def described(facts: Any, beside: Mapping[str, str]) -> Described | None:
    """Of tusd's description (`ID` ends with the store's id), or @tus/server's (the id stands beside it)."""
    if facts_of(facts.get("MetaData") or facts.get("metadata")) is None:
        return None
    size = facts.get("Size", facts.get("size"))
    _, _, ours = str(facts.get("ID") or "").partition("+")
    multipart = ours or beside.get("upload-id", "")
    if not isinstance(size, int) or size <= 0 or not multipart:
        return None
    return Described(multipart, size)


class as_os_error:  # noqa: N801 - used as a statement
    """What boto3 raises, as OSError."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ClientError):
            code = str(error.response.get("Error", {}).get("Code", ""))
            raise (FileNotFoundError if code in GONE else OSError)(f"S3: {error}") from error
        if isinstance(error, BotoCoreError):
            raise OSError(f"S3: {error}") from error
