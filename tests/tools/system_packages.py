"""Debian and Ubuntu packages that pip can't bring: only ever added, after saying so.

1. Nothing is installed that is there already, whoever brought it.
2. apt is first asked to simulate; if it would remove or replace (upgrade) any package, nothing is done.
3. Without root or a password-free sudo nothing is done either.
4. Whatever is not done is said in one sentence, with the command that a person with the rights can run.
"""

from __future__ import annotations

import ctypes.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

INSTALL = ("install", "--yes", "--no-install-recommends", "--no-remove")
REPLACES = re.compile(r"^(?:Remv (\S+)|Inst (\S+) \[)", re.MULTILINE)
"""In the output of `apt-get -s`: a removal, or an installation over a version that is there."""


@dataclass(frozen=True)
class Package:
    """A package and how to see that what it brings is there."""

    name: str
    present: Callable[[], bool]


@dataclass(frozen=True)
class Group:
    """Packages that serve one purpose together."""

    purpose: str
    packages: tuple[Package, ...]

    def missing(self) -> list[str]:
        return [package.name for package in self.packages if not package.present()]


def program(name: str, package: str = "") -> Package:
    return Package(package or name, lambda: shutil.which(name) is not None)


SOUND = Group(
    "real headsets and the virtual card",
    (Package("libportaudio2", lambda: bool(ctypes.util.find_library("portaudio"))),),
)
CARD = Group(
    "the virtual card",
    (
        program("pulseaudio"),
        program("pactl", "pulseaudio-utils"),
        Package(
            "libasound2-plugins",
            lambda: any(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")),
        ),
    ),
)
WINE = Group(
    "the tests under Wine",
    (
        program("wine"),
        program("wineserver", "wine64"),
        program("mvn", "maven"),
        Package("locales", lambda: Path("/usr/share/i18n/locales/zh_CN").is_file()),
    ),
)
"""Some 130 MB: added when `make test-windows` is called, never by another target."""
CENTRE = Group(
    "the centre of docs/centre.md",
    (
        Package("nginx-light", lambda: Path("/usr/sbin/nginx").exists()),
        Package("postgresql", lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
    ),
)
"""Debian starts both as services: added when `make test-centre` is called, never by another target."""
SOX = Group("tests that open recordings with sox", (program("sox"),))
HEAVY = (
    Group(
        "tests that open recordings with ffprobe, exiftool and mediainfo",
        (program("ffprobe", "ffmpeg"), program("exiftool", "libimage-exiftool-perl"), program("mediainfo")),
    ),
    Group(
        "tests on a strict sound card",
        (program("jackd", "jackd2"), program("sndfile-jackplay", "sndfile-tools")),
    ),
    Group(
        "tests on a disk that loses what was not synced",
        (program("cc", "gcc"), Package("libc6-dev", lambda: Path("/usr/include/dlfcn.h").exists())),
    ),
)
"""They bring dozens of packages: added where a machine exists for tests (CI is set), elsewhere only named."""


def provide_for_demo() -> None:
    """What `make demo` needs beyond Python; without it the demo goes on, on its built-in headset."""
    if sys.platform != "linux":
        return
    provide(SOUND)
    if CARD.missing() and shutil.which("pipewire-pulse"):
        # PulseAudio beside PipeWire would fight for the same socket and devices at the next login.
        print(f"Skipped: {CARD.purpose}, because this desktop's sound server is PipeWire.")
    else:
        provide(CARD)


def provide_for_tests() -> None:
    """What `make test` needs beyond `make demo`; tests that miss a program skip and say so."""
    if sys.platform != "linux":
        return
    provide_for_demo()
    provide(SOX)
    for group in HEAVY:
        if os.environ.get("CI"):
            provide(group)
        elif group.missing():
            print(f"Skipped: {group.purpose}. To have them: {by_hand(group)}")


def provide(group: Group) -> None:
    """Add what is missing, or say in one sentence why not."""
    if reason := trouble(group):
        print(f"Skipped: {group.purpose}, because {reason}. To have this: {by_hand(group)}", flush=True)


def trouble(group: Group) -> str | None:
    """Add what is missing of a group; the reason where that is not possible."""
    names = group.missing()
    if not names:
        return None
    return obstacle(names) or add(names, group.purpose)


def obstacle(names: Sequence[str]) -> str | None:
    """Why the packages must not or can't be added; None if they can."""
    if shutil.which("apt-get") is None:
        return "this system has no apt-get"
    if privilege() is None:
        return "installing system packages needs administrator rights"
    simulated = apt("--simulate", *INSTALL, *names)
    if simulated.returncode:
        print("Reading the package lists (apt-get update) ...", flush=True)
        apt("update")
        simulated = apt("--simulate", *INSTALL, *names)
    touched = replaced(simulated.stdout)
    if touched:
        return f"it would remove or replace {', '.join(touched)}"
    return "apt-get does not find the packages" if simulated.returncode else None


def replaced(simulation: str) -> list[str]:
    """Packages that a simulated installation would remove or upgrade."""
    return [removed or upgraded for removed, upgraded in REPLACES.findall(simulation)]


def add(names: Sequence[str], purpose: str) -> str | None:
    """Install; the reason if that fails."""
    print(f"Adding system packages for {purpose}: {' '.join(names)} ...", flush=True)
    done = apt(*INSTALL, *names)
    if done.returncode == 0:
        return None
    return f"apt-get failed: {' '.join(done.stderr.split()) or 'no reason given'}"


def privilege() -> tuple[str, ...] | None:
    """What to put before a command to run it as root without a question; None if that is not possible."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return ()
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return (sudo, "-n")
    return None


def apt(*arguments: str) -> subprocess.CompletedProcess[str]:
    """apt-get without questions and in English; changes only with root."""
    settings = ("env", "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive")
    options = ("-q", "-o", "DPkg::Lock::Timeout=120")
    command = (*(privilege() or ()), *settings, "apt-get", *options, *arguments)
    return subprocess.run(command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL)


def by_hand(group: Group) -> str:
    return f"sudo apt-get install --no-install-recommends {' '.join(group.missing())}"
