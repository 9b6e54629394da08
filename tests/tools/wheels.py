"""`make wheels`: proof from the index that a Windows computer needs no compiler.

For each run-time dependency with all that it needs (and those of the demo), pip is asked for the locked
version as it would choose it for win_amd64 and CPython; nothing is downloaded beyond what pip must see. The
wheel that it names must be one whose hash is in requirements.lock.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from station import pythons
from tests.tools.environment import LOCK, QUIET, reason

PROJECT = "singing-test-station"
PYTHONS = tuple(f"3.{minor}" for minor in range(pythons.OLDEST[1], pythons.NEWEST[1] + 1))


class IndexUnreachableError(Exception):
    """The index does not answer, so nothing is proven either way."""


@dataclass(frozen=True)
class Wheel:
    """A wheel that pip would install on Windows."""

    file: str
    sha256: str


def windows(python: str) -> dict[str, str]:
    """The environment in which markers are evaluated: Windows on x86-64 with this CPython."""
    return {
        "sys_platform": "win32",
        "platform_system": "Windows",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "extra": "",
    }


def linux(python: str, machine: str) -> dict[str, str]:
    """The same for Linux on x86_64 or aarch64."""
    return {
        **windows(python),
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": machine,
    }


def locked(environment: Mapping[str, str]) -> dict[str, str]:
    """Name -> `name==version` of what the lock installs in an environment."""
    text = LOCK.read_text(encoding="utf-8")
    lines = (re.sub(r"\s*\\$", "", line) for line in text.splitlines() if re.match(r"[a-z0-9]", line))
    found = (Requirement(line) for line in lines)
    return {
        canonicalize_name(item.name): f"{item.name}{item.specifier}"
        for item in found
        if item.marker is None or item.marker.evaluate(dict(environment))
    }


def run_time(environment: Mapping[str, str]) -> set[str]:
    """Names of the project's dependencies and the demo's, with all that these need in an environment."""
    return closure([f"{PROJECT}[demo]"], environment) - {PROJECT}


def closure(requirements: Iterable[str], environment: Mapping[str, str]) -> set[str]:
    """Names of these packages (`name` or `name[extra]`), with all that they need in an environment."""
    found: set[tuple[str, str]] = set()
    todo = [part for line in requirements for part in _parts(Requirement(line))]
    while todo:
        name, extra = part = todo.pop()
        if part not in found:
            found.add(part)
            todo.extend(_needs(name, {**environment, "extra": extra}))
    return {name for name, _extra in found}


def _parts(needed: Requirement) -> Iterator[tuple[str, str]]:
    """(name, extra): the package itself, then each of its extras that are asked for."""
    name = canonicalize_name(needed.name)
    yield name, ""
    yield from ((name, extra) for extra in sorted(needed.extras))


def _needs(name: str, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return  # a package for Windows only, not installed here; the lock lists what it needs
    for needed in map(Requirement, lines):
        if needed.marker is None or needed.marker.evaluate(dict(environment)):
            yield from _parts(needed)


def chosen(requirements: Sequence[str], python: str) -> list[Wheel]:
    """The wheels pip would take for Windows. Raises IndexUnreachableError, LookupError."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = _ask(requirements, python, report)
        if done.returncode:
            if _ask(["pip"], python, report).returncode:
                raise IndexUnreachableError(reason(done.stderr))
            raise LookupError(reason(done.stderr))
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    return [
        Wheel(
            item["download_info"]["url"].rsplit("/", 1)[-1],
            item["download_info"]["archive_info"]["hashes"]["sha256"],
        )
        for item in found
    ]


def _ask(requirements: Sequence[str], python: str, report: Path) -> subprocess.CompletedProcess[str]:
    target = ("--target", str(report.parent), "--platform", "win_amd64", "--implementation", "cp")
    only = (
        "--only-binary=:all:",
        "--python-version",
        python,
        "--no-deps",
        "--ignore-installed",
        "--ignore-requires-python",
    )
    command = [sys.executable, "-m", "pip", "install", *QUIET, "--dry-run", *target, *only]
    return subprocess.run(
        [*command, "--report", str(report), *requirements], capture_output=True, text=True, encoding="utf-8"
    )


def prove(python: str) -> list[Wheel]:
    """The Windows wheel of every run-time package. Raises IndexUnreachableError, LookupError."""
    environment = windows(python)
    versions = locked(environment)
    wheels = chosen([versions[name] for name in sorted(run_time(environment))], python)
    lock = LOCK.read_text(encoding="utf-8")
    for wheel in wheels:
        if f"sha256:{wheel.sha256}" not in lock:
            raise LookupError(f"{wheel.file} of the index is not the one in requirements.lock")
    return wheels


def main() -> int:
    for python in PYTHONS:
        try:
            wheels = prove(python)
        except IndexUnreachableError as error:
            print(f"The package index can't be reached: {error}")
            return 4
        except LookupError as error:
            print(f"CPython {python}: {error}")
            return 1
        native = [wheel.file for wheel in wheels if not wheel.file.endswith("-any.whl")]
        print(f"CPython {python} on win_amd64: {len(wheels)} wheels, of these built for Windows:")
        print("".join(f"  {file}\n" for file in native), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
