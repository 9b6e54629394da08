"""For whom bundles are made."""

from __future__ import annotations

from dataclasses import dataclass

from tests.tools.portable.artifacts import LINUX_PYTHON, WINDOWS_PYTHON, Artifact
from tests.tools.portable.wheelhouse import System
from tests.tools.wheels import linux, windows

GLIBC = 28
"""The newest glibc 2.N that wheels may need: that of Debian 10, and of UOS 20, which was made of it."""


@dataclass(frozen=True)
class Platform:
    """One line of PLATFORMS."""

    name: str
    archive: str
    """Ending of the archive's name."""
    tags: tuple[str, ...]
    """Platforms of wheels as pip names them, best first."""
    machine: str
    """As markers name it: `platform_machine`."""
    magic: int
    """The machine's number in the headers of its programs: `e_machine` of ELF, `Machine` of PE."""
    python: Artifact | None
    """Python of Maven; None where there is none."""

    @property
    def windows(self) -> bool:
        return self.archive == "zip"

    def system(self, python: str) -> System:
        """For whom wheels are chosen; `python` is "3.N"."""
        return System(self.tags, python, windows(python) if self.windows else linux(python, self.machine))


def manylinux(machine: str, oldest: int) -> tuple[str, ...]:
    """Tags of wheels for glibc 2.GLIBC and older, newest first; those before 2.17 have names of their own."""
    named = ("manylinux2014", *(("manylinux2010", "manylinux1") if oldest < 17 else ()), "linux")
    numbered = (f"manylinux_2_{minor}" for minor in range(GLIBC, oldest - 1, -1))
    return tuple(f"{name}_{machine}" for name in (*numbered, *named))


PLATFORMS = {
    platform.name: platform
    for platform in (
        Platform("windows-x86_64", "zip", ("win_amd64",), "AMD64", 0x8664, WINDOWS_PYTHON),
        Platform("linux-x86_64", "tar.gz", manylinux("x86_64", 5), "x86_64", 62, LINUX_PYTHON),
        Platform("linux-arm64", "tar.gz", manylinux("aarch64", 17), "aarch64", 183, None),
    )
}
