"""Questions that a check of the self-test asks, on its own thread, of the person at the screen."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Event as Flag
from typing import Any, cast

from textual.screen import Screen

from station.checks.bench import Answer, Ear, Step
from station.tui.dialogs import Choose
from station.words.i18n import tr

ANSWER_SECONDS = 60.0
"""Less than the time limit of the checks that ask, twice at most."""


class Asker:
    """Asks over `screen`, and nothing once `left` is set or another screen is shown: there a child sits."""

    def __init__(self, screen: Screen[Any], left: Flag) -> None:
        self._screen = screen
        self._left = left

    def ear(self, ear: Ear) -> Answer | None:
        """Where a tone was heard."""
        answers = [("left", tr("left")), ("right", tr("right")), ("both", tr("both")), ("none", tr("none"))]
        return cast(
            "Answer | None", self._choose(tr("A tone was played. On which ear was it heard?"), answers)
        )

    def ready(self, step: Step) -> bool:
        """Whether the person does what the step needs."""
        questions = {
            "sing": tr("After Enter, sing loudly into the microphone for four seconds."),
            "cup": tr("Hold an ear cup to the microphone until this check ends."),
        }
        answers = [("yes", tr("Go")), ("no", tr("Skip this"))]
        return self._choose(questions[step], answers) == "yes"

    def _choose(self, question: str, answers: Sequence[tuple[str, str]]) -> str | None:
        """The answer; None after Esc, or when nobody is there."""
        app = self._screen.app
        if self._left.is_set() or app.screen is not self._screen:
            return None
        future: Future[str | None] = Future()
        dialog = Choose(question, answers)
        app.call_from_thread(app.push_screen, dialog, future.set_result)
        try:
            return future.result(timeout=ANSWER_SECONDS)
        except TimeoutError:
            app.call_from_thread(dialog.dismiss, None)
            return None
