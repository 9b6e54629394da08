"""The test for restore cards: does what is written in the data folder survive a restart?

1. The first run writes a token into the data folder and its memory beside the user's other settings.
2. After a restart the token is looked for: gone, or older than the memory, means a disk that is reset.
The memory lives in the user's folder; a card that resets both is noticed by the folder's own age:
a session that the memory does not know and a data folder that is empty again.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs
import psutil

from audio.sidecar import write_whole
from config.message import say
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, fail, ok, skipped
from station.i18n import tr_noop

TOKEN = "restart-test.json"
SAME_BOOT_SECONDS = 5.0
"""Boot times are computed from the clock and may differ by a little."""


def memory_file(data_root: Path) -> Path:
    """Where the last token of this data folder is remembered: another folder, if possible another volume."""
    name = "".join(char if char.isalnum() else "-" for char in str(data_root))[-60:]
    return Path(platformdirs.user_state_dir("singing-test-station", appauthor=False)) / f"restart{name}.json"


def restart_test(bench: Bench) -> Finding:
    token_file, memory = bench.data.root / TOKEN, memory_file(bench.data.root)
    token, remembered = _read(token_file), _read(memory)
    boot = psutil.boot_time()
    if remembered is not None and abs(remembered["boot"] - boot) < SAME_BOOT_SECONDS and token is None:
        # No restart between: somebody has removed the folder.
        remembered = None
    if remembered is not None and (token is None or token["id"] != remembered["id"]):
        _write_both(token_file, memory, boot)
        return fail(
            say("What was written into the data folder at {time} is gone.", time=_time(remembered)),
            say(
                "This drive is set back at every restart (restore card). Choose a drive that is not, "
                "under [data] dir in station.toml."
            ),
        )
    if token is None:
        _write_both(token_file, memory, boot)
        return skipped(say("A token was written. Restart the computer once, then run the self-test again."))
    if remembered is None:
        write_whole_in(memory, token)
    if abs(token["boot"] - boot) < SAME_BOOT_SECONDS:
        return skipped(
            say(
                "Not restarted since {time}. Restart the computer once, then run the self-test again.",
                time=_time(token),
            )
        )
    return ok(say("What was written before the restart at {time} is still there.", time=_time(token)))


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {"id": str(found["id"]), "boot": float(found["boot"]), "at": str(found["at"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_both(token_file: Path, memory: Path, boot: float) -> None:
    token = {
        "id": uuid.uuid4().hex,
        "boot": boot,
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    write_whole_in(token_file, token)
    write_whole_in(memory, token)


def write_whole_in(path: Path, value: dict[str, Any]) -> None:
    """Write JSON durably, making its folder. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(value).encode("utf-8"))


def _time(token: dict[str, Any]) -> str:
    return str(token["at"]).replace("T", " ")[:16]


CHECKS = (
    Check(
        "restart", Group.COMPUTER, tr_noop("Restore card"),
        tr_noop("Some school computers forget everything at a restart, recordings too."),
        tr_noop("A token is written, and looked for after the next restart."),
        restart_test, morning=True,
    ),
)  # fmt: skip
