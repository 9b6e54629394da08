"""The thread that tells the district how far this station is, and brings back the district's words.

1. It has a connection of its own and waits for nobody; nobody waits for it.
2. Whatever fails is one word in the details, and tried again a minute later with newer facts.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Protocol

from config.base import StationError
from config.disk import write_whole
from config.status import Beside, BoardAnswer, Status, answer_of, metadata_of
from station.session.view import BoardLine, View
from station.status.collector import stage_of
from station.status.schedule import Schedule
from uploader.tus import server_time

log = logging.getLogger(__name__)
WORD_SECONDS = 600.0
"""So long the district's words stay on the screen, unless the district takes them back before."""
GOODBYE_SECONDS = 2.0
JOIN_SECONDS = 6.0
"""A connection that is being made can't be broken off; it takes five at most."""


class StatusLine(Protocol):
    """Implemented by uploader.tus.Announcer."""

    def announce(self, metadata: Mapping[str, str]) -> Mapping[str, str]: ...
    def abort(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Asked:
    """What a status must say that only the thread knows."""

    seq: int
    closed: bool
    clock: int | None
    heard: int


class Broadcast:
    """`collect` makes a status on this thread; `told` hears what the screens should show."""

    def __init__(
        self,
        line: StatusLine,
        collect: Callable[[Asked], Status],
        told: Callable[[BoardLine], None],
        kept: KeptCount,
        beside: Callable[[Sequence[Beside]], None] = lambda found: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`beside` hears what other stations with the same roster have said."""
        self._line, self._collect, self._told, self._kept, self._clock = line, collect, told, kept, clock
        self._beside = beside
        self._schedule = Schedule(kept=kept.count)
        self._seen: tuple[object, object] | None = None
        self._changed = self._stage = False
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._seq = 0
        self._ahead: int | None = None
        self._word = BoardAnswer()
        self._word_at = 0.0
        self._shown = BoardLine()
        self._thread = threading.Thread(target=self._run, name="status", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """A last word where a board listens, then the end; never longer than JOIN_SECONDS."""
        self._ended.set()
        self._wake.set()
        self._thread.join(GOODBYE_SECONDS)
        if self._thread.is_alive():
            self._line.abort()
            self._thread.join(JOIN_SECONDS - GOODBYE_SECONDS)

    def see(self, view: View) -> None:
        """Observer of the session; returns at once."""
        seen = (stage_of(view.session), view.session.current)
        before, self._seen = self._seen, seen
        if before is None or seen == before:
            return
        with self._lock:
            self._changed = True
            self._stage = self._stage or seen[0] != before[0]
        self._wake.set()

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                wait = self._seconds()
                if wait is None or wait > 0:
                    self._wake.wait(wait)
                    self._wake.clear()
                else:
                    self._speak(closed=False)
            if self._schedule.board and self._shown.state == "heard":
                self._speak(closed=True)
        finally:
            self._line.close()

    def _seconds(self) -> float | None:
        """Until the next word, or until words from the district have been shown long enough."""
        now = self._clock()
        with self._lock:
            due = self._schedule.due_at(changed=self._changed, stage=self._stage)
        if self._word.word and now - self._word_at >= WORD_SECONDS:
            self._show(BoardLine(self._shown.state))
        return None if due is None else due - now

    def _speak(self, *, closed: bool) -> None:
        with self._lock:
            self._changed = self._stage = False
        board: bool | None = None
        try:
            answer = self._send(closed)
        except StationError as error:
            log.info("the status was not taken: %s", error)
            self._show(BoardLine("failed", self._shown.word))
        except Exception:  # Recording goes on, whatever becomes of what is only told.
            log.exception("the status could not be told")
            self._show(BoardLine("failed", self._shown.word))
        else:
            board = answer.board
            self._hear(answer)
        self._schedule.spoken(self._clock(), board)
        if board is False:
            self._kept.note(self._schedule.kept)

    def _send(self, closed: bool) -> BoardAnswer:
        self._seq += 1
        status = self._collect(Asked(self._seq, closed, self._ahead, self._word.number))
        headers = self._line.announce(metadata_of(status))
        there = server_time(headers)
        if there is not None:
            self._ahead = round((datetime.now().astimezone() - there).total_seconds())
        return answer_of(headers)

    def _hear(self, answer: BoardAnswer) -> None:
        if answer.number != self._word.number:
            self._word, self._word_at = answer, self._clock()
        fresh = self._clock() - self._word_at < WORD_SECONDS
        self._show(BoardLine("heard" if answer.board else "kept", answer.word if fresh else ""))
        if answer.beside:
            self._beside(answer.beside)

    def _show(self, line: BoardLine) -> None:
        if line != self._shown:
            self._shown = line
            self._told(line)


class KeptCount:
    """How many statuses of a session lie at a server without a board, over restarts too."""

    def __init__(self, path: Path, session_id: str) -> None:
        self._path, self._session_id = path, session_id
        self.count = 0
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if found["session"] == session_id:
                self.count = max(0, int(found["kept"]))
        except (OSError, ValueError, KeyError, TypeError):
            pass

    def note(self, count: int) -> None:
        self.count = count
        body = json.dumps({"session": self._session_id, "kept": count}).encode("utf-8")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, body)
        except OSError as error:
            log.warning("the number of statuses was not written: %s", error.strerror)
