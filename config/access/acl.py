"""Who may use a file or folder of Windows, told and set by its own program icacls.

Rights are read as SDDL, whose words are the same in every language of Windows
(learn.microsoft.com/windows/win32/secauthz/ace-strings).
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from config.disk.files import is_folder

SECONDS = 20
SYSTEM, ADMINISTRATORS = "S-1-5-18", "S-1-5-32-544"
THEIRS = frozenset({"SY", "BA", "LA", "CO", "OW", SYSTEM, ADMINISTRATORS, "S-1-3-0", "S-1-3-4"})
"""Who is no stranger: the system, administrators (nothing can be kept from them), and the owner himself."""
ACE = re.compile(r"\(([^;()]*);([^;()]*);([^;()]*);[^;()]*;[^;()]*;([^;()]*)")
SID = re.compile(r"S-1(?:-\d+)+")


def make_private(path: Path) -> bool:
    """Leave a file or folder, and all below it, to this account; whether it was open to others before.

    Raises OSError, subprocess.SubprocessError.
    """
    if not is_open(path):
        return False
    everything = "(OI)(CI)F" if is_folder(path) else "F"
    granted = [f"*{who}:{everything}" for who in (own_sid(), SYSTEM, ADMINISTRATORS)]
    _run("icacls", str(path), "/inheritance:r", "/grant:r", *granted, "/q")
    if is_folder(path):
        # Rights that were given to single files before give way to those of the folder.
        _run("icacls", str(path / "*"), "/reset", "/t", "/c", "/q")
    return True


def is_open(path: Path) -> bool:
    """Whether another account than ours has a right to it. Raises OSError, subprocess.SubprocessError."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        saved = Path(folder, "acl")
        _run("icacls", str(path), "/save", str(saved), "/q")
        return bool(strangers(saved.read_text(encoding="utf-16"), own_sid()))


def strangers(sddl: str, own: str) -> set[str]:
    """Who else is allowed something by a list of rights; without a list everybody is allowed everything."""
    if "D:" not in sddl or "NO_ACCESS_CONTROL" in sddl:
        return {"WD"}
    allowed = {who for kind, _, _, who in ACE.findall(sddl.partition("D:")[2]) if kind in ("A", "XA", "OA")}
    return allowed - THEIRS - {own}


@cache
def own_sid() -> str:
    """The security identifier of this account. Raises OSError, subprocess.SubprocessError."""
    found = SID.search(_run("whoami", "/user", "/fo", "csv", "/nh"))
    if found is None:
        raise OSError("whoami tells no identifier")
    return found[0]


def _run(*command: str) -> str:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    return done.stdout.decode("ascii", "replace")
