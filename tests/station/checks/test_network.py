"""Every network check against its fault on a real socket: exactly that check fails, with its advice."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from config.base.message import say
from config.settings import Settings
from station.checks import bench
from station.checks.bench import Bench
from station.checks.check import Finding, Outcome
from station.checks.connection import network
from station.checks.connection.certificates import in_words
from station.checks.runner import run_checks
from tests.uploader.realservers import ResumableUpload, Running
from tests.uploader.tus.test_tls import certificate, secure
from tests.uploader.tusserver import TusServer
from uploader.faults import Kind, UploadFault

IDS = {check.id for check in network.CHECKS}


def run(settings: Settings, url: str, **changes: object) -> dict[str, Finding]:
    server = settings.server.model_copy(update={"url": url, **changes})
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


def test_unknown_name(settings: Settings) -> None:
    found = run(settings, "http://no-such-host.invalid/files/")
    assert failed(found) == {"connection"}


def test_voices_and_token_over_plain_http_are_warned_of(settings: Settings) -> None:
    server = settings.server.model_copy(update={"url": "http://centre.example/files/"})
    found = network.certificate(Bench(settings.model_copy(update={"server": server})))
    assert found.outcome is Outcome.WARN
    assert "others can read" in str(found.what)


def test_an_authority_that_this_computer_does_not_know(settings: Settings, tmp_path: Path) -> None:
    server = TusServer()
    url = secure(server, certificate(tmp_path))
    with server:
        found = run(settings, url)
    assert failed(found) == {"certificate"}
    assert "ca_file" in str(found["certificate"].todo)


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("certificate is not yet valid", "Set date and time"),
        ("Hostname mismatch, certificate is not valid for 'x'.", "url"),
        ("unable to get local issuer certificate", "ca_file"),
        ("something new", "Ask somebody"),
    ],
)
def test_reasons_of_a_certificate(detail: str, said: str) -> None:
    fault = UploadFault(Kind.TLS, say("Not trusted: {detail}", detail=detail), say("Ask somebody."))
    assert said in str(in_words(fault).todo)


def test_a_connection_that_hangs_costs_its_time_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    monkeypatch.setattr(bench, "look", lambda settings: never.wait(20))
    hurried = tuple(replace(check, seconds=0.5) for check in network.CHECKS)
    began = time.monotonic()
    results = run_checks(hurried, Bench(settings))
    never.set()
    assert [result.check.id for result in results if result.finding.outcome is Outcome.FAIL] == ["connection"]
    assert time.monotonic() - began < 2


def test_a_certificate_of_the_schools_own_authority(settings: Settings, tmp_path: Path) -> None:
    pem = certificate(tmp_path)
    server = TusServer()
    url = secure(server, pem)
    with server:
        found = run(settings, url, ca_file=pem)
    assert failed(found) == set()
    assert found["certificate"].outcome is Outcome.OK


def test_a_server_that_proves_nothing(settings: Settings) -> None:
    with TusServer(checks=False, downloads=False) as server:
        found = run(settings, server.url)
    assert failed(found) == {"rehearsal"}
    assert found["rehearsal"].numbers["level"] == "L0"
