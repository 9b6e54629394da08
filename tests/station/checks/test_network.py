"""Every network check against its fault on a real socket: exactly that check fails, with its advice."""

from __future__ import annotations

import datetime
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from config.settings import Settings
from station.checks import network
from station.checks.bench import Bench
from station.checks.check import Finding, Outcome
from station.checks.runner import run_checks
from tests.uploader.realservers import ResumableUpload, Running, free_port
from tests.uploader.test_tls import certificate, secure
from tests.uploader.tusserver import Answer, Request, TusServer

IDS = {check.id for check in network.CHECKS}


def run(settings: Settings, url: str, ca_file: Path | None = None) -> dict[str, Finding]:
    server = settings.server.model_copy(update={"url": url, "ca_file": ca_file})
    settings = settings.model_copy(update={"server": server})
    return {result.check.id: result.finding for result in run_checks(network.CHECKS, Bench(settings))}


def failed(found: dict[str, Finding]) -> set[str]:
    bad = {check_id for check_id, finding in found.items() if finding.outcome in (Outcome.FAIL, Outcome.WARN)}
    assert all(found[check_id].todo is not None for check_id in bad), "every failure says what to do"
    return bad


def test_a_healthy_server_proves_and_forgets_the_rehearsal(settings: Settings, tmp_path: Path) -> None:
    with Running(ResumableUpload(), tmp_path / "server") as server:
        found = run(settings, server.url)
        assert failed(found) == set()
        assert found["certificate"].outcome is Outcome.SKIPPED
        assert found["rehearsal"].numbers["level"] == "L2"
        assert found["rehearsal"].numbers["minutes"] > 0
        assert server.stored() == [], "the rehearsal was removed again"


def test_server_down(settings: Settings) -> None:
    assert failed(run(settings, f"http://127.0.0.1:{free_port()}/files/")) == {"connection"}


def test_unknown_name(settings: Settings) -> None:
    found = run(settings, "http://no-such-host.invalid/files/")
    assert failed(found) == {"connection"}


def test_a_login_page(settings: Settings) -> None:
    page = Answer(200, {"Content-Type": "text/html"}, b"<html>Please log in</html>", tus=False)
    with TusServer(lambda request: page) as server:
        found = run(settings, server.url)
    assert failed(found) == {"login_page"}
    assert "browser" in str(found["login_page"].todo)


def test_no_permission(settings: Settings) -> None:
    with TusServer(lambda request: Answer(401) if request.method == "POST" else None) as server:
        assert failed(run(settings, server.url)) == {"authorisation"}


def test_not_an_upload_server(settings: Settings) -> None:
    with TusServer(lambda request: Answer(404, tus=False)) as server:
        assert failed(run(settings, server.url)) == {"server"}


def test_a_wrong_clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    late = formatdate(time.time() - 7200, usegmt=True)
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda *_: late)
    with TusServer() as server:
        found = run(settings, server.url)
    assert failed(found) == {"clock"}
    assert found["clock"].numbers["clock_seconds"] == pytest.approx(7200, abs=5)


def test_an_expired_certificate(settings: Settings, tmp_path: Path) -> None:
    pem = certificate(tmp_path, valid=-datetime.timedelta(days=1))
    server = TusServer()
    url = secure(server, pem)
    with server:
        found = run(settings, url, pem)
    assert failed(found) == {"certificate"}


def test_a_certificate_of_the_schools_own_authority(settings: Settings, tmp_path: Path) -> None:
    pem = certificate(tmp_path)
    server = TusServer()
    url = secure(server, pem)
    with server:
        found = run(settings, url, pem)
    assert failed(found) == set()
    assert found["certificate"].outcome is Outcome.OK


def test_pieces_are_refused(settings: Settings) -> None:
    """A proxy that lets nothing through that is larger than a few bytes."""

    def rule(request: Request) -> Answer | None:
        return Answer(413, tus=False) if len(request.body) > 1000 else None

    with TusServer(rule) as server:
        assert failed(run(settings, server.url)) == {"rehearsal"}


def test_a_server_that_proves_nothing(settings: Settings) -> None:
    with TusServer(checks=False, downloads=False) as server:
        found = run(settings, server.url)
    assert failed(found) == {"rehearsal"}
    assert found["rehearsal"].numbers["level"] == "L0"
