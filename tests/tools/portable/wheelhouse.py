"""The wheels of requirements.lock for another system, each checked against the lock's hashes."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tools.environment import LOCK, QUIET, SetupError, reason
from tests.tools.portable.artifacts import CACHE, UnreachableError
from tests.tools.wheels import closure, run_time, windows

PIP = (sys.executable, "-m", "pip", "download", *QUIET)
FOR_TESTS = frozenset(
    (
        *("pytest", "pytest-timeout", "pytest-xdist", "babel", "packaging", "hypothesis"),
        *("starlette", "uvicorn", "python-multipart", "sqlalchemy", "argon2-cffi", "boto3"),
        *("psycopg", "psycopg-binary"),
    )
)
"""What the tests import beside the product."""


@dataclass(frozen=True)
class System:
    """For whom the wheels are: platforms as pip names them, best first; what markers are evaluated with."""

    platforms: tuple[str, ...]
    python: str
    environment: Mapping[str, str]


WINDOWS = System(("win_amd64",), "3.13", windows("3.13"))


def blocks(environment: Mapping[str, str]) -> dict[str, str]:
    """Name -> `name==version` with its hashes, of what the lock installs in an environment."""
    found: dict[str, str] = {}
    pattern = re.compile(r"^([a-z0-9][^\\\n]*?) *\\\n((?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE)
    for line, hashes in pattern.findall(LOCK.read_text(encoding="utf-8")):
        item = Requirement(line)
        if item.marker is None or item.marker.evaluate(dict(environment)):
            found[canonicalize_name(item.name)] = f"{item.name}{item.specifier} \\\n{hashes}"
    return found


def wanted(system: System, tests: bool = False) -> str:
    """A requirements file of the product's packages (and those of its tests), without markers."""
    environment = system.environment
    there = blocks(environment)
    names = run_time(environment)
    if tests:
        names |= closure(FOR_TESTS, environment)
    return "".join(there[name] for name in sorted(names) if name in there)


def wheels(system: System, tests: bool = False, cache: Path = CACHE / "wheels") -> list[Path]:
    """The wheel files, downloaded once per set of requirements. Raises SetupError."""
    text = wanted(system, tests)
    inputs = f"{system.platforms} {system.python}\n{text}"
    folder = cache / hashlib.sha256(inputs.encode()).hexdigest()[:16]
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as making:
            _download(system, text, Path(making))
            (Path(making) / "wheels").replace(folder)
    return sorted(folder.glob("*.whl"))


def _download(system: System, text: str, folder: Path) -> None:
    requirements = folder / "requirements.txt"
    requirements.write_text(text, encoding="utf-8")
    what = (*_options(system), "-d", str(folder / "wheels"), "-r", str(requirements))
    done = _pip(*what)
    if done.returncode:
        told = f"The wheels for {system.platforms[0]} can't be downloaded: {reason(done.stderr)}"
        # An index that has nothing at all for us is one that can't be reached.
        answers = _pip("--no-deps", "--no-cache-dir", "-d", str(folder), "pip").returncode == 0
        raise SetupError(told) if answers else UnreachableError(told)


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PIP, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )


def _options(system: System) -> Sequence[str]:
    platforms = (option for name in system.platforms for option in ("--platform", name))
    python = ("--python-version", system.python, "--implementation", "cp")
    return ("--require-hashes", "--no-deps", "--only-binary=:all:", *platforms, *python)
