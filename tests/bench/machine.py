"""What was measured where, and loads for it."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil


def description(packages: Sequence[str], programs: Sequence[str]) -> str:
    """Date, processor, system, versions; nothing that names the computer."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = psutil.virtual_memory().total / 2**30
    parts = [
        f"{date.today():%Y-%m-%d}",  # noqa: DTZ011 - the reader's day
        f"{psutil.cpu_count()} cores ({model}), {memory:.0f} GB",
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in packages),
        *filter(None, map(tool, programs)),
    ]
    return "; ".join(parts)


def tool(name: str) -> str:
    """Name and version of a program, empty where it is missing."""
    if shutil.which(name) is None:
        return ""
    option = "-version" if name == "ffmpeg" else "--version"
    done = subprocess.run([name, option], capture_output=True)
    said = (done.stdout or done.stderr).decode("utf-8", "replace").split()
    number = next((word.strip("v,") for word in said if any(letter.isdigit() for letter in word)), "?")
    return f"{name} {number}"


@contextmanager
def hogs(count: int) -> Iterator[None]:
    """`count` processes that never rest."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()
