"""Makes a bundle: folder, list of files, archive."""

from __future__ import annotations

import hashlib
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from station.release import LIST, digests, listing
from tests.tools.bundle import archive, bytecode, interpreter, launchers, licences, packages, startpage
from tests.tools.bundle.platforms import Platform
from tests.tools.environment import ROOT, SetupError
from tests.tools.portable.artifacts import digest

LIMIT_MB = 120
"""What a school's line and a small stick can take."""


@dataclass(frozen=True)
class Bundle:
    """What was made."""

    file: Path
    sha256: str
    release: str
    files: int
    silent: tuple[str, ...]
    """Packages that bring no text of their licence."""
    compiled: bool

    @property
    def megabytes(self) -> float:
        return self.file.stat().st_size / 1e6


def project_version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def make(platform: Platform, given: Path | None, out: Path) -> Bundle:
    """Write the archive into `out`. Raises SetupError."""
    name = f"singing-test-station-{project_version()}-{platform.name}"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as work:
        folder = Path(work) / name
        folder.mkdir()
        made = _fill(platform, given, folder)
        packed = Path(work) / f"{name}.{platform.archive}"
        archive.write(folder, packed, archive.moment(), runs)
        size = packed.stat().st_size / 1e6
        if size > LIMIT_MB:
            raise SetupError(f"The archive has {size:.0f} MB; more than {LIMIT_MB} MB are not handed out.")
        target = packed.replace(out / packed.name)
    return Bundle(target, digest(target), *made)


def _fill(platform: Platform, given: Path | None, folder: Path) -> tuple[str, int, tuple[str, ...], bool]:
    """Everything into the folder: release, number of files, packages without a licence, whether compiled."""
    version = interpreter.put(platform, given, folder)
    wheels = packages.put(platform.system(version), folder)
    print(packages.told(wheels, platform.name), flush=True)
    silent = licences.put(folder)
    compiled = bytecode.compile_all(platform, version, folder)
    interpreter.close(platform, version, folder)
    launchers.put(platform.windows, version, folder)
    startpage.put(platform.windows, platform.name, project_version(), folder)
    files = digests(folder)
    content = listing(files)
    (folder / LIST).write_bytes(content)
    return hashlib.sha256(content).hexdigest(), len(files), tuple(silent), compiled


def runs(name: str) -> bool:
    """Whether a file of the bundle is a program."""
    started = name == "station" or name.endswith((".sh", ".desktop"))
    return name.startswith(f"{interpreter.FOLDER}/bin/python") or ("/" not in name and started)
