"""The test for restore cards: does what is written in the data folder survive a restart?

1. Each run after a restart writes a new token into the data folder, and remembers it elsewhere: in the
   user's folder and on every other drive of this computer, since a card may set back any one of them.
2. The newest memory counts. The data folder was set back where its token is missing or older than that;
   a memory that is older than the token was set back itself, which harms no recording.
3. A folder that lost its token without a restart in between was removed by somebody.
4. The finding stays the same until the next restart: running the test again does not heal a drive.
What sets back every drive at once is told by the person: the first sentence comes again.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import platformdirs
import psutil

from config.base import Message, say
from config.disk import write_whole
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, ask, fail, ok, skipped
from station.checks.computer.hardware import better_drive, other_volumes
from station.words.i18n import tr_noop

log = logging.getLogger(__name__)
TOKEN = "restart-test.json"
FOLDER = "singing-test-station"


@dataclass(frozen=True)
class RestartMark:
    """What one run wrote."""

    id: str
    at: float
    """When, in seconds since 1970."""
    survived: float | None = None
    """When the token was written that the last restart left alone."""
    lost: float | None = None
    """When the token was written that the last restart took away."""


def memory_files(data_root: Path) -> list[Path]:
    """Where the last token of this data folder is remembered."""
    place = "".join(char if char.isalnum() else "-" for char in str(data_root))[-60:]
    # A stick may come from another computer, and remember what was written there.
    name = f"restart{place}-{uuid.getnode():x}.json"
    own = Path(platformdirs.user_state_dir(FOLDER, appauthor=False))
    return [own / name, *(volume / f".{FOLDER}" / name for volume in other_volumes(data_root))]


def restart_test(bench: Bench) -> Finding:
    token_file, memories = bench.data.root / TOKEN, memory_files(bench.data.root)
    token, booted = read(token_file), ask(psutil.boot_time)
    remembered = max(filter(None, map(read, memories)), key=lambda memory: memory.at, default=None)
    if remembered is not None and (token is None or token.at < remembered.at):
        token = RestartMark("", 0.0, lost=remembered.at) if booted > remembered.at else None
    elif token is not None and booted > token.at:
        token = RestartMark("", 0.0, survived=token.at)
    if token is None or not token.id:
        survived, lost = (token.survived, token.lost) if token else (None, None)
        token = RestartMark(uuid.uuid4().hex, time.time(), survived, lost)
        _write(token_file, token)
    _remember(memories, token)
    return judge(token, better_drive(bench))


def judge(token: RestartMark, otherwise: Message) -> Finding:
    """What the token of the data folder tells until the next restart."""
    if token.lost is not None:
        return fail(
            say("What was written into the data folder at {time} is gone.", time=_time(token.lost)),
            say(
                "This drive is set back at every restart (restore card): recordings would be gone. Have the "
                "card switched off for this drive. {otherwise}",
                otherwise=otherwise,
            ),
        )
    if token.survived is not None:
        return ok(
            say("What was written before the restart at {time} is still there.", time=_time(token.survived))
        )
    return skipped(
        say(
            "A mark was written at {time}. Restart this computer once and test again. If the mark is then as "
            "new as that test, a restore card sets the drive back: choose another drive.",
            time=_time(token.at),
        )
    )


def read(path: Path) -> RestartMark | None:
    """None where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        survived, lost = (
            None if found[name] is None else float(found[name]) for name in ("survived", "lost")
        )
        token = RestartMark(str(found["id"]), float(found["at"]), survived, lost)
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    # Written while the clock was ahead, or by nobody: nothing can be told from it.
    times = [at for at in (token.at, token.survived, token.lost) if at is not None]
    return token if all(0 <= at <= time.time() for at in times) else None


def _remember(memories: Iterable[Path], token: RestartMark) -> None:
    """Wherever this user may write; a drive that does not let them remembers nothing."""
    for path in memories:
        if read(path) != token:
            try:
                _write(path, token)
            except OSError as error:
                log.info("no memory of the restart test on %s: %s", path.anchor, error)


def _write(path: Path, token: RestartMark) -> None:
    """Durably, with its folder. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(asdict(token)).encode("utf-8"))


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds).astimezone():%Y-%m-%d %H:%M}"


CHECKS = (
    Check(
        "restart", Group.COMPUTER, tr_noop("Restore card"),
        tr_noop("Some school computers forget everything at a restart, recordings too."),
        tr_noop("A token is written, and looked for after the next restart."),
        restart_test, morning=True,
    ),
)  # fmt: skip
