"""What to do next, for somebody who does it for the first time: in a rehearsal, until a few have sung."""

from __future__ import annotations

from station.session.state import CHECK_PHASES, Phase, Session
from station.words.i18n import tr, tr_noop

PUPILS = 2
"""After so many the proctor knows it, and the class goes on without."""
HINTS = {
    Phase.HOME: tr_noop("Hint: press Enter now; it calls the pupil in the line “Next”."),
    Phase.IDENTITY: tr_noop("Hint: ask the child for the name. Is it this one? Press Enter now."),
    Phase.CHECK_RESULT: tr_noop("Hint: ask whether the melody was heard. Enter for yes, N for no."),
    Phase.INSTRUCTION: tr_noop("Hint: let the pupil read, then press Enter; it runs to the end by itself."),
    Phase.VERDICT: tr_noop("Hint: read the verdict; the key line says what Enter does now."),
}
CHECKING = tr_noop("Hint: press nothing; the pupil does what is written, it goes on by itself.")


def hint(session: Session) -> str:
    """Empty where the pupil's screen must stay as it is, and where nobody needs one any more."""
    done = session.totals.done + session.totals.troubled
    if done >= PUPILS:
        return ""
    if session.phase in CHECK_PHASES and session.phase not in HINTS:
        return tr(CHECKING)
    return tr(HINTS[session.phase]) if session.phase in HINTS else ""
