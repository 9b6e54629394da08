"""Servers that nobody here wrote, each as a process of its own on a free port of loopback."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Protocol

APPS = Path(__file__).with_name("apps")
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Stored:
    """What a server holds of one upload of a take."""

    take_id: str
    data: bytes
    finished: bool
    """The server itself takes it for complete."""


class Kind(Protocol):
    """How a server is started, and how its store is read."""

    name: str
    keeps_partial: bool
    """A piece that broke off is kept up to where it broke."""
    level: str
    """The level that an honest run reaches."""
    env: Mapping[str, str]
    """What its process finds in its environment, beside what is there."""

    def command(self, port: int, store: Path) -> list[str]: ...
    def stored(self, store: Path) -> list[Stored]: ...


class ResumableUpload:
    name = "resumable-upload"
    keeps_partial = False
    level = "L2"
    env = NOTHING

    def command(self, port: int, store: Path) -> list[str]:
        flags = ["--enable-downloads", "--checksum-algorithms", "sha1,sha256"]
        places = ["--upload-dir", str(store / "files"), "--db-path", str(store / "uploads.db")]
        serve = [
            sys.executable,
            "-m",
            "resumable_upload",
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ]
        return [*serve, *places, *flags]

    def stored(self, store: Path) -> list[Stored]:
        with closing(sqlite3.connect(store / "uploads.db")) as db:
            rows = db.execute("SELECT upload_id, metadata, completed FROM uploads").fetchall()
        return [
            Stored(take_id, (store / "files" / name).read_bytes(), bool(completed))
            for name, metadata, completed in rows
            # Killed in between, it has the row and no file.
            if (take_id := json.loads(metadata).get("take_id"))
            and (completed or (store / "files" / name).exists())
        ]


class TusPyServer:
    name = "tuspyserver"
    keeps_partial = True
    level = "L0"
    env = NOTHING

    def command(self, port: int, store: Path) -> list[str]:
        return _uvicorn("tuspyserver_app", port)

    def stored(self, store: Path) -> list[Stored]:
        found = []
        for path in store.glob("*.info"):
            info = json.loads(path.read_text(encoding="utf-8"))
            if take_id := info["metadata"].get("take_id"):
                data = path.with_suffix("").read_bytes()
                found.append(Stored(take_id, data, info["offset"] == info["size"]))
        return found


class Tussi:
    name = "tussi"
    keeps_partial = False
    level = "L0"
    env = NOTHING

    def command(self, port: int, store: Path) -> list[str]:
        return _uvicorn("tussi_app", port)

    def stored(self, store: Path) -> list[Stored]:
        found = []
        for folder in (store / "up", store / "done"):
            for path in folder.glob("*.meta"):
                metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
                if take_id := metadata.get("take_id"):
                    data = path.with_suffix("").read_bytes()
                    found.append(Stored(take_id, data, folder.name == "done"))
        return found


class NodeServer:
    name = "@tus/server"
    keeps_partial = True
    level = "L2"
    env = NOTHING

    def __init__(self, modules: Path) -> None:
        self._modules = modules

    def command(self, port: int, store: Path) -> list[str]:
        script = shutil.copy(APPS / "node_server.mjs", self._modules)
        return ["node", str(script), str(port), str(store)]

    def stored(self, store: Path) -> list[Stored]:
        found = []
        for path in store.glob("*.json"):
            info = json.loads(path.read_text(encoding="utf-8"))
            if take_id := info["metadata"].get("take_id"):
                data = path.with_suffix("").read_bytes()
                found.append(Stored(take_id, data, len(data) == info["size"]))
        return found


class Tusd:
    """As a centre runs it; `more` are further flags of its command line."""

    keeps_partial = True
    env = NOTHING

    def __init__(self, program: Path, *more: str) -> None:
        self._program = program
        self._more = more
        self.level = "L0" if "-disable-download" in more else "L2"
        self.name = " ".join(("tusd", *more))

    def command(self, port: int, store: Path) -> list[str]:
        place = ["-host", "127.0.0.1", "-port", str(port), "-upload-dir", str(store)]
        return [str(self._program), *place, *self._more]

    def stored(self, store: Path) -> list[Stored]:
        found = []
        for path in store.glob("*.info"):
            info = json.loads(path.read_text(encoding="utf-8"))
            if take_id := info["MetaData"].get("take_id"):
                data = path.with_suffix("").read_bytes()
                found.append(Stored(take_id, data, len(data) == info["Size"]))
        return found


def _uvicorn(app: str, port: int) -> list[str]:
    serve = [sys.executable, "-m", "uvicorn", "--app-dir", str(APPS), f"{app}:app", "--log-level", "warning"]
    return [*serve, "--host", "127.0.0.1", "--port", str(port)]


class Running:
    """A server process on `store` while the `with` block runs; may be killed and started again."""

    def __init__(self, kind: Kind, store: Path) -> None:
        self.kind = kind
        self.store = store
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/files/"

    def __enter__(self) -> Running:
        self.store.mkdir(parents=True, exist_ok=True)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        with (self.store.parent / f"{self.store.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.kind.command(self.port, self.store),
                env={**os.environ, "TUS_STORE": str(self.store), **self.kind.env},
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"{self.kind.name} ended: see {self.store}.log"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.03)
        self.kill()
        raise TimeoutError(self.kind.name)

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stored(self) -> list[Stored]:
        return self.kind.stored(self.store)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def free_pair() -> int:
    """A free port of which that of 10,000 more is free, too: SeaweedFS listens on both."""
    while True:
        port = random.randrange(12_000, 22_000)
        with socket.socket() as one, socket.socket() as other, suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10_000))
            return port
