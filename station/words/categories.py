"""What happened, in words: the sort of an incident, minutes lost, what was done."""

from __future__ import annotations

from station.session.events import IncidentNoted
from station.words.i18n import tr, tr_noop

CATEGORIES: dict[str, str] = {
    "device": tr_noop("Equipment"),
    "network": tr_noop("Network"),
    "power": tr_noop("Power cut"),
    "noise": tr_noop("Noise"),
    "pupil": tr_noop("Pupil"),
    "other": tr_noop("Something else"),
}
"""In the order of their keys."""


def category(note: IncidentNoted) -> str:
    """Empty for one that was not asked for."""
    return tr(CATEGORIES[note.category]) if note.category else ""


def told(note: IncidentNoted, words: str) -> str:
    """`words` with the sort before and what was lost and done behind: one line."""
    before = tr("{sort}: ").format(sort=category(note)) if note.category else ""
    lost = (
        tr("{minutes} {minutes|minute|minutes} lost").format(minutes=note.minutes)
        if note.minutes is not None
        else ""
    )
    behind = tr(", ").join(part for part in (lost, note.remedy) if part)
    return before + words + (tr(" ({more})").format(more=behind) if behind else "")
