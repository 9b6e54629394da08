"""Lets the virtual pupils be heard at the right moment, by following the session like a screen does."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from config.disk import is_there
from config.kit import Item
from config.roster import Roster
from station.demo.singer import sing_item, sing_phrase
from station.demo.wavwrite import write_wav
from station.session.state import Phase, Session
from station.session.view import View

QUIET = (Phase.HOME, Phase.CHECK_SILENCE, Phase.SAVING)
"""A pupil does not sing on when the take is over."""


LEARNING = (Phase.INSTRUCTION, Phase.STUDY, Phase.PROMPT, Phase.READY)


class Voices:
    """start() it, let it see() every view, stop() it. The singing is rendered on its own thread while
    the pupil studies, so that it begins in time."""

    def __init__(
        self,
        roster: Roster,
        items: Mapping[str, Item],
        samplerate: int,
        folder: Path,
        feed: Callable[[Path], None],
    ) -> None:
        self._index = {pupil.student_id: index for index, pupil in enumerate(roster.pupils)}
        self._items = items
        self._samplerate = samplerate
        self._folder = folder
        self._feed = feed
        self._views: queue.SimpleQueue[View | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="voices")
        self._rendered: set[Path] = set()
        self._last: tuple[Phase, str, bool] | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._views.put(None)
        self._thread.join()

    def ready(self, session: Session) -> bool:
        """Whether the pupil in the chair knows the song; from any thread."""
        return self._song_path(session.current, session.item.id) in self._rendered

    def see(self, view: View) -> None:
        self._views.put(view)

    def _run(self) -> None:
        while (view := self._views.get()) is not None:
            session = view.session
            now = (session.phase, session.take_id, view.recording_since_at is not None)
            if now != self._last:
                self._last = now
                self._follow(session, sounding=now[2])

    def _follow(self, session: Session, *, sounding: bool) -> None:
        if session.phase in QUIET:
            self._feed(self._silence())
        elif session.phase is Phase.CHECK_SINGING:
            self._feed(self._phrase(session.current))
        elif session.phase is Phase.IDENTITY:
            self._phrase(session.current)
        elif session.phase in LEARNING:
            self._song(session.current, session.item.id)
        elif session.phase is Phase.RECORDING and sounding:
            self._feed(self._song(session.current, session.item.id))

    def _silence(self) -> Path:
        path = self._folder / "silence.wav"
        return path if is_there(path) else write_wav(path, np.zeros(480, dtype=np.float32), self._samplerate)

    def _phrase(self, student_id: str) -> Path:
        path = self._folder / f"phrase_{student_id}.wav"
        if not is_there(path):
            sing_phrase(self._index[student_id], self._samplerate, path)
        return path

    def _song(self, student_id: str, item_id: str) -> Path:
        path = self._song_path(student_id, item_id)
        if path not in self._rendered:
            item = self._items[item_id]
            sing_item(item, self._index[student_id], self._samplerate, item.max_seconds, path)
            self._rendered.add(path)
        return path

    def _song_path(self, student_id: str, item_id: str) -> Path:
        return self._folder / f"{item_id}_{student_id}.wav"
