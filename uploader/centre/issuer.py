"""The centre's half of the proof: `python -m uploader.receipts STORE OUT [--sign-key KEY]`.

Reads every finished upload of a server's folder or bucket again and writes OUT/<upload id>.json, once; run it
from a timer, or from a post-finish hook with --id. Any static web server may publish OUT; a station finds it
by [server] receipt_url. With a database, any number of them work at once. See docs/receipts.md.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.base import prepare_streams
from uploader.centre.attest import load_key, public_text, write_receipts
from uploader.centre.folder import FolderStore
from uploader.centre.holding import UploadStore

if TYPE_CHECKING:
    from uploader.centre.centreworker import CentreWorker

SCHEME = "s3://"
EXTRA = "install the extra: pip install 'singing-test-station[centre]'"

WAITING = "receipts: the database does not answer yet; it is waited for, up to ten minutes"


class CentreWishes(Protocol):
    """What the command line says."""

    store: str
    out: Path | None
    sign_key: Path | None
    id: str | None
    show_key: bool
    database: Path | None
    database_env: str | None
    every: float | None


def main(arguments: Sequence[str] | None = None) -> int:
    prepare_streams()
    parser = _parser()
    wishes: CentreWishes = parser.parse_args(arguments)
    keeps = wishes.database is not None or wishes.database_env is not None
    if wishes.out is None and not keeps:
        parser.error("without a database, receipts need the folder OUT")
    if wishes.every is not None and not keeps:
        parser.error("--every needs a database")
    try:
        key = load_key(wishes.sign_key) if wishes.sign_key is not None else None
        store = store_at(wishes.store)
        if keeps:
            count = _work(_worker(wishes, store, key), wishes)
        else:
            assert wishes.out is not None
            count = write_receipts(store, wishes.out, key, wishes.id)
    except (OSError, ValueError) as error:
        _say(f"receipts: {error}")
        return 1
    except ImportError as error:
        _say(f"receipts: {error.name} is not installed; {EXTRA}")
        return 1
    if wishes.every is None:
        _say(f"{count} receipts written")
    if wishes.show_key and key is not None:
        print(public_text(key))  # noqa: T201 - a command of its own
    return 0


def store_at(address: str) -> UploadStore:
    """A folder, or s3://bucket/prefix. Raises OSError, ValueError, ImportError."""
    if not address.startswith(SCHEME):
        return FolderStore(Path(address))
    from uploader.centre.bucket import BucketStore, s3_client

    return BucketStore(address, s3_client())


def _worker(wishes: CentreWishes, store: UploadStore, key: Ed25519PrivateKey | None) -> CentreWorker:
    from uploader.centre.centreworker import LOOK_SECONDS, CentreWorker
    from uploader.centre.ledgerfile import open_ledger

    if wishes.database_env is not None:
        address = os.environ.get(wishes.database_env, "").strip()
        if not address:
            raise ValueError(f"the environment variable {wishes.database_env} is empty")
    else:
        assert wishes.database is not None
        address = f"sqlite:///{wishes.database.absolute().as_posix()}"
    if wishes.out is not None:
        wishes.out.mkdir(parents=True, exist_ok=True)
    # Who is called from a hook or a timer is called again.
    waiting = None if wishes.every is None else lambda: _say(WAITING)
    ledger = open_ledger(address, waiting)
    return CentreWorker(store, ledger, key, wishes.out, wishes.every or LOOK_SECONDS)


def _work(worker: CentreWorker, wishes: CentreWishes) -> int:
    if wishes.id is not None:
        return worker.hurry(wishes.id)
    if wishes.every is None:
        return worker.once()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    worker.run(stop)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m uploader.receipts", description="Write receipts for the finished uploads of a server."
    )
    parser.add_argument("store", metavar="STORE", help="folder of the upload server, or s3://BUCKET/PREFIX")
    parser.add_argument("out", type=Path, metavar="OUT", nargs="?", help="folder that a web server publishes")
    parser.add_argument("--sign-key", type=Path, metavar="KEY", help="Ed25519 private key (PEM)")
    parser.add_argument("--id", help="only this upload (for a post-finish hook)")
    parser.add_argument(
        "--show-key", action="store_true", help="print the public key for [server] receipt_key"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--database", type=Path, metavar="FILE", help="keep what was done in this SQLite file (the board's)"
    )
    where.add_argument(
        "--database-env", metavar="NAME", help="variable with the address of a PostgreSQL database"
    )
    parser.add_argument(
        "--every",
        type=_seconds,
        metavar="SECONDS",
        help="go on until stopped, and look at the store each SECONDS",
    )
    return parser


def _seconds(text: str) -> float:
    found = float(text)
    if not 1 <= found <= 3600:
        raise ValueError(text)
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - a command of its own
