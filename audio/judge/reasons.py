"""Why a take is not fine: what the proctor reads, and what to do. The codes are stable.

The order of the table is the order of gravity; `audio.judge.verdict` names the reasons in this order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from config.base import Message, say


@dataclass(frozen=True)
class Reason:
    """One line of the table."""

    code: str
    what: Message
    todo: Message
    measured: Message | None = None
    """`what` with numbers of the verdict, where they are known."""

    def told(self, numbers: Mapping[str, float]) -> Message:
        """What happened, as exactly as `numbers` say."""
        if self.measured is None:
            return self.what
        wanted = {name for _, name, _, _ in Formatter().parse(self.measured.template) if name}
        known = {name: numbers[name] for name in wanted if name in numbers}
        return Message(self.measured.template, known) if len(known) == len(wanted) else self.what


_ALL = (
    Reason(
        "unreadable",
        say("The recording can't be read back from the disk."),
        say("Let the pupil sing again; if it happens twice, use another computer."),
    ),
    Reason(
        "partial",
        say("The recording broke off before the end."),
        say("Check the plug of the headset, then let the pupil sing again."),
    ),
    Reason(
        "lost_samples",
        say("Pieces of the sound are missing."),
        say("Close other programs, then let the pupil sing again."),
    ),
    Reason(
        "silent",
        say("There is no sound at all in the recording."),
        say("Check the mute switch on the cable and the microphone permission of the computer."),
    ),
    Reason(
        "muted",
        say("The microphone was dead for a while."),
        say("Check the mute switch on the cable and the plug, then let the pupil sing again."),
        say("The microphone was dead from {muted_from} s to {muted_to} s."),
    ),
    Reason(
        "no_singing",
        say("Only the room can be heard, nobody sings."),
        say("Check that the right microphone is chosen and close to the mouth, or ask the pupil to sing."),
    ),
    Reason(
        "short",
        say("The recording is shorter than this item asks for."),
        say("Let the pupil sing the whole song."),
    ),
    Reason(
        "clipped",
        say("The singing is too loud and sounds distorted."),
        say("Move the microphone two fingers away from the mouth, or turn its level down."),
    ),
    Reason(
        "dropouts",
        say("The sound stops for short moments."),
        say("Plug the headset straight into the computer, without a hub, and close other programs."),
    ),
    Reason(
        "gated",
        say("The computer cuts away quiet parts of the singing."),
        say("Turn off noise suppression in the sound settings of the microphone."),
    ),
    Reason(
        "leakage",
        say("The music can be heard in the recording."),
        say("Use the headset instead of loudspeakers, or turn the headphones down."),
    ),
    Reason(
        "quiet",
        say("The singing is too quiet."),
        say("Move the microphone closer to the mouth, or turn its level up."),
    ),
    Reason(
        "noisy",
        say("The room is too loud for this singing."),
        say("Close doors and windows, turn off fans, and move the microphone closer to the mouth."),
    ),
    Reason(
        "band_limited",
        say("The sound is dull, as over a telephone."),
        say("Use a headset with a cable instead of Bluetooth."),
    ),
    Reason(
        "hum",
        say("There is a hum in the recording."),
        say("Plug the headset into another socket, away from power supplies."),
    ),
    Reason(
        "dc",
        say("The microphone delivers a faulty signal."),
        say("Plug the headset in again; if it stays so, use another one."),
    ),
)
REASONS: dict[str, Reason] = {reason.code: reason for reason in _ALL}
ORDER: tuple[str, ...] = tuple(REASONS)


def in_order(codes: set[str]) -> tuple[str, ...]:
    """The codes, the gravest first."""
    return tuple(code for code in ORDER if code in codes)
