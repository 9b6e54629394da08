"""Faults of computer, network and material by the real command: exactly its check fails, with its advice."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import psutil
import pytest

from station.checks.catalogue import CHECKS
from station.checks.check import Group, Outcome
from station.checks.computer import restart
from tests.station.checks.found import MACHINE, by_command, failed
from tests.uploader.realservers import ResumableUpload, Running, free_port
from tests.uploader.tus.test_tls import certificate, secure
from tests.uploader.tusserver import Answer, Request, TusServer

QUICK = ",".join(
    check.id
    for check in CHECKS
    if check.group is not Group.SOUND and check.id not in MACHINE | {"disk_speed"}
)
Env = dict[str, str]
PAGE = Answer(200, {"Content-Type": "text/html"}, b"<html>Please log in</html>", tus=False)


def large(request: Request) -> Answer | None:
    return Answer(413, tus=False) if len(request.body) > 1000 else None


def nothing(request: Request) -> Answer:
    return Answer(404, tus=False)


def locked(request: Request) -> Answer | None:
    return Answer(401) if request.method == "POST" else None


@contextmanager
def answering(rule: Callable[[Request], Answer | None]) -> Iterator[Env]:
    with TusServer(rule) as server:
        yield {"STATION_SERVER__URL": server.url}


@contextmanager
def expired(folder: Path) -> Iterator[Env]:
    server, pem = TusServer(), certificate(folder, valid=-datetime.timedelta(days=1))
    url = secure(server, pem)
    with server:
        yield {"STATION_SERVER__URL": url, "STATION_SERVER__CA_FILE": str(pem)}


@contextmanager
def two_hours_late() -> Iterator[Env]:
    late = formatdate(time.time() - 7200, usegmt=True)
    with pytest.MonkeyPatch.context() as patch, TusServer() as server:
        patch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda *_: late)
        yield {"STATION_SERVER__URL": server.url}


@contextmanager
def down() -> Iterator[Env]:
    yield {"STATION_SERVER__URL": f"http://127.0.0.1:{free_port()}/files/"}


@contextmanager
def no_token() -> Iterator[Env]:
    with TusServer() as server:
        yield {"STATION_SERVER__URL": server.url, "STATION_SERVER__TOKEN_ENV": "NOT_SET_ANYWHERE"}


NETWORK: dict[str, tuple[Callable[[Path], AbstractContextManager[Env]], str, str]] = {
    "server down": (lambda _: down(), "connection", "Check the cable"),
    "login page": (lambda _: answering(lambda request: PAGE), "login_page", "browser"),
    "401": (lambda _: answering(locked), "authorisation", "token"),
    "no token": (lambda _: no_token(), "authorisation", "set the variable"),
    "expired certificate": (expired, "certificate", "new certificate"),
    "wrong clock": (lambda _: two_hours_late(), "clock", "time automatically"),
    "413": (lambda _: answering(large), "rehearsal", "technician"),
    "no upload server": (lambda _: answering(nothing), "server", "[server] url"),
}


@pytest.mark.sampled(8, fewest=1)
@pytest.mark.parametrize("name", NETWORK)
def test_faults_of_the_network(name: str, home: Path, tmp_path: Path) -> None:
    make, wrong, advice = NETWORK[name]
    with make(tmp_path) as env:
        code, found = by_command(home / "station.toml", "--only", QUICK, env=env)
    assert failed(found) == {wrong}
    assert advice in str(found[wrong].todo)
    assert code == 1


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Env]:
    with Running(ResumableUpload(), tmp_path / "server") as running:
        yield {"STATION_SERVER__URL": running.url}


@pytest.mark.costly
@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize(
    ("file", "text", "wrong"),
    [("kit/kit.toml", "id = 3", "kit"), ("roster.csv", "学号\n0107\n0107\n", "roster")],
)
def test_faults_of_the_material(file: str, text: str, wrong: str, home: Path, server: Env) -> None:
    (home / file).write_text(text, encoding="utf-8")
    code, found = by_command(home / "station.toml", "--only", QUICK, env=server)
    assert failed(found) == {wrong}
    assert code == 1


@pytest.mark.costly
@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="mounting a small disk needs root on Linux"
)
def test_a_small_disk(home: Path, server: Env, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", folder], check=False).returncode:
        pytest.skip("this machine does not let root mount")
    try:
        env = {**server, "STATION_DATA__DIR": str(folder / "data")}
        code, found = by_command(home / "station.toml", "--only", QUICK, env=env)
    finally:
        subprocess.run(["umount", folder], check=True)
    beside = found.pop("privacy")
    assert "can read the roster roster.csv" in str(beside.what), "it is not beside the recordings"
    assert failed(found) == {"disk_space"}
    assert code == 1


@pytest.mark.costly
def test_a_slow_disk(home: Path, server: Env, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, time\nsync = os.fsync\n"
        "os.fsync = lambda file: (time.sleep(1.6 * (os.fstat(file).st_size == 96000)), sync(file))[1]\n",
        encoding="utf-8",
    )
    env = {**server, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path.cwd())])}
    only = "disk_space,disk_speed,second_volume,kit,roster"
    code, found = by_command(home / "station.toml", "--only", only, env=env)
    assert failed(found) == {"disk_speed"}
    assert code == 1


@pytest.mark.costly
def test_a_data_folder_that_was_set_back(home: Path, server: Env, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a restart that took away what was written before it."""
    config, data = home / "station.toml", home / "data"
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    _, found = by_command(config, "--only", "restart", env=server)
    assert found["restart"].outcome is Outcome.SKIPPED
    before = psutil.boot_time() - 60
    for path in restart.memory_files(data):
        if path.exists():
            memory = json.loads(path.read_text(encoding="utf-8"))
            path.write_text(json.dumps({**memory, "at": before}), encoding="utf-8")
    (data / restart.TOKEN).unlink()
    code, found = by_command(config, "--only", QUICK, env=server)
    assert failed(found) == {"restart"}
    assert code == 1
    assert "restore card" in str(found["restart"].todo)
