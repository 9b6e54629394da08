"""Receipts of the centre: every store that can be read, signatures, and what a station makes of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.base.errors import ConfigError
from tests.uploader.conftest import Make
from tests.uploader.kinds import SERVERS, kind
from tests.uploader.published import Published
from tests.uploader.realservers import Running, TusPyServer
from tests.uploader.takes import new_take
from tests.uploader.tusserver import TusServer
from uploader.centre.attest import public_text
from uploader.centre.issuer import main
from uploader.prove.signature import is_signed, sign
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import ProofLevel, State

MB = 1_000_000


def key_file(folder: Path) -> tuple[Ed25519PrivateKey, Path]:
    key = Ed25519PrivateKey.generate()
    path = folder / "key.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*form))
    return key, path


def sent(queue: Queue, uploader: Make, url: str, folder: Path, **server: object) -> Row:
    take = new_take(folder)
    queue.add(take)
    uploader(url, **server).run_once()
    return queue.row(take.take_id)


def again(queue: Queue, uploader: Make, url: str, **server: object) -> Row:
    queue.retry()
    uploader(url, **server).run_once()
    return queue.rows()[0]


def as_tusd(server: TusServer, store: Path) -> None:
    """What tusd's file store leaves on the disk."""
    store.mkdir()
    for path, upload in server.uploads.items():
        name = path.rpartition("/")[2]
        (store / name).write_bytes(upload.data)
        info = {
            "ID": name,
            "Size": upload.length,
            "SizeIsDeferred": False,
            "Offset": 0,
            "MetaData": dict(upload.metadata),
            "Storage": {"Path": str(store / name), "Type": "filestore"},
        }
        (store / f"{name}.info").write_text(json.dumps(info), encoding="utf-8")


def test_tusd_without_downloads_reaches_level_3(
    queue: Queue, uploader: Make, tmp_path: Path, published: Published
) -> None:
    out, receipt_url = published.folder, published.url
    with TusServer(downloads=False, checks=False) as server:
        row = sent(queue, uploader, server.url, tmp_path, receipt_url=receipt_url)
        assert (row.state, row.verify_level) == (State.SENT, ProofLevel.L0)
        assert row.due_at is not None, "it goes on asking"
        as_tusd(server, tmp_path / "tusd")
        assert main([str(tmp_path / "tusd"), str(out)]) == 0
        row = again(queue, uploader, server.url, receipt_url=receipt_url)
    assert (row.state, row.verify_level, row.due_at) == (State.VERIFIED, ProofLevel.L3, None)
    kept = queue.receipt(row.take_id)
    assert kept is not None
    assert kept["receipt"]["sha256"] == row.sha256
    assert json.loads(row.path.with_suffix(".receipt.json").read_text(encoding="utf-8")) == kept


def test_an_unfinished_upload_gets_no_receipt(tmp_path: Path) -> None:
    with TusServer() as server:
        as_tusd(server, tmp_path / "tusd")
    store = tmp_path / "tusd"
    (store / "a").write_bytes(b"12345")
    info = {"ID": "a", "Size": 6, "MetaData": {"take_id": "t"}}
    (store / "a.info").write_text(json.dumps(info), encoding="utf-8")
    (store / "b").write_bytes(b"12345")
    (store / "b.info").write_text("{", encoding="utf-8")
    assert main([str(store), str(tmp_path / "out")]) == 0
    assert not list((tmp_path / "out").glob("*.json"))


def test_the_store_of_rustus_can_be_read(tmp_path: Path) -> None:
    """Written down from rustus 0.5.10, whose build takes longer than all tests."""
    store, out = tmp_path / "rustus", tmp_path / "out"
    store.mkdir()
    for name, offset in (("whole", 5), ("part", 4)):
        (store / name).write_bytes(b"12345"[:offset])
        info = {"id": name, "offset": offset, "length": 5, "metadata": {"take_id": name}}
        (store / f"{name}.info").write_text(json.dumps(info), encoding="utf-8")
    assert main([str(store), str(out)]) == 0
    assert [path.name for path in out.iterdir()] == ["whole.json"]


def test_a_hook_reads_its_own_upload_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store, out = tmp_path / "tusd", tmp_path / "out"
    store.mkdir()
    for name in ("a", "b"):
        (store / name).write_bytes(b"12345")
        info = {"ID": name, "Size": 5, "MetaData": {"take_id": name}}
        (store / f"{name}.info").write_text(json.dumps(info), encoding="utf-8")
    (store / "c").write_bytes(b"12345")
    (store / "c.info").write_text("{", encoding="utf-8")
    assert main([str(store), str(out), "--id", "b"]) == 0
    assert [path.name for path in out.iterdir()] == ["b.json"]
    assert not caplog.records, "c was not even looked at"


def test_a_store_that_is_not_there_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none"), str(tmp_path / "out")]) == 1
    assert "is not a folder" in capsys.readouterr().err


