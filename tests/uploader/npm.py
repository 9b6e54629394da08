"""The npm packages of @tus/server, installed once into pytest's cache; skips where that is not possible."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

PACKAGES = ("@tus/server@2.4.5", "@tus/file-store@2.1.1")
SECONDS = 40


def node_modules(cache: pytest.Cache) -> Path:
    """A folder whose node_modules has the packages."""
    npm = shutil.which("npm")
    if shutil.which("node") is None or npm is None:
        pytest.skip("node and npm are not installed")
    folder = cache.mkdir("node")
    with FileLock(folder / "lock"):
        if not (folder / "complete").exists():
            _install(npm, folder)
    return folder


def _install(npm: str, folder: Path) -> None:
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm needs more than {SECONDS} s")
    if done.returncode:
        pytest.skip(f"npm can't install @tus/server: {done.stderr.decode(errors='replace').strip()[-200:]}")
    (folder / "complete").touch()
