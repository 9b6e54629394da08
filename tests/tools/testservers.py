"""`python -m tests.tools.testservers [NAME...]`: servers for the matrix that a test may not stop to build.

tusd's own command (with its S3 store), rustus, two S3 servers and @tus/server's S3 store, each of one
version, once into the user's cache. What can't be had is named in one sentence, and its tests are skipped
with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.tools.tusd import CACHE, BuildError

SECONDS = 3600
"""rustus takes ten minutes on a busy machine."""


@dataclass(frozen=True)
class TestServer:
    name: str
    version: str
    needs: str
    """The program that makes it."""
    inside: str
    """Of its folder, what is there when it is whole."""
    command: Callable[[Path], list[str]]
    env: Callable[[Path], Mapping[str, str]] = field(default=lambda _: {})
    tag: str = ""
    """Where what is got fits only one Python."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Written into the folder before."""

    __test__ = False

    @property
    def folder(self) -> Path:
        return CACHE / f"{self.name}-{self.version}{self.tag}"

    @property
    def program(self) -> Path:
        return self.folder / self.inside

    @property
    def why_not(self) -> str:
        """One sentence where it is not there, else empty."""
        if self.program.exists():
            return ""
        return (
            f"{self.name} is not there: with {self.needs} installed, "
            f"`python -m tests.tools.testservers {self.name}` gets it once"
        )

    def get(self) -> None:
        """Raises BuildError."""
        if self.program.exists():
            return
        needed = sys.executable if self.needs == "pip" else shutil.which(self.needs)
        if needed is None:
            raise BuildError(f"{self.needs} is not installed")
        print(f"Getting {self.name} {self.version} (once) ...", flush=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        done = subprocess.run(
            [needed, *self.command(self.folder)],
            cwd=self.folder,
            env={**os.environ, **self.env(self.folder)},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
        )
        if done.returncode:
            raise BuildError(f"{self.needs} failed: {' '.join((done.stderr or done.stdout).split())[-300:]}")


EXE = ".exe" if os.name == "nt" else ""
TUSD = TestServer(
    "tusd",
    "2.9.1",
    "go",
    f"tusd{EXE}",
    lambda _: ["install", "github.com/tus/tusd/v2/cmd/tusd@v2.9.1"],
    lambda folder: {"GOBIN": str(folder), "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": ""},
)
WEED_MODULE = "github.com/seaweedfs/seaweedfs"
WEED = TestServer(
    "seaweedfs",
    "20261109",
    "go",
    f"weed{EXE}",
    lambda folder: ["build", "-mod=mod", "-o", str(folder / f"weed{EXE}"), f"{WEED_MODULE}/weed"],
    lambda _: {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off"},
    files={
        # Its own go.mod replaces this one, too; `go install` refuses such a module.
        "go.mod": f"module store\n\ngo 1.26\n\nrequire {WEED_MODULE} v0.0.0-20261109003541-7506e5f91cd6\n\n"
        "replace github.com/tyler-smith/go-bip39 => github.com/cosmos/go-bip39 v1.0.0\n"
    },
)
"""An S3 store that keeps what it has on the disk, so that it may be killed; ten minutes to build."""
RUSTUS = TestServer(
    "rustus",
    "0.5.10",
    "cargo",
    f"bin/rustus{EXE}",
    lambda folder: ["install", "--locked", "--root", str(folder), "--version", "0.5.10", "rustus"],
)
S3 = TestServer(
    "moto",
    "5.2.5",
    "pip",
    "moto/server.py",
    lambda folder: [
        *("-m", "pip", "install", "-q", "--target", str(folder)),
        *("moto[s3]==5.2.5", "flask==3.1.2", "flask-cors==6.0.1"),
    ],
    tag=f"-py{sys.version_info[0]}{sys.version_info[1]}",
)
NODE_S3 = TestServer(
    "node-s3",
    "2.0.7",
    "npm",
    "node_modules/@tus/s3-store/package.json",
    lambda _: [
        *("install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", "."),
        *("@tus/server@2.4.5", "@tus/s3-store@2.0.7"),
    ],
)
ALL = (TUSD, RUSTUS, S3, NODE_S3, WEED)


def main() -> int:
    for server in ALL:
        if sys.argv[1:] and server.name not in sys.argv[1:]:
            continue
        try:
            server.get()
        except (BuildError, subprocess.TimeoutExpired) as error:
            print(f"Skipped: tests against {server.name}, because {error}.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
