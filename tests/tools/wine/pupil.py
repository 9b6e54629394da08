"""Who sings into the virtual card in a demo: from the beginning of a recording to its end, as a pupil does.

The headset check listens to the room first: a voice that never stops would be taken for the room.
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

from audio.device.card import VirtualCard
from config.takes import PART

LOOK_SECONDS = 0.05
SILENCE = f"check_silence{PART}"


class Pupil:
    """Sings while the block runs and something but silence is recorded below a data folder."""

    def __init__(self, card: VirtualCard, voice: Path, data: Path) -> None:
        self._card = card
        self._voice = voice
        self._data = data
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pupil")

    def __enter__(self) -> Pupil:
        self._card.hush()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join()
        self._card.hush()

    def _run(self) -> None:
        singing = False
        while not self._left.wait(LOOK_SECONDS):
            wanted = any(part.name != SILENCE for part in self._data.rglob(f"*{PART}"))
            if wanted and not singing:
                self._card.feed(self._voice)
            elif singing and not wanted:
                self._card.hush()
            singing = wanted
