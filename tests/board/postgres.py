"""Debian's PostgreSQL, a cluster of our own on loopback: started, killed, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if os.name == "posix" else []
"""Wine shows Windows the folders of Debian, too, but does not run what is in them."""
START_SECONDS = 60.0


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": 65534, "group": 65534} if sys.platform != "win32" and os.geteuid() == 0 else {}


class PostgresServer:
    """Runs while the `with` block does. `lasting`: what it committed is on the disk, as on a real server."""

    def __init__(self, *, lasting: bool = False) -> None:
        self._bin = POSTGRES[-1].parent
        self._folder = Path(tempfile.mkdtemp(prefix="board-pg-"))
        self._folder.chmod(0o777)
        self._lasting = lasting
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"postgresql+psycopg://board@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> PostgresServer:
        options = ["-U", "board", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C", "-D"]
        made = [str(self._bin / "initdb"), *options, str(self._folder / "data")]
        subprocess.run(made, check=True, capture_output=True, cwd=self._folder, **unprivileged())
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Returns when it answers; after a kill the children of the dead one may take a moment to leave."""
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < deadline, "PostgreSQL does not start"
            if self.process is None or self.process.poll() is not None:
                self.process = self._begun()
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def _begun(self) -> subprocess.Popen[bytes]:
        options = f"-p {self._port} -h 127.0.0.1 -c fsync={'on' if self._lasting else 'off'} -k".split()
        return subprocess.Popen(
            [str(self._bin / "postgres"), "-D", str(self._folder / "data"), *options, str(self._folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **unprivileged(),
        )

    def _answers(self) -> bool:
        engine = create_engine(self.address)
        try:
            with engine.connect() as db:
                db.execute(text("SELECT 1"))
        except OperationalError:  # not up yet
            return False
        finally:
            engine.dispose()
        return self.process is not None and self.process.poll() is None
