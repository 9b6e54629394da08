"""Finished uploads in an S3 bucket, as tusd and @tus/server leave them there.

server               beside the bytes `<key>`    its id
tusd (s3store)       `<key>.info`, capitalised   `<key>+<id of the multipart upload>`
@tus/server          `<key>.info`, names small   `<key>`

Both make the object `<key>` only when the upload is whole: what has both keys is finished, and what only has
all its parts is put together here. Where tusd keeps its descriptions under another prefix
(MetadataObjectPrefix), nothing is found.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from uploader.centre.holding import Finished, Lying, facts_of
from uploader.centre.leftparts import INFO, MAX_INFO, LeftParts, S3Client, as_os_error

log = logging.getLogger(__name__)
SCHEME = "s3://"
BLOCK = 1 << 20
UPLOAD_ID = re.compile(r"[A-Za-z0-9._~+=-]{1,240}")
"""What also is the name of a file."""
MOST_BARE = 20_000
"""Uploads under way that one listing remembers; a country has some hundreds at once."""
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")


def s3_client() -> S3Client:
    """By the usual variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_S3, AWS_REGION."""
    own = any(os.environ.get(name) for name in ENDPOINTS)
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard", "max_attempts": 3},
        # A store of one's own has no host names for its buckets, and few know the newer checksums.
        s3={"addressing_style": "path" if own else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    try:
        client: S3Client = boto3.client("s3", config=config, region_name=region)
    except (BotoCoreError, ValueError) as error:
        raise OSError(f"S3: {error}") from error
    return client


class BucketStore:
    """A bucket, or what begins with a prefix in it."""

    def __init__(self, address: str, client: S3Client, clock: Callable[[], float] = time.monotonic) -> None:
        """`address`: s3://bucket/prefix. Raises ValueError."""
        bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
        if not address.startswith(SCHEME) or not bucket:
            raise ValueError(f"“{address}” is no address of a bucket: s3://bucket/prefix")
        self._bucket, self._prefix, self._client = bucket, prefix, client
        self._left = LeftParts(bucket, client, clock)
        self._bare: list[str] = []
        """Descriptions without their object, of the last listing."""

    @property
    def name(self) -> str:
        return f"{SCHEME}{self._bucket}/{self._prefix}"

    def lying(self) -> Iterator[Lying]:
        waiting: dict[str, str] = {}
        self._bare = []
        for key, mark in self._keys():
            stem = key.removesuffix(INFO)
            if key != stem:
                if stem in waiting:
                    yield Lying(f"{SCHEME}{self._bucket}/{key}", waiting[stem])
                elif len(self._bare) < MOST_BARE:
                    self._bare.append(key)
            # A key stands before its description, with at most those between that begin alike.
            waiting = {name: of for name, of in waiting.items() if key.startswith(name)}
            if key == stem:
                waiting[key] = mark

    def put_together(self, settled: float) -> int:
        return self._left.put_together(self._bare, settled)

    def finished(self, lying: Lying) -> Finished | None:
        key = self._key(lying.place)
        try:
            text = b"".join(self._blocks(key, MAX_INFO))
            facts = json.loads(text)
            take = facts_of(facts.get("MetaData") or facts.get("metadata"))
            upload_id = facts.get("ID") or facts.get("id")
        except FileNotFoundError:
            return None
        except (ValueError, AttributeError, RecursionError) as error:
            log.warning("%s is not the description of an upload: %s", lying.place, error)
            return None
        data = key.removesuffix(INFO)
        if take is None:
            return None
        # The id becomes the name of a receipt: one that is not made of the key is nobody's.
        if (
            not isinstance(upload_id, str)
            or not UPLOAD_ID.fullmatch(upload_id)
            or not _is_of(upload_id, data)
        ):
            log.warning("%s has an id that is not made of its key", lying.place)
            return None
        return Finished(upload_id, lying.place, lying.mark, data, take)

    def with_id(self, upload_id: str) -> Lying | None:
        if not UPLOAD_ID.fullmatch(upload_id):
            return None
        key = self._prefix + upload_id.partition("+")[0]
        try:
            with as_os_error():
                self._client.head_object(Bucket=self._bucket, Key=key + INFO)
                mark = _mark(self._client.head_object(Bucket=self._bucket, Key=key))
        except FileNotFoundError:
            return None
        return Lying(f"{SCHEME}{self._bucket}/{key}{INFO}", mark)

    def read(self, upload: Finished) -> Iterator[bytes]:
        return self._blocks(upload.data)

    def _key(self, place: str) -> str:
        return place.removeprefix(f"{SCHEME}{self._bucket}/")

    def _keys(self) -> Iterator[tuple[str, str]]:
        """Key and mark of every object, in the order of their bytes, a thousand at a time."""
        more: dict[str, str] = {}
        while True:
            with as_os_error():
                page = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, **more)
            yield from ((one["Key"], _mark(one)) for one in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _blocks(self, key: str, most: int | None = None) -> Iterator[bytes]:
        """Raises FileNotFoundError, OSError; ValueError for more than `most` bytes."""
        count = 0
        with as_os_error():
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            length, body = answer["ContentLength"], answer["Body"]
            try:
                while block := body.read(BLOCK):
                    count += len(block)
                    if most is not None and count > most:
                        raise ValueError("it is too long")
                    yield block
            finally:
                body.close()
        if count != length:
            raise OSError(f"{key}: the store sent {count} of {length} bytes")


def _mark(facts: Mapping[str, Any]) -> str:
    size = facts.get("Size", facts.get("ContentLength"))
    return f"{size}-{str(facts['ETag']).strip(chr(34))}"


def _is_of(upload_id: str, key: str) -> bool:
    name = key.rpartition("/")[2]
    return upload_id == name or upload_id.startswith(f"{name}+")
