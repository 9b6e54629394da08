"""rustus, and servers that keep what they get in S3: moto stands for the store, in memory."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import requests

from tests.tools.testservers import NODE_S3, RUSTUS, S3, TUSD
from tests.uploader.realservers import APPS, NOTHING, Stored, free_port

BUCKET = "takes"
KEYS: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
}

SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request"}
"""The store looks whether there is one, not what it says."""


class Store:
    """An S3 server with one bucket while the `with` block runs."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Store:
        host, port = self.url.removeprefix("http://").split(":")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", host, "-p", port],
            env={**os.environ, "PYTHONPATH": str(S3.folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while True:
            assert self._process.poll() is None, "the S3 server ended"
            with socket.socket() as probe:
                if probe.connect_ex((host, int(port))) == 0:
                    break
            assert time.monotonic() < deadline
            time.sleep(0.1)
        requests.put(f"{self.url}/{BUCKET}", timeout=30).raise_for_status()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def keys(self) -> list[str]:
        found = requests.get(f"{self.url}/{BUCKET}", params={"list-type": "2"}, timeout=30)
        root = ET.fromstring(found.content)
        return [one.text or "" for one in root.iter() if one.tag.endswith("}Key")]

    def get(self, key: str) -> bytes:
        found = requests.get(f"{self.url}/{BUCKET}/{key}", headers=SIGNED, timeout=30)
        found.raise_for_status()
        return found.content

    def stored(self, metadata: str, size: str) -> list[Stored]:
        """Uploads by their descriptions, which have these names in them; an upload is an object once its
        parts were put together."""
        keys = set(self.keys())
        found = []
        for key in sorted(keys):
            if not key.endswith(".info"):
                continue
            info = json.loads(self.get(key))
            take_id = (info[metadata] or {}).get("take_id")
            whole = key.removesuffix(".info")
            if take_id and whole in keys:
                data = self.get(whole)
                found.append(Stored(take_id, data, len(data) == info[size]))
        return found


class OnS3:
    """Keeps pieces, and computes no checksums."""

    keeps_partial = True
    level = "L2"
    env = KEYS

    def __init__(self, s3: Store) -> None:
        self._s3 = s3


class TusdOnS3(OnS3):
    name = "tusd on S3"

    def command(self, port: int, store: Path) -> list[str]:
        place = ["-host", "127.0.0.1", "-port", str(port), "-base-path", "/files/"]
        return [str(TUSD.program), *place, "-s3-bucket", BUCKET, "-s3-endpoint", self._s3.url]

    def stored(self, store: Path) -> list[Stored]:
        return self._s3.stored("MetaData", "Size")


class NodeOnS3(OnS3):
    name = "@tus/server on S3"

    def command(self, port: int, store: Path) -> list[str]:
        script = shutil.copy(APPS / "node_s3_server.mjs", NODE_S3.folder)
        return ["node", str(script), str(port), self._s3.url, BUCKET]

    def stored(self, store: Path) -> list[Stored]:
        return self._s3.stored("metadata", "size")


class Rustus:
    name = "rustus"
    keeps_partial = False
    level = "L2"
    env = NOTHING

    def command(self, port: int, store: Path) -> list[str]:
        place = ["--host", "127.0.0.1", "--port", str(port), "--url", "/files"]
        folders = ["--data-dir", str(store), "--info-dir", str(store)]
        return [str(RUSTUS.program), *place, *folders, "--max-body-size", str(64 * 1024 * 1024)]

    def stored(self, store: Path) -> list[Stored]:
        found = []
        for path in store.glob("*.info"):
            info = json.loads(path.read_text(encoding="utf-8"))
            if take_id := info["metadata"].get("take_id"):
                data = path.with_suffix("").read_bytes()
                found.append(Stored(take_id, data, info["offset"] == info["length"]))
        return found
