"""Where an upload is, and who gets the token."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import MB, arrived, deliver
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.flow.chunks import START
from uploader.queue.queue import Queue
from uploader.queue.states import State


def test_a_location_with_http_and_an_inner_port_is_brought_back(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer() as server:
        server.location = lambda path: f"http://127.0.0.1:9{path}"
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)


def test_nothing_goes_to_a_host_that_the_settings_do_not_name(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer() as elsewhere, TusServer() as server:
        server.location = lambda path: f"http://localhost:{elsewhere.port}/else{path}"
        row = deliver(queue, uploader, server, tmp_path, token="secret-1")
        assert server.asked("POST")[0].headers["Authorization"] == "Bearer secret-1"
        assert not elsewhere.requests
        assert (row.state, row.error_kind) == (State.WAITING, "elsewhere")
        assert "localhost" in str(row.error)


def test_a_server_that_calls_itself_by_an_inner_name_is_found_at_its_own(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer() as server:
        server.location = lambda path: f"http://tusd.inner:1080{path}"
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)


def test_a_store_elsewhere_that_the_settings_name_gets_recording_and_token(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer() as server:
        other = f"http://localhost:{server.port}"
        server.location = lambda path: other + path
        row = deliver(queue, uploader, server, tmp_path, token="secret-1", also=[other])
        assert arrived(row, server)
        assert row.upload_url is not None
        assert row.upload_url.startswith(other)
        assert all(request.headers["Authorization"] for request in server.requests)


def test_a_netrc_does_not_replace_the_token(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr("uploader.tus.transport.is_loopback", lambda _: False)
    with TusServer() as server:
        deliver(queue, uploader, server, tmp_path, token="secret-1")
        deliver(queue, uploader, server, tmp_path / "more")
        found = [request.headers.get("Authorization") for request in server.asked("POST")]
    assert set(found) == {"Bearer secret-1", None}


def test_a_refused_token_loses_no_address(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    """403 on an upload may be the token: its address is kept until there is another."""
    barred: list[bool] = []

    def rule(request: Request) -> Answer | None:
        if request.method == "PATCH" and request.headers["Upload-Offset"] == str(START):
            barred.append(True)
        return Answer(403) if len(barred) == 1 and request.method != "OPTIONS" else None

    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert (row.state, row.error_kind) == (State.BLOCKED, "auth")
        server.rule = None
        queue.retry()
        uploader(server.url).run_once()
        assert arrived(queue.row(row.take_id), server)
        assert queue.row(row.take_id).upload_url == row.upload_url
