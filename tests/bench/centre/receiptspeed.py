"""Receipts from an S3 store beside sha256sum of the same bytes from the disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tests.bench.telling import tell
from tests.tools.testservers import WEED
from tests.uploader.realservers import free_pair
from tests.uploader.s3servers import BUCKET, KEYS
from uploader.centre.accounts import Accounts
from uploader.centre.ledgerfile import open_ledger

MB = 1_000_000
SIZE = 6 * MB
"""A song of a minute, 48 kHz, 16 bit."""


@dataclass(frozen=True)
class Speed:
    """MB/s."""

    disk: float
    """sha256sum of the files."""
    receipts: dict[int, float]
    """By the number of workers, from the start of the first to the last receipt."""


@contextmanager
def seaweed(folder: Path) -> Iterator[str]:
    """An S3 store on the disk, with the bucket; its address."""
    ports = [str(free_pair()) for _ in range(4)]
    names = ("-master.port", "-volume.port", "-filer.port", "-s3.port")
    command = [str(WEED.program), "server", "-ip", "127.0.0.1", "-dir", str(folder), "-filer", "-s3"]
    command += ["-volume.max", "20", *(word for pair in zip(names, ports, strict=True) for word in pair)]
    with (folder / "weed.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **KEYS}, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{ports[-1]}"
        client, deadline = client_of(url), time.monotonic() + 90
        while True:
            try:
                client.create_bucket(Bucket=BUCKET)
                break
            except (BotoCoreError, ClientError):
                assert time.monotonic() < deadline, "the store does not start"
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(60)


def client_of(url: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=url,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        region_name=KEYS["AWS_REGION"],
    )


def receipt_speed(folder: Path, count: int) -> Speed:
    """`count` recordings, as tusd leaves them in a bucket."""
    files = folder / "files"
    files.mkdir()
    (folder / "store").mkdir()
    with seaweed(folder / "store") as url:
        client = client_of(url)
        for number in range(count):
            data = os.urandom(SIZE)
            (files / f"{number}.wav").write_bytes(data)
            info = {"ID": f"u{number}+m", "Size": SIZE, "MetaData": {"take_id": str(uuid.uuid4())}}
            client.put_object(Bucket=BUCKET, Key=f"u{number}", Body=data)
            client.put_object(Bucket=BUCKET, Key=f"u{number}.info", Body=json.dumps(info).encode())
        total = count * SIZE / MB
        names = [str(path) for path in files.iterdir()]
        began = time.perf_counter()
        subprocess.run([shutil.which("sha256sum") or "sha256sum", *names], check=True, capture_output=True)
        disk = total / (time.perf_counter() - began)
        tell(f"sha256sum: {disk:.0f} MB/s")
        found = {}
        for workers in (1, 2):
            found[workers] = total / _seconds(folder / f"{workers}.db", url, workers, count)
            tell(f"receipts, {workers} workers: {found[workers]:.0f} MB/s")
    return Speed(disk, found)


def _seconds(database: Path, url: str, workers: int, count: int) -> float:
    ledger = open_ledger(f"sqlite:///{database.as_posix()}")
    accounts = Accounts(ledger.engine)
    command = [sys.executable, "-m", "uploader.receipts", f"s3://{BUCKET}/"]
    command += ["--database", str(database), "--every", "1"]
    env = {**os.environ, **KEYS, "AWS_ENDPOINT_URL_S3": url}
    began = time.perf_counter()
    running = [subprocess.Popen(command, env=env) for _ in range(workers)]
    try:
        while sum(one.proven for one in accounts.takes().values()) < count:
            assert time.perf_counter() - began < 600, "no receipts"
            time.sleep(0.05)
        return time.perf_counter() - began
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait(30)
        ledger.engine.dispose()
