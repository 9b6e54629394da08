"""Wine with Windows' Python and the locked packages in it: made once, kept in the user's cache.

1. Two folders: `prefix-…` is what Wine calls a Windows computer, `python-…` the interpreter with the wheels.
   Each is named by a digest of what it is made from, and gets its name when it is whole.
2. Wine gets a home of its own there: nothing is written into the user's.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.tools.environment import SetupError, reason
from tests.tools.portable import artifacts, folder, forwarding, pe
from tests.tools.portable.artifacts import CACHE, WINDOWS_PYTHON, WINDOWS_RUNTIME, UnreachableError
from tests.tools.portable.wheelhouse import WINDOWS, wanted, wheels
from tests.tools.system_packages import WINE, by_hand, trouble
from tests.tools.wine.session import Session, environment

SITE_CUSTOMIZE = Path(__file__).with_name("sitecustomize.py")
BOOT_SECONDS = 300
WARM = (
    "numpy", "soundfile", "soxr", "sounddevice", "requests", "pydantic_settings", "textual.app", "psutil",
    "cryptography.x509", "pytest", "_pytest.pytester", "xdist", "sqlite3", "asyncio", "ssl", "uvicorn",
)  # fmt: skip
KEPT = 2
"""Folders of one kind: the present one, and the one before for who goes back to it."""


@dataclass(frozen=True)
class Machine:
    """What steps run on."""

    prefix: Path
    python: Path
    home: Path

    def session(self, **variables: str) -> Session:
        """One start of this computer, with variables for all that runs in it."""
        return Session(self.prefix, self.python, environment(self.prefix, self.home, variables))


def prepare(cache: Path = CACHE / "wine") -> Machine:
    """Make what is missing. Raises UnreachableError with the reason where that can't be, SetupError."""
    if why := trouble(WINE):
        raise UnreachableError(f"{why}. To have them: {by_hand(WINE)}")
    cache.mkdir(parents=True, exist_ok=True)
    home = cache / "home"
    home.mkdir(exist_ok=True)
    prefix = made(cache, "prefix", _prefix_inputs(), lambda target: _boot(target, home))
    python = made(cache, "python", _python_inputs(), lambda target: _lay_out(target, prefix, home))
    return Machine(prefix, python, home)


def made(cache: Path, kind: str, inputs: bytes, make: Callable[[Path], None]) -> Path:
    """The folder made from these inputs; `make` fills it where it is not there yet."""
    target = cache / f"{kind}-{hashlib.sha256(inputs).hexdigest()[:12]}"
    if not target.is_dir():
        print(f"Making {target.name} (once) ...", flush=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="new-") as making:
            make(Path(making) / kind)
            (Path(making) / kind).replace(target)
    target.touch()
    older = sorted(cache.glob(f"{kind}-*"), key=lambda found: found.stat().st_mtime)[:-KEPT]
    for found in older:
        shutil.rmtree(found, ignore_errors=True)
    return target


def _prefix_inputs() -> bytes:
    version = subprocess.run(["wine", "--version"], capture_output=True, check=True).stdout
    return version + Path(__file__).read_bytes()


def _python_inputs() -> bytes:
    """The lock, Maven's digests, and the sources that put them together."""
    pinned = f"{WINDOWS_PYTHON.sha256} {WINDOWS_RUNTIME.sha256} {wanted(WINDOWS, tests=True)}"
    sources = (SITE_CUSTOMIZE, Path(__file__), *map(_source, (artifacts, folder, forwarding, pe)))
    return pinned.encode() + b"".join(source.read_bytes() for source in sources)


def _source(module: object) -> Path:
    return Path(str(getattr(module, "__file__", "")))


def _boot(prefix: Path, home: Path) -> None:
    """What Wine does at its first start, and the version of Windows that it claims to be."""
    prefix.mkdir(parents=True)
    with Session(prefix, prefix, environment(prefix, home, {})) as session:
        for command in (["wineboot", "-i"], ["winecfg", "/v", "win10"]):
            done = session.quietly(command, BOOT_SECONDS)
            if done:
                raise SetupError(f"Wine's {command[0]} failed with {done}.")


def _lay_out(target: Path, prefix: Path, home: Path) -> None:
    folder.lay_out(target, wheels(WINDOWS, tests=True))
    (target / "bcryptprimitives.dll").write_bytes(
        pe.forwarder(
            "bcryptprimitives.dll", "advapi32", ["ProcessPrng"], {"ProcessPrng": "SystemFunction036"}
        )
    )
    shutil.copy(SITE_CUSTOMIZE, target / "Lib" / "site-packages")
    with Session(prefix, target, environment(prefix, home, {})) as session:
        # Compiles what is imported: otherwise the first step would seem to hang.
        done = session.python("-c", f"import {', '.join(WARM)}", seconds=BOOT_SECONDS)
    if done.returncode:
        raise SetupError(f"Windows' Python does not run under Wine: {reason(done.stderr)}")
