"""Upload clients beside each other: `python -m tests.bench.upload_clients NAME URL FILE...`.

Each sends the files one after another and prints the seconds that took, without its own start.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import requests

from config.settings import DeliverySection, ServerSection
from uploader.queue.queue import Queue
from uploader.queue.take import FinishedTake
from uploader.send.worker import Uploader

TUS = {"Tus-Resumable": "1.0.0"}
PATCH = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
METADATA = {"filename": "take.wav", "filetype": "audio/wav"}


def ours(url: str, files: Sequence[Path], *, checksums: bool = True) -> float:
    """From the queue to L1 or L0; without reading back, as the others do."""
    with tempfile.TemporaryDirectory() as folder:
        queue = Queue.open(Path(folder) / "queue.db")
        for file in files:
            # As the station does: the capture process has just read it back.
            queue.add(FinishedTake.from_sidecar(file.with_suffix(".json")), just_read=True)
        with patch("uploader.prove.server.probe_checksum", lambda *_: True if checksums else None):
            uploader = Uploader(queue, ServerSection(url=url), DeliverySection(), lambda *_: None, None)
            uploader._server.read_back.lose()
            began = time.perf_counter()
            uploader.run_once()
            seconds = time.perf_counter() - began
        assert all(row.offset == row.size for row in queue.rows()), [str(row.error) for row in queue.rows()]
        queue.close()
    return seconds


def ours_unchecked(url: str, files: Sequence[Path]) -> float:
    return ours(url, files, checksums=False)


def tuspy(url: str, files: Sequence[Path]) -> float:
    """As its manual shows it."""
    client = importlib.import_module("tusclient.client").TusClient
    began = time.perf_counter()
    for file in files:
        client(url).uploader(str(file), metadata=METADATA).upload()
    return time.perf_counter() - began


def curl(url: str, files: Sequence[Path]) -> float:
    """The whole file in one PATCH."""
    began = time.perf_counter()
    for file in files:
        headers = {**TUS, "Upload-Length": str(file.stat().st_size)}
        headers["Upload-Metadata"] = "filename dGFrZS53YXY=,filetype YXVkaW8vd2F2"
        location = urljoin(url, requests.post(url, headers=headers).headers["Location"])
        options = [text for name, value in PATCH.items() for text in ("-H", f"{name}: {value}")]
        command = ["curl", "-sS", "-f", "-X", "PATCH", "-H", "Expect:", *options, "-T", str(file), location]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def raw(url: str, files: Sequence[Path]) -> float:
    """A socket to a sink: what the loopback gives."""
    import socket

    began = time.perf_counter()
    for file in files:
        with (
            socket.create_connection(("127.0.0.1", urlsplit(url).port or 0)) as sock,
            file.open("rb") as stream,
        ):
            sock.sendfile(stream)
            sock.shutdown(socket.SHUT_WR)
            sock.recv(1)
    return time.perf_counter() - began


CLIENTS: dict[str, Callable[[str, Sequence[Path]], float]] = {
    "ours": ours,
    "ours, no checksums": ours_unchecked,
    "tuspy": tuspy,
    "curl": curl,
    "raw socket": raw,
}

if __name__ == "__main__":
    print(json.dumps(CLIENTS[sys.argv[1]](sys.argv[2], [Path(name) for name in sys.argv[3:]])))
