"""Whom the uploader is measured with: other clients, and servers that nobody here wrote.

tuspy from PyPI, tus-js-client and @tus/server from npm, and tusd are installed into the user's cache the
first time; what is not there is left out.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs

from tests.tools import tusd
from tests.uploader.realservers import Kind, NodeServer, ResumableUpload, Tusd, TusPyServer, Tussi

CACHE = Path(platformdirs.user_cache_dir("singing-test-station")) / "bench"
NPM = ("@tus/server@2.4.5", "@tus/file-store@2.1.1", "tus-js-client@4.3.1")


def install_peers() -> None:
    """Once; without network the peers are left out."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not (CACHE / "tuspy").exists():
        pip = [sys.executable, "-m", "pip"]
        if importlib.util.find_spec("pip") is None and shutil.which("uv"):
            pip = ["uv", "pip"]
        target = ["install", "-q", "--target", str(CACHE / "tuspy"), "tuspy==1.1.0"]
        subprocess.run([*pip, *target], stdout=sys.stderr)
    if shutil.which("npm") and not (CACHE / "node_modules").exists():
        (CACHE / "package.json").write_text('{"private": true}', encoding="utf-8")
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *NPM]
        subprocess.run(npm, cwd=CACHE, stdout=sys.stderr)
    subprocess.run([sys.executable, "-m", "tests.tools.tusd"], stdout=sys.stderr)


def kinds() -> list[Kind]:
    found: list[Kind] = [ResumableUpload(), TusPyServer(), Tussi()]
    if (CACHE / "node_modules").exists():
        found.append(NodeServer(CACHE))
    if (program := tusd.program()).exists():
        found.append(Tusd(program))
    return found
