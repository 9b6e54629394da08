"""TLS: what is trusted, what is said otherwise; a Location that steps down to http is brought back."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.base.errors import ConfigError
from tests.uploader.conftest import Make
from tests.uploader.takes import new_take
from tests.uploader.tusserver import TusServer
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import State

DAY = datetime.timedelta(days=1)


def certificate(folder: Path, *, valid: datetime.timedelta = DAY) -> Path:
    """Key and self-signed certificate for 127.0.0.1 in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a school's own")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - 10 * DAY)
        .not_valid_after(now + valid)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


def secure(server: TusServer, pem: Path) -> str:
    """The server's address once it speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.wrap(context)
    return server.url.replace("http:", "https:")


def deliver(queue: Queue, uploader: Make, url: str, folder: Path, ca_file: Path | None) -> Row:
    take = new_take(folder)
    queue.add(take)
    uploader(url, ca_file=ca_file).run_once()
    return queue.row(take.take_id)


def test_a_certificate_of_the_schools_own(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    pem = certificate(tmp_path)
    server = TusServer()
    url = secure(server, pem)
    with server:
        row = deliver(queue, uploader, url, tmp_path, None)
        assert (row.state, row.error_kind) == (State.WAITING, "tls")
        assert "not trusted" in str(row.error)
        assert row.due_at is not None
        assert not server.requests
        uploader(url, ca_file=pem).run_once()
        assert queue.row(row.take_id).delivered


def test_an_expired_certificate_points_to_the_clock(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    pem = certificate(tmp_path, valid=-DAY)
    server = TusServer()
    url = secure(server, pem)
    with server:
        row = deliver(queue, uploader, url, tmp_path, pem)
    assert row.error_kind == "tls"
    assert "expired" in str(row.error)
    assert "date and time" in str(row.error)


def test_a_location_with_http_behind_a_tls_proxy(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    pem = certificate(tmp_path)
    server = TusServer()
    server.location = lambda path: f"http://inner:1080{path}"
    url = secure(server, pem)
    with server:
        row = deliver(queue, uploader, url, tmp_path, pem)
    assert row.delivered
    assert (row.upload_url or "").startswith(url)


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_ca_file_that_is_none_is_one_sentence(uploader: Make, tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        uploader("https://127.0.0.1:9/files/", ca_file=tmp_path / "ca.pem")
    what = str(caught.value.what)
    assert what.startswith("station.toml: “server.ca_file” can't be used: ")
    assert len(what.splitlines()) == 1
    assert what.count(". ") == 0, "one sentence"
    assert caught.value.todo is not None
    assert str(caught.value.todo).startswith("It must name a file with certificates")
