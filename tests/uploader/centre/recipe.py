"""docs/centre.md as it is written, on loopback: only places, ports and programs are ours."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import psutil
import requests
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.board.postgres import PostgresServer
from tests.tools.environment import ROOT
from tests.tools.testservers import TUSD, WEED
from tests.uploader.realservers import free_pair
from tests.uploader.s3servers import BUCKET, KEYS
from uploader.centre.attest import public_text

RECIPE = ROOT / "docs" / "centre"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PORTS = ("1081", "1082", "8091", "8092", "8080", "9333", "9340", "8888", "8333")
UP_SECONDS = 120.0


def ports_of_ours() -> dict[str, str]:
    """A free port for each of the page's."""
    found: dict[str, str] = {}
    while len(found) < len(PORTS):
        port = str(free_pair())
        # The page's ports are replaced one after the other: none may be part of another.
        if port not in found.values() and not any(name in port for name in PORTS):
            found[PORTS[len(found)]] = port
    return found


@dataclass
class Centre:
    """The parts by name; PostgreSQL beside them."""

    folder: Path
    database: PostgresServer
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    ports: dict[str, str] = field(default_factory=ports_of_ours)
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self.folder / "receipts.pem").write_bytes(self.key.private_bytes(*form))
        (self.folder / "store").mkdir()
        (self.folder / "nginx.conf").write_text(self.written("nginx.conf"), encoding="utf-8")
        board = self.written("board-8091.toml")
        for name in ("8091", "8092"):
            text = board.replace(self.ports["8091"], self.ports[name])
            (self.folder / f"board-{self.ports[name]}.toml").write_text(text, encoding="utf-8")
        keys = {"aws_access_key_id": KEYS["AWS_ACCESS_KEY_ID"], "region_name": KEYS["AWS_REGION"]}
        keys["aws_secret_access_key"] = KEYS["AWS_SECRET_ACCESS_KEY"]
        how = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2})
        self.s3: Any = boto3.client("s3", endpoint_url=self.store_url, config=how, **keys)

    @property
    def url(self) -> str:
        """Where stations and people come."""
        return f"http://127.0.0.1:{self.ports['8080']}"

    @property
    def store_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['8333']}"

    @property
    def server_section(self) -> dict[str, str]:
        """What docs/centre.md gives to the stations."""
        receipts = f"{self.url}/receipts/{{upload_id}}.json"
        return {"url": f"{self.url}/files/", "receipt_url": receipts, "receipt_key": public_text(self.key)}

    def written(self, name: str) -> str:
        places = {
            "/usr/local/bin/tusd": str(TUSD.program),
            "/usr/local/bin/weed": str(WEED.program),
            "/opt/centre/bin/python": sys.executable,
            "https://store.example": self.store_url,
            "/etc/centre": str(self.folder),
            "/srv/centre": str(self.folder),
            "https = true": "https = false",
            **self.ports,
        }
        text = (RECIPE / name).read_text(encoding="utf-8")
        for place, ours in places.items():
            text = text.replace(place, ours)
        return text

    def start_all(self) -> None:
        self.start("store")
        self._bucket()
        for port in ("1081", "1082"):
            self.start("tusd", self.ports[port])
        for port in ("8091", "8092"):
            self.start("board", self.ports[port])
        for number in ("1", "2"):
            self.start("receipts", number)
        self.start("nginx")
        wait_for(lambda: requests.get(f"{self.url}/health", timeout=5).ok, "no board answers through nginx")

    def start(self, unit: str, instance: str = "") -> None:
        """A unit by its ExecStart; nginx by the line of its file."""
        if unit == "nginx":
            command = [str(NGINX), "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]
        else:
            lines = self.written(f"{unit}.service").splitlines()
            line = next(line for line in lines if line.startswith("ExecStart="))
            command = shlex.split(line.removeprefix("ExecStart=").replace("%i", instance))
        database = self.database.address.replace("postgresql+psycopg", "postgresql")
        env = {**os.environ, **KEYS, "AWS_ENDPOINT_URL_S3": self.store_url, "CENTRE_DATABASE": database}
        with (self.folder / f"{unit}-{instance}.log").open("ab") as log:
            self.parts[f"{unit}@{instance}"] = subprocess.Popen(
                command, env=env, stdout=log, stderr=log, cwd=ROOT
            )

    def kill(self, name: str, seconds: float) -> None:
        """As a power cut would, with all its children; started anew after so many seconds."""
        self._killed(name)
        time.sleep(seconds)
        self.start(*name.split("@"))

    def kill_database(self, seconds: float, beside: Mapping[str, str]) -> None:
        """The same, and parts beside it, which start anew before it and say these words in their logs."""
        self.database.kill()
        for name, words in beside.items():
            self._killed(name)
            self.start(*name.split("@"))
            wait_for(partial(self._has_said, name, words), f"{name} does not say that it waits")
        time.sleep(seconds)
        self.database.start()

    def _has_said(self, name: str, words: str) -> bool:
        return words in (self.folder / f"{name.replace('@', '-')}.log").read_text(encoding="utf-8")

    def _killed(self, name: str) -> None:
        end_all(self.parts[name])

    def stop(self) -> None:
        for part in self.parts.values():
            part.terminate()
        for part in self.parts.values():
            with suppress(subprocess.TimeoutExpired):
                part.wait(30)
            end_all(part)

    def died(self) -> list[str]:
        """Parts that ended by themselves."""
        return [name for name, part in self.parts.items() if part.poll() is not None]

    # --- what is in the store

    def _bucket(self) -> None:
        def made() -> bool:
            with suppress(self.s3.exceptions.BucketAlreadyOwnedByYou, self.s3.exceptions.BucketAlreadyExists):
                self.s3.create_bucket(Bucket=BUCKET)
            return True

        wait_for(made, "the store does not start")

    def stored(self) -> Iterator[tuple[str, str, bytes]]:
        """Key, take id and bytes of every finished upload."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        keys = {one["Key"] for page in pages for one in page.get("Contents", ())}
        for key in sorted(keys):
            if f"{key}.info" in keys:
                info = json.loads(self.s3.get_object(Bucket=BUCKET, Key=f"{key}.info")["Body"].read())
                if take_id := (info["MetaData"] or {}).get("take_id"):
                    yield key, take_id, self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()


def end_all(part: subprocess.Popen[bytes]) -> None:
    """With its children, which nginx would leave at their work."""
    with suppress(psutil.NoSuchProcess):
        found = psutil.Process(part.pid)
        for process in (found, *found.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
    part.wait()


def wait_for(true: Any, otherwise: str, seconds: float = UP_SECONDS) -> float:
    """Until `true()`; what does not answer counts as no. How many seconds it took."""
    began = time.monotonic()
    while True:
        with suppress(requests.RequestException, BotoCoreError, ClientError):
            if true():
                return time.monotonic() - began
        assert time.monotonic() - began < seconds, otherwise
        time.sleep(0.3)