@pytest.mark.sampled(6, fewest=1)
@pytest.mark.parametrize("name", SERVERS)
def test_every_store_can_be_read(
    name: str,
    request: pytest.FixtureRequest,
    queue: Queue,
    uploader: Make,
    tmp_path: Path,
    published: Published,
) -> None:
    out, receipt_url = published.folder, published.url
    key, path = key_file(tmp_path)
    centre = {"receipt_url": receipt_url, "receipt_key": public_text(key)}
    with Running(kind(name, request.config.cache), tmp_path / "store") as server:
        sent(queue, uploader, server.url, tmp_path, **centre)
        assert main([str(server.store), str(out), "--sign-key", str(path)]) == 0
        assert main([str(server.store), str(out), "--sign-key", str(path)]) == 0
        row = again(queue, uploader, server.url, **centre)
    assert row.verify_level is ProofLevel.L3
    assert len(list(out.glob("*.json"))) == 1, "once, and none for the probes"


@pytest.mark.skipif(sys.platform != "linux", reason="the server is tried on Linux only")
def test_the_lie_of_a_killed_server_is_found_and_healed(
    queue: Queue, uploader: Make, tmp_path: Path, published: Published
) -> None:
    """tuspyserver after kill -9: offset == length, other bytes in the file."""
    out, receipt_url = published.folder, published.url
    with Running(TusPyServer(), tmp_path / "store") as server:
        row = sent(queue, uploader, server.url, tmp_path, receipt_url=receipt_url)
        data = next(path for path in server.store.iterdir() if path.name == (row.upload_url or "")[-32:])
        data.write_bytes(data.read_bytes()[:100_000] + data.read_bytes())
        main([str(server.store), str(out)])
        row = again(queue, uploader, server.url, receipt_url=receipt_url)
        assert not row.delivered, "sent anew, and not proven yet"
        main([str(server.store), str(out)])
        row = again(queue, uploader, server.url, receipt_url=receipt_url)
        stored = [upload.data for upload in server.stored()]
    assert (row.state, row.verify_level) == (State.VERIFIED, ProofLevel.L3)
    assert stored == [row.path.read_bytes()], "the spoilt one was removed"


def wrong(**change: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda receipt: {**receipt, **change}


@pytest.mark.parametrize(
    "spoil",
    [
        wrong(sha256="0" * 64),
        wrong(size=1),
        wrong(take_id="another"),
        wrong(upload_id="another"),
        wrong(v=2),
        wrong(sig=""),
        wrong(sig="%%%"),
        wrong(stored_at="2000-01-01"),
        lambda receipt: sign(receipt, Ed25519PrivateKey.generate()),
        lambda receipt: {name: value for name, value in receipt.items() if name != "sig"},
    ],
)
def test_a_receipt_that_is_not_the_centres_changes_nothing(
    spoil: Callable[[dict[str, Any]], dict[str, Any]],
    queue: Queue,
    uploader: Make,
    tmp_path: Path,
    published: Published,
) -> None:
    out, receipt_url = published.folder, published.url
    key, path = key_file(tmp_path)
    centre = {"receipt_url": receipt_url, "receipt_key": public_text(key)}
    with TusServer(downloads=False, checks=False) as server:
        before = sent(queue, uploader, server.url, tmp_path, **centre)
        as_tusd(server, tmp_path / "tusd")
        main([str(tmp_path / "tusd"), str(out), "--sign-key", str(path)])
        receipt = next(out.glob("*.json"))
        receipt.write_text(
            json.dumps(spoil(json.loads(receipt.read_text(encoding="utf-8")))), encoding="utf-8"
        )
        after = again(queue, uploader, server.url, **centre)
        assert len(server.stored()) == 1
    assert (after.state, after.verify_level) == (State.SENT, ProofLevel.L0)
    assert after.upload_url == before.upload_url


def test_a_receipts_server_that_is_down_stops_nothing(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = sent(queue, uploader, server.url, tmp_path, receipt_url="http://127.0.0.1:9/{upload_id}.json")
    assert row.verify_level is ProofLevel.L2
    assert row.delivered
    assert row.due_at is not None


@pytest.mark.parametrize("section", [{"receipt_key": "abc"}, {"receipt_key": "AAAA"}])
def test_a_wrong_setting_is_one_sentence(uploader: Make, section: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=next(iter(section))):
        uploader("http://127.0.0.1:9/", **section)


def test_signature_covers_every_member() -> None:
    key = Ed25519PrivateKey.generate()
    receipt = sign({"v": 1, "take_id": "望"}, key)
    assert is_signed(receipt, key.public_key())
    assert not is_signed({**receipt, "key_id": "x"}, key.public_key())
    assert not is_signed({**receipt, "more": 1}, key.public_key())


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_is_none_fails(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "key").write_bytes(content)
    assert main([str(tmp_path), str(tmp_path / "out"), "--sign-key", str(tmp_path / "key")]) == 1
    assert "receipts:" in capsys.readouterr().err
