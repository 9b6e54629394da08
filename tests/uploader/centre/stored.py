"""Stores as servers leave them: a folder of tusd's, and an S3 client that answers from memory."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

BUCKET = "takes"
PAGE = 2
"""Keys of one answer: every test reads on."""


def description(name: str, size: int, **facts: str) -> str:
    metadata = {"take_id": f"take-{name}", "station": "310105-017-A", "session": "s", **facts}
    return json.dumps({"ID": name, "Size": size, "MetaData": metadata})


def put(folder: Path, name: str, data: bytes = b"12345") -> None:
    """A finished upload in tusd's folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    (folder / f"{name}.info").write_text(description(name, len(data)), encoding="utf-8")


class MemoryS3:
    """What of an S3 server a store needs."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.broken: set[str] = set()
        """Keys whose bytes end too early."""
        self.parts: dict[str, dict[str, list[bytes]]] = {}
        """Key -> id of a multipart upload that is not completed -> its parts."""
        self.read_only = False

    def put(self, key: str, data: bytes = b"12345", part: str = "multi.1_x") -> None:
        """As tusd does."""
        self.objects[key] = data
        name = f"{key.rpartition('/')[2]}+{part}"
        self.objects[f"{key}.info"] = description(name, len(data)).encode()

    def leave(self, key: str, *parts: bytes, size: int) -> None:
        """As tusd does where it dies before it makes the object."""
        self.parts[key] = {"left.1_x": list(parts)}
        self.objects[f"{key}.info"] = description(f"{key}+left.1_x", size).encode()

    def list_parts(self, **wishes: Any) -> dict[str, Any]:
        found = self.parts.get(wishes["Key"], {}).get(wishes["UploadId"])
        if found is None:
            raise ClientError({"Error": {"Code": "NoSuchUpload"}}, "ListParts")
        after = int(wishes.get("PartNumberMarker", 0))
        page = [
            {"PartNumber": number, "ETag": f'"{hash(part)}"', "Size": len(part)}
            for number, part in enumerate(found, 1)
            if number > after
        ]
        more = len(page) > PAGE
        return {"Parts": page[:PAGE], "IsTruncated": more, "NextPartNumberMarker": after + PAGE}

    def complete_multipart_upload(self, **wishes: Any) -> dict[str, Any]:
        if self.read_only:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "CompleteMultipartUpload")
        parts = self.parts.pop(wishes["Key"])[wishes["UploadId"]]
        named = wishes["MultipartUpload"]["Parts"]
        self.objects[wishes["Key"]] = b"".join(parts[one["PartNumber"] - 1] for one in named)
        return {}

    def list_objects_v2(self, **wishes: Any) -> dict[str, Any]:
        keys = sorted(key for key in self.objects if key.startswith(wishes.get("Prefix", "")))
        keys = [key for key in keys if key > wishes.get("ContinuationToken", "")]
        page = {"Contents": [{"Key": key, **self._facts(key)} for key in keys[:PAGE]], "IsTruncated": False}
        if len(keys) > PAGE:
            page |= {"IsTruncated": True, "NextContinuationToken": keys[PAGE - 1]}
        return page

    def head_object(self, **wishes: Any) -> dict[str, Any]:
        data = self._data(wishes["Key"])
        return {"ContentLength": len(data), **self._facts(wishes["Key"])}

    def get_object(self, **wishes: Any) -> dict[str, Any]:
        data = self._data(wishes["Key"])
        sent = data[:-1] if wishes["Key"] in self.broken else data
        return {"ContentLength": len(data), "Body": io.BytesIO(sent)}

    def _data(self, key: str) -> bytes:
        if key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return self.objects[key]

    def _facts(self, key: str) -> dict[str, Any]:
        return {"Size": len(self.objects[key]), "ETag": f'"{hash(self.objects[key])}"'}
