"""What was noticed about a take and is no fault: shown small, kept beside it, no reason to sing again."""

from __future__ import annotations

from audio.judge.reasons import Reason
from config.base import say

_ALL = (
    Reason(
        "spoken",
        say("This sounds like speaking, not singing."),
        say("If the pupil did not sing, let them know that it is a song."),
    ),
    Reason(
        "other_song",
        say("The melody is not that of this song."),
        say("Check that the pupil sang the right song."),
        say("The melody is that of item {sounds_like_item}, not of this song."),
    ),
    Reason(
        "sparse",
        say("Only a small part of the time was sung."),
        say("Listen whether the pupil sang the whole song."),
        say("The pupil sang {voice_seconds} of {seconds} s."),
    ),
    Reason(
        "bump",
        say("Something knocked against the microphone."),
        say("Nothing has to be done; the singing is not spoilt."),
    ),
    Reason(
        "agc",
        say("The computer changes the microphone's level by itself."),
        say("Turn off automatic level control in the sound settings of the microphone."),
    ),
)
REMARKS: dict[str, Reason] = {remark.code: remark for remark in _ALL}
ORDER: tuple[str, ...] = tuple(REMARKS)


def in_order(codes: set[str]) -> tuple[str, ...]:
    """The codes, those that matter most first."""
    return tuple(code for code in ORDER if code in codes)
