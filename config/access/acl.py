"""Who may use a file or folder of Windows, told and set.

Rights are read and written as SDDL (learn.microsoft.com/windows/win32/secauthz/ace-strings).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from config.access import descriptors
from config.disk.files import is_folder

SYSTEM, ADMINISTRATORS = "S-1-5-18", "S-1-5-32-544"
THEIRS = frozenset({"SY", "BA", "LA", "CO", "OW", SYSTEM, ADMINISTRATORS, "S-1-3-0", "S-1-3-4"})
"""Who is no stranger: the system, administrators (nothing can be kept from them), and the owner himself."""
ACE = re.compile(r"\(([^;()]*);([^;()]*);([^;()]*);[^;()]*;[^;()]*;([^;()]*)")
NOTHING_OF_ITS_OWN = "D:"


def make_private(path: Path) -> bool:
    """Leave a file or folder, and all below it, to this account; whether it was open to others before.

    Raises OSError, e.g. on a drive that knows no rights.
    """
    if not is_open(path):
        return False
    below = "OICI" if is_folder(path) else ""
    granted = (f"(A;{below};FA;;;{who})" for who in (descriptors.own_sid(), SYSTEM, ADMINISTRATORS))
    descriptors.write(path, "D:P" + "".join(granted), inherits=False)
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            # Rights that were given to single files before give way to those of the folder.
            if is_open(Path(folder, name)):
                descriptors.write(Path(folder, name), NOTHING_OF_ITS_OWN, inherits=True)
    return True


def is_open(path: Path) -> bool:
    """Whether another account than ours has a right to it. Raises OSError."""
    return bool(strangers(descriptors.read(path), descriptors.own_sid()))


def strangers(sddl: str, own: str) -> set[str]:
    """Who else is allowed something by a list of rights; without a list everybody is allowed everything."""
    if "D:" not in sddl or "NO_ACCESS_CONTROL" in sddl:
        return {"WD"}
    allowed = {who for kind, _, _, who in ACE.findall(sddl.partition("D:")[2]) if kind in ("A", "XA", "OA")}
    return allowed - THEIRS - {own}
