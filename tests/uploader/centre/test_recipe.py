"""docs/centre.md as it is written, on loopback: only places and programs are ours."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from board.boardfile import BoardSettings
from board.expected import ExpectedStation
from board.judge.district import judged_rows
from board.store.engine import open_board
from board.web.application import Stores
from config.settings import DeliverySection, ServerSection
from config.status.record import Pupils, TakeCounts
from tests.board.visitor import Visitor
from tests.config.status.samples import status
from tests.tools.environment import ROOT
from tests.tools.testservers import S3, TUSD
from tests.uploader.conftest import QUICK, TIMING
from tests.uploader.realservers import free_port
from tests.uploader.s3servers import KEYS, Store, TusdOnS3
from tests.uploader.takes import make_take
from uploader.centre.accounts import Accounts
from uploader.centre.attest import public_text
from uploader.prove.proof import send_again
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State
from uploader.queue.take import FinishedTake
from uploader.send.worker import Uploader

RECIPE = ROOT / "docs" / "centre"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
STATIONS = [f"310105-{number:03}-A" for number in range(20)]
TAKES = 5
PATIENCE = 30
"""Seconds without a receipt, after which the centre looks into its store for an upload."""
SECONDS = 420
pytestmark = [
    pytest.mark.long,
    pytest.mark.go,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="the page is for a Linux server"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: nginx-light)"),
]


@dataclass
class Centre:
    """The parts by name, each a process."""

    folder: Path
    env: dict[str, str]
    places: dict[str, str]
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def written(self, name: str) -> str:
        text = (RECIPE / name).read_text(encoding="utf-8")
        for place, ours in self.places.items():
            text = text.replace(place, ours)
        return text

    def start(self, unit: str, instance: str = "") -> None:
        """A unit by its ExecStart; nginx by the line of its file."""
        if unit == "nginx":
            command = [str(NGINX), "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]
        else:
            lines = self.written(f"{unit}.service").splitlines()
            line = next(line for line in lines if line.startswith("ExecStart="))
            command = shlex.split(line.removeprefix("ExecStart=").replace("%i", instance))
        with (self.folder / f"{unit}-{instance}.log").open("ab") as log:
            self.parts[f"{unit}@{instance}"] = subprocess.Popen(
                command, env=self.env, stdout=log, stderr=log, cwd=ROOT
            )

    def kill(self, name: str) -> None:
        """As a power cut would, and start it anew after a while."""
        self.parts[name].kill()
        self.parts[name].wait()
        time.sleep(3)
        self.start(*name.split("@"))

    def stop(self) -> None:
        for part in self.parts.values():
            part.terminate()
        for part in self.parts.values():
            part.wait(60)


@pytest.fixture
def centre(tmp_path: Path, postgres: str) -> Iterator[tuple[Centre, Store, Ed25519PrivateKey]]:
    for needed in (TUSD, S3):
        if needed.why_not:
            pytest.skip(needed.why_not)
    key = Ed25519PrivateKey.generate()
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "receipts.pem").write_bytes(key.private_bytes(*form))
    with Store() as s3:
        ports = {port: str(free_port()) for port in ("1081", "1082", "8091", "8092", "8080")}
        places = {
            "/usr/local/bin/tusd": str(TUSD.program),
            "/opt/centre/bin/python": sys.executable,
            "https://store.example": s3.url,
            "/etc/centre": str(tmp_path),
            "/srv/centre": str(tmp_path),
            "--every 20": "--every 2",
            "https = true": "https = false",
            **ports,
        }
        database = postgres.replace("postgresql+psycopg", "postgresql")
        env = {**os.environ, **KEYS, "AWS_ENDPOINT_URL_S3": s3.url, "CENTRE_DATABASE": database}
        found = Centre(tmp_path, env, places)
        (tmp_path / "nginx.conf").write_text(found.written("nginx.conf"), encoding="utf-8")
        board = found.written("board-8091.toml")
        for port in (ports["8091"], ports["8092"]):
            text = board.replace(ports["8091"], port)
            (tmp_path / f"board-{port}.toml").write_text(text, encoding="utf-8")
        open_board(postgres).dispose()
        try:
            for port in ("1081", "1082"):
                found.start("tusd", ports[port])
            for port in ("8091", "8092"):
                found.start("board", ports[port])
            for number in ("1", "2"):
                found.start("receipts", number)
            found.start("nginx")
            yield found, s3, key
        finally:
            found.stop()


def deliver(
    station: str, folder: Path, url: str, key: Ed25519PrivateKey, s3: Store, until: float
) -> list[ProofLevel]:
    """One station's takes, until all have receipts; with what the page says of an upload that tusd forgot."""
    sent_at: dict[str, float] = {}
    queue = Queue.open(folder / "station.db")
    for number in range(TAKES):
        sidecar = make_take(folder / "takes", number + 1, 60_044)
        facts = {**json.loads(sidecar.read_text(encoding="utf-8")), "station": station}
        sidecar.write_text(json.dumps(facts), encoding="utf-8")
        queue.add(FinishedTake.from_sidecar(sidecar))
    server = {"url": f"{url}/files/", "receipt_key": public_text(key)}
    server["receipt_url"] = f"{url}/receipts/{{upload_id}}.json"
    section, how = ServerSection.model_validate(server), DeliverySection()
    try:
        while time.monotonic() < until and {row.verify_level for row in queue.rows()} != {ProofLevel.L3}:
            queue.retry()
            uploader = Uploader(queue, section, how, lambda *_: None, None, timing=TIMING, retry_times=QUICK)
            uploader.run_once()
            uploader.stop(5)
            for row in queue.rows():
                if row.state is not State.SENT or row.upload_url is None:
                    continue
                waits = time.monotonic() - sent_at.setdefault(row.upload_url, time.monotonic())
                if waits > PATIENCE and not is_stored(s3, row.upload_url):
                    send_again(queue, row, "the centre does not have it")
        return [row.verify_level or ProofLevel.L0 for row in queue.rows()]
    finally:
        queue.close()


