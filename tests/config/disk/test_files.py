"""A file takes its name as soon as nobody holds it any more, and who holds it for ever is named."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from config.disk import files as replacing
from config.disk import is_file, is_folder, is_there

Rename = Callable[[Path, Path], Path]


def held(times: int, error: type[OSError] = PermissionError) -> tuple[list[float], Rename]:
    """A rename that is refused so often, and when it was tried."""
    plain, tries = Path.replace, []

    def rename(source: Path, target: Path) -> Path:
        tries.append(monotonic())
        if len(tries) <= times:
            raise error(13, "Access is denied")
        return plain(source, target)

    return tries, rename


def test_a_held_file_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new").write_text("new", encoding="utf-8")
    (tmp_path / "old").write_text("old", encoding="utf-8")
    tries, rename = held(4)
    monkeypatch.setattr(Path, "replace", rename)
    replacing.replace(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text(encoding="utf-8") == "new"
    assert all(0.05 <= after - before < 0.5 for before, after in pairwise(tries))


def test_what_stays_held_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacing, "TRY_SECONDS", 0.3)
    tries, rename = held(1000)
    monkeypatch.setattr(Path, "replace", rename)
    with pytest.raises(PermissionError):
        replacing.replace(tmp_path / "new", tmp_path / "old")
    assert 0.3 <= tries[-1] - tries[0] < 1.0


def test_other_errors_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries, rename = held(1, FileNotFoundError)
    monkeypatch.setattr(Path, "replace", rename)
    with pytest.raises(FileNotFoundError):
        replacing.replace(tmp_path / "new", tmp_path / "old")
    assert len(tries) == 1


def test_a_file_is_removed_as_soon_as_nobody_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virus scanner looks at each new file for a moment."""
    path, plain, tries = tmp_path / "old", Path.unlink, []
    path.touch()

    def unlink(file: Path, missing_ok: bool = False) -> None:
        tries.append(monotonic())
        if len(tries) <= 3:
            raise PermissionError(13, "in use by another process")
        plain(file, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    replacing.remove(path)
    assert not path.exists()
    replacing.remove(path, missing_ok=True)
    with pytest.raises(FileNotFoundError):
        replacing.remove(path)


# --- whether something is there


def test_what_is_there_is_a_file_or_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.touch()
    assert (is_there(file), is_file(file), is_folder(file)) == (True, True, False)
    assert (is_there(tmp_path), is_file(tmp_path), is_folder(tmp_path)) == (True, False, True)


@pytest.mark.parametrize("name", ["absent", "a/inside of a file", "null\0byte", "loop"])
def test_what_can_not_be_there_is_absent(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").touch()
    if sys.platform != "win32":
        (tmp_path / "loop").symlink_to("loop")
    path = tmp_path / name
    assert (is_there(path), is_file(path), is_folder(path)) == (False, False, False)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ENAMETOOLONG, errno.ESTALE])
@pytest.mark.parametrize("ask", [is_there, is_file, is_folder])
def test_what_can_not_be_told_is_no_absence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Path], bool], code: int
) -> None:
    """A folder of another account is not an empty one, on any Python."""

    def stat(path: Path, **named: object) -> os.stat_result:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(OSError, match=re.escape(os.strerror(code))):
        ask(tmp_path)


# --- what a power cut may take


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reached the disk, in order: contents, name, folder."""
    found: list[str] = []
    plain = Path.replace

    def fsync(handle: int) -> None:
        found.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "contents")

    def rename(source: Path, target: Path) -> Path:
        found.append("name")
        return plain(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", rename)
    return found


FOLDER = ["folder"] if sys.platform != "win32" else []


def test_what_is_written_whole_is_on_the_disk_before_it_has_its_name_and_keeps_it(
    tmp_path: Path, order: list[str]
) -> None:
    replacing.write_whole(tmp_path / "a", b"new")
    assert order == ["contents", "name", *FOLDER]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_copy_of_what_is_kept_elsewhere_spares_the_disk_one_sync(tmp_path: Path, order: list[str]) -> None:
    replacing.write_whole(tmp_path / "a", b"new", lasting=False)
    assert order == ["contents", "name"]


@pytest.mark.parametrize("synced", [True, False])
def test_what_is_synced_already_is_not_synced_again(tmp_path: Path, order: list[str], synced: bool) -> None:
    (tmp_path / "a.tmp").write_bytes(b"new")
    replacing.put_in_place(tmp_path / "a.tmp", tmp_path / "a", synced=synced)
    assert order == [*([] if synced else ["contents"]), "name", *FOLDER]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows syncs no folders")
@pytest.mark.parametrize(("code", "told"), [(errno.EINVAL, False), (errno.ENOTSUP, False), (errno.EIO, True)])
def test_a_stick_that_can_not_sync_a_folder_is_no_fault_and_a_broken_disk_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, told: bool
) -> None:
    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match=os.strerror(code)) if told else nullcontext():
        replacing.write_whole(tmp_path / "a", b"new")
    assert tmp_path not in {file.resolve() for file in Path("/proc/self/fd").iterdir()}, "it is let go"


def test_processes_that_write_one_file_at_a_time_do_not_share_the_half_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves: list[str] = []
    plain = Path.replace

    def rename(source: Path, target: Path) -> Path:
        halves.append(source.name)
        return plain(source, target)

    monkeypatch.setattr(Path, "replace", rename)
    for number in (1, 2):
        monkeypatch.setattr(os, "getpid", lambda number=number: number)
        replacing.write_whole(tmp_path / "a", b"new", several=True)
    replacing.write_whole(tmp_path / "a", b"new")
    assert len(set(halves)) == 3


# --- what is read


def test_a_folder_or_a_pipe_in_the_place_of_a_file_is_said_and_never_waited_for(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=os.strerror(errno.EISDIR)):
        replacing.open_file(tmp_path)
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(OSError, match=os.strerror(errno.EINVAL)):
            replacing.digest_of(tmp_path / "pipe")


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="asked of systems that know it")
def test_a_stick_is_read_from_the_stick_and_not_from_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    asked: list[tuple[int, int, int]] = []

    def advise(handle: int, begin: int, length: int, advice: int) -> None:
        asked.append((begin, length, advice))
        raise OSError(errno.ESPIPE, "not here")

    monkeypatch.setattr(os, "posix_fadvise", advise)
    digest = hashlib.sha256(b"abc").hexdigest()
    assert replacing.digest_of(tmp_path / "a") == digest
    assert asked == []
    assert replacing.digest_of(tmp_path / "a", from_medium=True) == digest
    assert asked == [(0, 0, 4)], "all of it; 4 is POSIX_FADV_DONTNEED"
