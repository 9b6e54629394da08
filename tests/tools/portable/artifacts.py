"""Files from Maven, each by its SHA-256, kept in the user's cache.

The ordinary client `mvn` fetches them, so mirrors, proxies and certificates are those of its own settings.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from tests.tools.environment import SetupError, reason

CACHE = Path(platformdirs.user_cache_dir("singing-test-station"))
SECONDS = 600
"""More than that is not waited for; a first call of mvn fetches its own plugin, too."""


class UnreachableError(SetupError):
    """What is needed can't be had here and now: no rights, no network, another system. Nothing is wrong."""


@dataclass(frozen=True)
class Artifact:
    """A jar of Maven: `group:name:version:jar:classifier`, and the digest that it must have."""

    coordinates: str
    sha256: str

    @property
    def file(self) -> str:
        _group, name, version, kind, classifier = self.coordinates.split(":")
        return f"{name}-{version}-{classifier}.{kind}"


PYTHON_VERSION = "3.13.5"
WINDOWS_PYTHON = Artifact(
    "org.bytedeco:cpython:3.13.5-1.5.12:jar:windows-x86_64",
    "cfe5502ffa7ea369be707b6d88bf68344732a7800450665080fb4267c01bfeae",
)
LINUX_PYTHON = Artifact(
    "org.bytedeco:cpython:3.13.5-1.5.12:jar:linux-x86_64",
    "50ad91aa0baa57f0235bb666b87d8bf2a44e215d28c250de1030502906af143b",
)
WINDOWS_RUNTIME = Artifact(
    "org.bytedeco:javacpp:1.5.12:jar:windows-x86_64",
    "282ac3f7a9296fa1184af490a1e56386e511775d41a675967d33746afc72103d",
)
"""Microsoft's C and C++ runtime, which Python and the wheels need and Wine has only in part."""


def fetch(artifact: Artifact, cache: Path = CACHE / "maven") -> Path:
    """The artifact's file, fetched once. Raises UnreachableError; SetupError if it is another file."""
    target = cache / artifact.file
    if target.is_file() and digest(target) == artifact.sha256:
        return target
    mvn = shutil.which("mvn")
    if mvn is None:
        raise UnreachableError("Maven (mvn) is not installed.")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        _copy(mvn, artifact, folder)
        found = Path(folder) / artifact.file
        if not found.is_file() or digest(found) != artifact.sha256:
            raise SetupError(f"What Maven has as {artifact.coordinates} is not the file that is pinned here.")
        found.replace(target)
    return target


def _copy(mvn: str, artifact: Artifact, folder: str) -> None:
    what = (f"-Dartifact={artifact.coordinates}", f"-DoutputDirectory={folder}")
    command = [mvn, "-q", "-B", "dependency:copy", *what]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreachableError(f"Maven needs more than {SECONDS} s for {artifact.file}.") from error
    if done.returncode:
        told = reason(done.stdout.replace("[ERROR]", "error:") + done.stderr)
        raise UnreachableError(f"Maven can't fetch {artifact.coordinates}: {told[:300]}")


def digest(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