def is_stored(s3: Store, upload_url: str) -> bool:
    """Whether the object of an upload is in the store, as the centre looks it up."""
    return unquote(upload_url.rpartition("/")[2]).partition("+")[0] in s3.keys()  # noqa: SIM118 - a method


def up(url: str) -> None:
    deadline = time.monotonic() + 90
    while True:
        try:
            if requests.get(f"{url}/health", timeout=5).ok:
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < deadline, "no board answers through nginx"
        time.sleep(0.3)


def test_a_part_of_each_kind_is_killed_and_every_take_is_there_once_with_a_receipt(
    centre: tuple[Centre, Store, Ed25519PrivateKey], tmp_path: Path, postgres: str
) -> None:
    parts, s3, key = centre
    url = f"http://127.0.0.1:{parts.places['8080']}"
    up(url)
    until = time.monotonic() + SECONDS
    levels: dict[str, list[ProofLevel]] = {}

    def one(station: str) -> None:
        levels[station] = deliver(station, tmp_path / station, url, key, s3, until)

    threads = [threading.Thread(target=one, args=(station,)) for station in STATIONS]
    for thread in threads:
        thread.start()
    while len(s3.keys()) < len(STATIONS) * TAKES and any(one.is_alive() for one in threads):
        assert time.monotonic() < until
        time.sleep(0.5)
    for name in (f"tusd@{parts.places['1081']}", "receipts@1", f"board@{parts.places['8091']}"):
        parts.kill(name)
    for thread in threads:
        thread.join()
    assert levels == {station: [ProofLevel.L3] * TAKES for station in STATIONS}
    stored = TusdOnS3(s3).stored(tmp_path)
    assert len(stored) == len({one.take_id for one in stored}) == len(STATIONS) * TAKES
    agreed(url, postgres)


def agreed(url: str, postgres: str) -> None:
    """The board's account, of what stations say through nginx, is the centre's to the take."""
    engine = open_board(postgres)
    stores = Stores.of(engine, centre=Accounts(engine))
    stores.roll.expect("310105", [ExpectedStation(station, "娄山小学") for station in STATIONS])
    visitor, token = Visitor(url), stores.roll.make_token("310105", "娄山小学")
    for station in STATIONS:
        takes = TakeCounts(recorded=TAKES, l3=TAKES)
        told = status(station=station, session="afternoon", stage="finished", takes=takes, missing=(), why=(),
                      pupils=Pupils(expected=TAKES, done=TAKES))  # fmt: skip
        answer = visitor.tell(told, token)
        assert (answer.status_code, answer.headers.get("Station-Board")) == (201, "1")
    rows = judged_rows(stores.roll, stores.arrivals, BoardSettings(), "310105", time.time(), stores.centre)
    has = {row.seen.station: row.seen.centre for row in rows}
    engine.dispose()
    visitor.close()
    assert {one.takes for one in has.values() if one is not None} == {TAKES}
    assert {(one.lost_count, one.doubles) for one in has.values() if one is not None} == {(0, 0)}
    assert len(has) == len(STATIONS)
