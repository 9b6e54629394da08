"""docs/centre.md as it is written, on loopback: only places, ports and programs are ours."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
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
from tests.tools.testservers import TUSD
from tests.uploader.realservers import free_port
from tests.uploader.s3servers import BUCKET, KEYS
from uploader.centre.attest import public_text

RECIPE = ROOT / "docs" / "centre"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PORTS = ("1081", "1082", "8091", "8092", "8080")
UP_SECONDS = 120.0


@dataclass
class Centre:
    """The parts by name, each with its children a group of processes; PostgreSQL beside them."""

    folder: Path
    database: PostgresServer
    store_url: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    ports: dict[str, str] = field(default_factory=lambda: {port: str(free_port()) for port in PORTS})
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self.folder / "receipts.pem").write_bytes(self.key.private_bytes(*form))
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
    def server_section(self) -> dict[str, str]:
        """What docs/centre.md gives to the stations."""
        receipts = f"{self.url}/receipts/{{upload_id}}.json"
        return {"url": f"{self.url}/files/", "receipt_url": receipts, "receipt_key": public_text(self.key)}

    def written(self, name: str) -> str:
        places = {
            "/usr/local/bin/tusd": str(TUSD.program),
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
        if name == "postgresql":
            self.database.kill()
            time.sleep(seconds)
            self.database.start()
            return
        end_all(self.parts[name])
        time.sleep(seconds)
        self.start(*name.split("@"))

    def stop(self) -> None:
        for part in self.parts.values():
            part.terminate()
        for part in self.parts.values():
            with suppress(subprocess.TimeoutExpired):
                part.wait(30)
            end_all(part)

    def restart(self) -> None:
        """As the units say (Restart=always): a board that starts without its database ends at once."""
        for name in [name for name, part in self.parts.items() if part.poll() is not None]:
            self.start(*name.split("@"))

    # --- what is in the store

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
        for process in (*found.children(recursive=True), found):
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
