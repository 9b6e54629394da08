"""The servers by the name that a test's parameter has; what is not there skips with the reason."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools import tusd
from tests.tools.testservers import NODE_S3, RUSTUS, S3, TUSD
from tests.uploader.npm import node_modules
from tests.uploader.realservers import Kind, NodeServer, ResumableUpload, Tusd, TusPyServer, Tussi
from tests.uploader.s3servers import NodeOnS3, Rustus, Store, TusdOnS3

linux = pytest.mark.skipif(sys.platform != "linux", reason="the server runs on Linux only")
SERVERS = [
    "resumable",
    pytest.param("tuspyserver", marks=linux),
    pytest.param("tussi", marks=linux),
    pytest.param("node", marks=pytest.mark.node),
    pytest.param("tusd", marks=pytest.mark.go),
    pytest.param("tusd-without-downloads", marks=pytest.mark.go),
]
MATRIX = [
    *SERVERS,
    pytest.param("tusd-s3", marks=pytest.mark.go),
    pytest.param("node-s3", marks=pytest.mark.node),
    "rustus",
]
"""More of them, for the walk through all faults; these are not built by a test."""
NEEDS = {"tusd-s3": (TUSD, S3), "node-s3": (NODE_S3, S3), "rustus": (RUSTUS,)}


@contextmanager
def matrix_kind(name: str, cache: pytest.Cache) -> Iterator[Kind]:
    """One of MATRIX, with the store that it needs. May skip."""
    for needed in NEEDS.get(name, ()):
        if needed.why_not:
            pytest.skip(needed.why_not)
    if name == "rustus":
        yield Rustus()
    elif name in NEEDS:
        with Store() as store:
            on_s3: Kind = TusdOnS3(store) if name == "tusd-s3" else NodeOnS3(store)
            yield on_s3
    else:
        yield kind(name, cache)


def kind(name: str, cache: pytest.Cache) -> Kind:
    """One of SERVERS. May skip."""
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
