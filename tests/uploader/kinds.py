"""The servers by the name that a test's parameter has; what is not there skips with the reason."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools import tusd
from tests.uploader.npm import node_modules
from tests.uploader.realservers import Kind, NodeServer, ResumableUpload, Tusd, TusPyServer, Tussi

linux = pytest.mark.skipif(sys.platform != "linux", reason="the server runs on Linux only")
SERVERS = [
    "resumable",
    pytest.param("tuspyserver", marks=linux),
    pytest.param("tussi", marks=linux),
    pytest.param("node", marks=pytest.mark.node),
    pytest.param("tusd", marks=pytest.mark.go),
    pytest.param("tusd-without-downloads", marks=pytest.mark.go),
]


def kind(name: str, cache: pytest.Cache) -> Kind:
    """May skip."""
    kinds: dict[str, Callable[[], Kind]] = {
        "resumable": ResumableUpload,
        "tuspyserver": TusPyServer,
        "tussi": Tussi,
        "node": lambda: NodeServer(node_modules(cache)),
        "tusd": lambda: Tusd(tusd_program()),
        "tusd-without-downloads": lambda: Tusd(tusd_program(), "-disable-download"),
    }
    return kinds[name]()


def tusd_program() -> Path:
    """May skip: a build takes longer than a test may."""
    found = tusd.program()
    if not found.exists():
        pytest.skip("tusd is not there: with Go installed, `python -m tests.tools.tusd` builds it once")
    return found
