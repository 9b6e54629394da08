"""docs/receipts.md as it is written, on a real tusd without downloads: only places and programs are ours."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tools.environment import ROOT
from tests.uploader.conftest import Make
from tests.uploader.kinds import tusd_program
from tests.uploader.proxy import Line, Proxy
from tests.uploader.published import Published
from tests.uploader.realservers import Running, Tusd
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from uploader.centre.attest import load_key, public_text
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import ProofLevel, State
from uploader.send.delivery import HELD_SESSIONS

pytestmark = [
    pytest.mark.go,
    pytest.mark.skipif(sys.platform == "win32", reason="the hook of the page is a shell script"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]


@dataclass(frozen=True)
class Page:
    """The commands of the page, with places below `folder`."""

    folder: Path
    out: Path
    port: int = 1080

    def block(self, beginning: str) -> str:
        """The block of code that begins so."""
        text = (ROOT / "docs" / "receipts.md").read_text(encoding="utf-8")
        blocks = re.findall(r"^```\w*\n(.+?)^```$", text, re.MULTILINE | re.DOTALL)
        found: str = next(block for block in blocks if block.startswith(beginning))
        places = {
            "/opt/receipts/bin/python": sys.executable,
            "/srv/receipts": self.out,
            "/srv/": f"{self.folder}/",
            "/etc/": f"{self.folder}/",
            "1080": self.port,
        }
        for place, ours in places.items():
            found = found.replace(place, str(ours))
        return found

    def run(self, beginning: str) -> str:
        """What a block prints."""
        script = ["sh", "-ec", self.block(beginning)]
        return subprocess.run(script, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


class AsWritten(Tusd):
    """Started by the page's own command."""

    def __init__(self, page: Page) -> None:
        super().__init__(tusd_program(), "-disable-download")
        self._page = page

    def command(self, port: int, store: Path) -> list[str]:
        written = shlex.split(Page(self._page.folder, self._page.out, port).block("tusd "))
        assert written[written.index("-upload-dir") + 1] == str(store)
        return [str(self._program), *written[1:]]


@pytest.fixture
def page(tmp_path: Path, published: Published) -> Page:
    """Keys made, hook written."""
    found = Page(tmp_path, published.folder)
    (tmp_path / "tusd").mkdir()
    (tmp_path / "hooks").mkdir()
    hook = tmp_path / "hooks" / "post-finish"
    hook.write_text(found.block("#!/bin/sh"), encoding="utf-8")
    hook.chmod(0o755)
    shown = found.run("openssl").split()[-1]
    assert shown == public_text(load_key(tmp_path / "receipts.pem")), "the last line is the public key"
    return found


def centre(page: Page, published: Published) -> dict[str, object]:
    return {"receipt_url": published.url, "receipt_key": public_text(load_key(page.folder / "receipts.pem"))}


def receipts(published: Published, count: int) -> None:
    """Wait until the hook has written so many."""
    deadline = time.monotonic() + 30
    while len(list(published.folder.glob("*.json"))) < count:
        assert time.monotonic() < deadline, "the hook wrote nothing"
        time.sleep(0.05)


def again(queue: Queue, uploader: Make, url: str, **server: object) -> Row:
    queue.retry()
    uploader(url, **server).run_once()
    return queue.rows()[0]


def test_the_hook_makes_level_3(
    queue: Queue, uploader: Make, tmp_path: Path, page: Page, published: Published
) -> None:
    keys = centre(page, published)
    take = new_take(tmp_path / "takes")
    queue.add(take)
    with Running(AsWritten(page), tmp_path / "tusd") as server:
        uploader(server.url, **keys).run_once()
        receipts(published, 1)
        row = again(queue, uploader, server.url, **keys)
        assert [upload.data for upload in server.stored()] == [take.path.read_bytes()]
    assert (row.state, row.verify_level, row.due_at) == (State.VERIFIED, ProofLevel.L3, None)
    kept = queue.receipt(take.take_id)
    assert kept is not None
    assert kept["receipt"]["sig"]


def test_a_byte_that_was_flipped_on_the_way_is_found_by_the_receipt(
    queue: Queue, uploader: Make, tmp_path: Path, page: Page, published: Published
) -> None:
    keys = centre(page, published)
    take = new_take(tmp_path / "takes")
    queue.add(take)
    with (
        Running(AsWritten(page), tmp_path / "tusd") as server,
        Proxy(server.port, Line(flip_at=100_000)) as proxy,
    ):
        url = f"http://127.0.0.1:{proxy.port}/files/"
        uploader(url, **keys).run_once()
        receipts(published, 1)
        assert not queue.rows()[0].delivered
        assert [upload.data == take.path.read_bytes() for upload in server.stored()] == [False]
        again(queue, uploader, url, **keys)
        receipts(published, 2)
        row = again(queue, uploader, url, **keys)
        assert [upload.data for upload in server.stored()] == [take.path.read_bytes()], (
            "the spoilt one is gone"
        )
    assert (row.state, row.verify_level) == (State.VERIFIED, ProofLevel.L3)


def test_a_file_that_changed_in_the_store_is_not_delivered(
    queue: Queue, uploader: Make, tmp_path: Path, page: Page, published: Published
) -> None:
    """The hook missed it; the timer's command comes later than the change."""
    keys = centre(page, published)
    (tmp_path / "hooks" / "post-finish").unlink()
    take = new_take(tmp_path / "takes")
    queue.add(take)
    with Running(AsWritten(page), tmp_path / "tusd") as server:
        uploader(server.url, **keys).run_once()
        first = queue.rows()[0].upload_url or ""
        stored = tmp_path / "tusd" / first.rpartition("/")[2]
        stored.write_bytes(stored.read_bytes()[:-1] + b"x")
        page.run("/opt/receipts/bin/python")
        row = again(queue, uploader, server.url, **keys)
        assert not row.delivered
        assert row.upload_url != first, "it was sent anew"
        page.run("/opt/receipts/bin/python")
        row = again(queue, uploader, server.url, **keys)
    assert (row.state, row.verify_level) == (State.VERIFIED, ProofLevel.L3)


def test_a_lock_that_outlived_a_crash_costs_one_more_upload(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    """tusd takes a lock for open while any process has the number that stands in it."""
    take = new_take(tmp_path / "takes", size=4_000_000)
    queue.add(take)
    kind = Tusd(tusd_program(), "-acquire-lock-timeout", "50ms")
    with Running(kind, tmp_path / "store") as server, Proxy(server.port, Line(rate=2_000_000)) as proxy:
        url = f"http://127.0.0.1:{proxy.port}/files/"
        worker = uploader(url)
        worker.start()
        while proxy.line.carried < 1_500_000:
            time.sleep(0.005)
        server.kill()
        worker.stop(5)
        (lock,) = server.store.glob("*.lock")
        lock.write_text(f"{os.getpid()}\n", encoding="ascii")
        server.start()
        proxy.line.rate = None
        for _ in range(HELD_SESSIONS + 1):
            put(queue, take.take_id, due_at=0)
            uploader(url).run_once()
        row = queue.row(take.take_id)
        complete = [upload.data for upload in server.stored() if upload.finished]
    assert (row.verify_level, complete) == (ProofLevel.L2, [take.path.read_bytes()])
