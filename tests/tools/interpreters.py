"""The Pythons of this machine: one of each supported minor version, the newest patch of it.

They are looked for as given by hand (PYTHONS="python3.12 /opt/python/bin/python3"), as python3.12 and so on
in the folders of PATH, among those of pyenv, and on Windows with the launcher py. What is not there is
fetched from Maven once, into the user's cache, where Maven has it.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from station import pythons
from tests.tools.environment import ROOT, SetupError
from tests.tools.portable.artifacts import CACHE, Artifact, fetch

Version = tuple[int, int, int]
SUPPORTED = tuple((3, minor) for minor in range(pythons.OLDEST[1], pythons.NEWEST[1] + 1))
PROBE = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from station import pythons
this = pythons.this()
print(json.dumps([sys.version_info[:3], sys.version_info[3], pythons.refusal(*this)]))
"""
SECONDS = 30
"""An interpreter that does not answer in this time is none."""
FETCHED = {
    (3, 12): Artifact(
        "org.bytedeco:cpython:3.12.1-1.5.10:jar:linux-x86_64",
        "a135fcf4dc01adebf7ea439252276fc3196db80f7e0dd3da0b61f1ec489b68bd",
    ),
    (3, 13): Artifact(
        "org.bytedeco:cpython:3.13.5-1.5.12:jar:linux-x86_64",
        "50ad91aa0baa57f0235bb666b87d8bf2a44e215d28c250de1030502906af143b",
    ),
    (3, 14): Artifact(
        "org.bytedeco:cpython:3.14.3-1.5.13:jar:linux-x86_64",
        "eb5f1a6fe2dc498ac18927189a37f28a47b0ba06ae6bd85112eff023fe2eb46f",
    ),
}


@dataclass(frozen=True)
class Python:
    """An interpreter that the station runs on."""

    program: Path
    version: Version

    @property
    def minor(self) -> tuple[int, int]:
        return self.version[:2]

    def __str__(self) -> str:
        return ".".join(map(str, self.version))


def found() -> dict[tuple[int, int], Python]:
    """Minor version -> its newest patch on this machine; of equal ones the first that was looked at."""
    best: dict[tuple[int, int], Python] = {}
    for program in dict.fromkeys(candidates()):
        python = probed(program)
        if python and (python.minor not in best or best[python.minor].version < python.version):
            best[python.minor] = python
    return best


def candidates() -> Iterator[Path]:
    """Programs that may be a Python; some may not exist or not start."""
    for given in shlex.split(os.environ.get("PYTHONS", ""), posix=os.name != "nt"):
        yield Path(given) if os.sep in given else _on_path(given)
    names = [f"python{pythons.dotted(minor)}" for minor in SUPPORTED]
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield from (Path(folder) / name for name in names if os.name != "nt")
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob("versions/3.*/bin/python3"))
    yield from sorted(root.glob("pyenv-win/versions/3.*/python.exe"))
    if os.name == "nt":
        yield from _of_launcher()


def _on_path(name: str) -> Path:
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return next((Path(folder) / name for folder in folders if (Path(folder) / name).exists()), Path(name))


def _of_launcher() -> Iterator[Path]:
    for minor in SUPPORTED:
        try:
            command = ["py", f"-{pythons.dotted(minor)}", "-c", "import sys; print(sys.executable)"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            yield Path(done.stdout.strip())


def probed(program: Path) -> Python | None:
    """What the program says of itself; None for anything but a released Python that the station runs on."""
    try:
        done = subprocess.run([program, "-I", "-c", PROBE], capture_output=True, text=True, timeout=SECONDS)
        version, level, refusal = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    if refusal or level != "final":
        return None
    major, minor, patch = version
    return Python(program, (major, minor, patch))


def fetched(minor: tuple[int, int]) -> Python:
    """A Python of this minor version from Maven. Raises SetupError where there is none for this computer."""
    artifact = FETCHED.get(minor)
    if artifact is None or (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise SetupError("Maven has none for this computer")
    version = artifact.coordinates.split(":")[2]
    folder = CACHE / f"python-{version}"
    if new := not folder.is_dir():
        print(f"Fetching Python {version} with Maven (once; 27 MB) ...", flush=True)
        unpack(fetch(artifact), folder, f"org/bytedeco/cpython/{artifact.coordinates.split(':')[4]}/")
    python = probed(folder / "bin" / f"python{pythons.dotted(minor)}")
    if python is None:
        raise SetupError(f"the Python that Maven has for {artifact.coordinates} does not start here")
    return compiled(python) if new else python


def unpack(jar: Path, target: Path, inside: str) -> None:
    """The files below a folder of the archive, as a new folder; whole or not at all."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, zipfile.ZipFile(jar) as archive:
        archive.extractall(folder, (name for name in archive.namelist() if name.startswith(inside)))
        made = Path(folder) / inside
        for program in (made / "bin").iterdir():
            program.chmod(0o755)
        made.replace(target)


def compiled(python: Python) -> Python:
    """Bytecode beside the library, as any installed Python has it: without, each start takes seconds."""
    library = python.program.parents[1] / "lib" / python.program.name
    subprocess.run([python.program, "-m", "compileall", "-q", "-x", "/test/", library], capture_output=True)
    return python


def missing(there: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The supported minor versions that are not there."""
    return [minor for minor in SUPPORTED if minor not in set(there)]
