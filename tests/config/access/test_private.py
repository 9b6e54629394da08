"""Other accounts of the computer can read nothing of a data folder, and can't stop the station."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from config.access import LockHeldError, StationLock, acl, exposed, make_private
from config.disk import DataDir

OWN = "S-1-5-21-1-2-3-1001"
posix = pytest.mark.skipif(sys.platform == "win32", reason="the rights of POSIX")


def old_folder(root: Path) -> DataDir:
    """As the first version left it: readable by everybody."""
    data = DataDir(root)
    (data.session("s1")).mkdir(parents=True)
    data.logs.mkdir()
    for file in (
        data.session("s1") / "0107_song1_1.wav",
        data.database,
        data.lock,
        data.logs / "station.log",
    ):
        file.write_bytes(b"x")
        file.chmod(0o644)
    for folder in (data.root, data.takes, data.session("s1"), data.logs):
        folder.chmod(0o755)
    return data


@posix
def test_an_old_folder_is_closed_to_others_and_counted(tmp_path: Path) -> None:
    data = old_folder(tmp_path / "data")
    assert len(exposed(data)) == 8
    assert make_private(data) == 8
    assert exposed(data) == []
    assert make_private(data) == 0
    assert data.database.stat().st_mode & 0o777 == 0o600
    assert data.session("s1").stat().st_mode & 0o777 == 0o700


@posix
def test_what_else_lies_in_a_chosen_folder_keeps_its_rights(tmp_path: Path) -> None:
    """`dir = "."` beside a program that others start, and a link out of the folder."""
    data = old_folder(tmp_path)
    program, elsewhere = tmp_path / "program", tmp_path / "elsewhere.txt"
    for file in (program, elsewhere):
        file.write_bytes(b"x")
        file.chmod(0o755)
    (data.takes / "link").symlink_to(elsewhere)
    make_private(data)
    assert exposed(data) == []
    assert {path.stat().st_mode & 0o777 for path in (program, elsewhere)} == {0o755}
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert data.takes.stat().st_mode & 0o777 == 0o700


@posix
def test_what_is_made_afterwards_is_private_from_the_first_moment(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from config.disk import DataDir\n"
        "from config.access import make_private, exposed\n"
        "from uploader.queue import Queue\n"
        "data = DataDir(Path(sys.argv[1])); make_private(data)\n"
        "queue = Queue.open(data.database); data.session('s').mkdir(parents=True)\n"
        "(data.session('s') / 'a.wav').write_bytes(b'x'); print(exposed(data)); queue.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "data")], capture_output=True, check=True, umask=0o022
    )
    assert done.stdout.strip() == b"[]"


HOLD = """
import fcntl, os, sys, time
file = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@posix
def test_a_lock_that_a_stranger_holds_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "capture.lock"
    path.write_bytes(b"")
    stranger = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE)
    try:
        assert stranger.stdout is not None
        stranger.stdout.readline()
        lock = StationLock(path)
        lock.acquire()
        with pytest.raises(LockHeldError):
            StationLock(path).acquire()
        lock.release()
        again = StationLock(path)
        again.acquire()
        again.release()
    finally:
        stranger.kill()
        stranger.communicate()


@posix
@pytest.mark.parametrize("kind", ["folder", "link", "closed"])
def test_something_else_in_the_place_of_a_lock_stops_nobody(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "station.lock"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(tmp_path / "elsewhere")
        (tmp_path / "elsewhere").write_bytes(b"")
    else:
        path.write_bytes(b"")
        path.chmod(0)
    lock = StationLock(path)
    lock.acquire()
    with pytest.raises(LockHeldError):
        StationLock(path).acquire()
    lock.release()


def test_a_lock_of_ours_is_respected_while_its_holder_lives(tmp_path: Path) -> None:
    path = tmp_path / "station.lock"
    code = (
        "import sys, time; from pathlib import Path; from config.access import StationLock\n"
        "lock = StationLock(Path(sys.argv[1])); lock.acquire(); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LockHeldError):
            StationLock(path).acquire(timeout=1.5)
    finally:
        holder.kill()
        holder.communicate()
    lock = StationLock(path)
    lock.acquire(timeout=5)
    lock.release()


@pytest.mark.parametrize(
    "note", ["", "[]", '{"pid": "x"}', '{"pid": 1e400}', "[" * 999, '{"host": 1, "pid": 1}']
)
def test_a_note_that_nobody_of_ours_wrote_holds_nothing(tmp_path: Path, note: str) -> None:
    path = tmp_path / "capture.lock"
    path.with_name("capture.lock.owner").write_text(note, encoding="utf-8")
    lock = StationLock(path)
    lock.acquire()
    lock.release()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be another user")
def test_another_user_reads_nothing(tmp_path: Path) -> None:
    data = old_folder(tmp_path / "data")
    for folder in (*tmp_path.parents[:3], tmp_path):
        if folder.is_relative_to(tempfile.gettempdir()) and folder != Path(tempfile.gettempdir()):
            folder.chmod(0o755)
    make_private(data)
    look = subprocess.run(
        ["/bin/ls", str(data.root)],
        user=65534, group=65534, extra_groups=[], capture_output=True, check=False,
    )  # fmt: skip
    assert look.returncode != 0
    assert b"ermission denied" in look.stderr


@pytest.mark.parametrize(
    ("sddl", "expected"),
    [
        (f"data\r\nD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{OWN})", set()),
        (f"data\r\nD:AI(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;ID;FA;;;{OWN})", {"BU"}),
        ("data\r\nD:(A;;FR;;;WD)(D;;FA;;;AU)", {"WD"}),
        ("data\r\nD:AI(A;ID;FA;;;S-1-5-21-9-9-9-1002)", {"S-1-5-21-9-9-9-1002"}),
        ("data\r\nD:NO_ACCESS_CONTROL", {"WD"}),
        ("data\r\nS:AI", {"WD"}),
        (f"data\r\nD:P(XA;;FA;;;AU;(Member_of {{SID(BA)}}))(A;;FA;;;{OWN})", {"AU"}),
    ],
)
def test_who_else_is_let_in_by_a_list_of_rights_of_windows(sddl: str, expected: set[str]) -> None:
    assert acl.strangers(sddl, OWN) == expected


def test_the_folder_of_windows_is_left_to_this_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The words that icacls is called with; another test of the same name in it can't run on Linux."""
    called: list[tuple[str, ...]] = []

    def run(*command: str) -> str:
        called.append(command)
        if "/save" in command:
            Path(command[3]).write_text("data\r\nD:AI(A;ID;FA;;;BU)", encoding="utf-16")
        return f'"pc\\lehrer","{OWN}"\r\n' if command[0] == "whoami" else ""

    monkeypatch.setattr(acl, "_run", run)
    acl.own_sid.cache_clear()
    assert acl.make_private(tmp_path) is True
    acl.own_sid.cache_clear()
    grant = next(command for command in called if "/grant:r" in command)
    assert grant[:3] == ("icacls", str(tmp_path), "/inheritance:r")
    assert f"*{OWN}:(OI)(CI)F" in grant
    assert not any("Everyone" in word or "*S-1-1-0" in word for word in grant)
