"""Other accounts of the computer can read nothing of a data folder, and can't stop the station."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from config.access import LockHeldError, StationLock, acl, descriptors, exposed, make_private
from config.disk import DataDir
from uploader.queue import Queue

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
        (f"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{OWN})", set()),
        (f"D:AI(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;ID;FA;;;{OWN})", {"BU"}),
        ("D:(A;;FR;;;WD)(D;;FA;;;AU)", {"WD"}),
        ("D:AI(A;ID;FA;;;S-1-5-21-9-9-9-1002)", {"S-1-5-21-9-9-9-1002"}),
        ("D:NO_ACCESS_CONTROL", {"WD"}),
        ("S:AI", {"WD"}),
        (f"D:P(XA;;FA;;;AU;(Member_of {{SID(BA)}}))(A;;FA;;;{OWN})", {"AU"}),
    ],
)
def test_who_else_is_let_in_by_a_list_of_rights_of_windows(sddl: str, expected: set[str]) -> None:
    assert acl.strangers(sddl, OWN) == expected


class Windows:
    """Lists of rights by path; what inherits has those of its folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rights: dict[Path, str] = {}
        monkeypatch.setattr(descriptors, "own_sid", lambda: OWN)
        monkeypatch.setattr(descriptors, "read", self.read)
        monkeypatch.setattr(descriptors, "write", self.write)

    def read(self, path: Path) -> str:
        return self.rights[path] if path in self.rights else self.read(path.parent)

    def write(self, path: Path, sddl: str, *, inherits: bool) -> None:
        self.rights[path] = sddl
        if inherits:
            self.rights.pop(path)


def test_the_folder_of_windows_is_left_to_this_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With its files, one of which somebody was once given."""
    windows = Windows(monkeypatch)
    data = old_folder(tmp_path / "data")
    windows.rights = {data.root: "D:AI(A;ID;FA;;;BU)", data.database: "D:(A;;FR;;;WD)"}
    assert acl.make_private(data.root) is True
    assert windows.rights == {
        data.root: f"D:P(A;OICI;FA;;;{OWN})(A;OICI;FA;;;S-1-5-18)(A;OICI;FA;;;S-1-5-32-544)"
    }
    assert acl.make_private(data.root) is False


@pytest.mark.skipif(sys.platform != "win32", reason="the rights of Windows")
def test_an_old_folder_of_windows_is_closed_to_others(tmp_path: Path) -> None:
    data = old_folder(tmp_path / "数据")
    descriptors.write(data.root, "D:(A;OICI;FA;;;WD)", inherits=True)
    descriptors.write(data.database, "D:(A;;FR;;;WD)", inherits=True)
    assert data.root in exposed(data)
    assert make_private(data) >= 1
    assert exposed(data) == []
    assert not acl.is_open(data.session("s1") / "0107_song1_1.wav")
    assert make_private(data) == 0


@pytest.mark.skipif(sys.platform != "win32", reason="the rights of Windows")
def test_a_drive_that_knows_no_rights_stops_no_recording(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused(path: Path, sddl: str, *, inherits: bool) -> None:
        raise OSError(1, "Incorrect function")

    data = old_folder(tmp_path / "data")
    monkeypatch.setattr(descriptors, "write", refused)
    monkeypatch.setattr(descriptors, "read", lambda path: "D:NO_ACCESS_CONTROL")
    assert make_private(data) == 0
    assert data.root in exposed(data), "the self-test tells it"


@posix
def test_the_roster_is_closed_where_it_lies_beside_the_settings_only(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "home" / "data")
    beside, elsewhere = tmp_path / "home" / "roster.xlsx", tmp_path / "share" / "roster.xlsx"
    for roster in (beside, elsewhere):
        roster.parent.mkdir(exist_ok=True)
        roster.write_bytes(b"x")
        roster.chmod(0o644)
        assert roster in exposed(data, roster)
        make_private(data, roster)
    assert beside.stat().st_mode & 0o077 == 0
    assert elsewhere.stat().st_mode & 0o777 == 0o644, "somebody shares it; the self-test tells"


HOLD_DATABASE = """
import fcntl, os, sys, time
for name in sys.argv[1:]:
    file = os.open(name, os.O_RDONLY)
    fcntl.lockf(file, fcntl.LOCK_SH)
print("held", flush=True)
time.sleep(60)
"""


@posix
def test_locks_in_the_database_that_a_stranger_holds_stop_no_recording(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    Queue.open(data.database).close()
    with sqlite3.connect(data.database) as other:
        other.execute("SELECT * FROM deliveries").fetchall()
        names = [str(path) for path in sorted(tmp_path.glob("station.db*"))]
        for name in names:
            Path(name).chmod(0o644)
        stranger = subprocess.Popen([sys.executable, "-c", HOLD_DATABASE, *names], stdout=subprocess.PIPE)
        assert stranger.stdout is not None
        stranger.stdout.readline()
    other.close()
    try:
        make_private(data)
        queue = Queue.open(data.database)
        queue.pause()
        queue.close()
    finally:
        stranger.kill()
        stranger.communicate()
