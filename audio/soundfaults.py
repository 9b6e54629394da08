"""Every way in which sound can fail: how it is noticed, and what the proctor reads.

`FAULTS.md` beside this file is this table; a test keeps them in step.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.base import Message, say


@dataclass(frozen=True)
class SoundFault:
    """One line of the table."""

    message: Message
    """What happened, and the next step."""
    detected: str
    """How it is noticed, for technicians."""


FAULTS: dict[str, SoundFault] = {
    "no_device": SoundFault(
        say("The headset was not found. Plug it in, wait five seconds, then press Enter."),
        "the configured host API and name are not in PortAudio's list",
    ),
    "busy": SoundFault(
        say("The headset can't be opened. Close other programs that use it, or plug it in again."),
        "opening the stream raises",
    ),
    "bad_rate": SoundFault(
        say(
            "The headset does not run at the rate of station.toml ([audio] samplerate). "
            "Set this rate in the sound settings."
        ),
        "PortAudio refuses the sampling rate (-9997)",
    ),
    "no_side": SoundFault(
        say('This microphone has no two sides. Write side = "mix" under [audio] in station.toml.'),
        "a side is wanted of a device with one input channel",
    ),
    "stalled": SoundFault(
        say("The headset has stopped. Check the plug, plug it in again and wait five seconds."),
        "no callback for one second",
    ),
    "moved": SoundFault(
        say("The computer listens to another microphone now. Plug the headset in again."),
        "the sound server moved the stream to another source",
    ),
    "disk_full": SoundFault(
        say("The disk is full. Free some space now; what was sung so far is kept."),
        "writing raises ENOSPC",
    ),
    "disk_error": SoundFault(
        say("The recording can't be written to the disk. Tell the IT teacher; use another computer."),
        "writing or fsync raises another OSError",
    ),
    "exists": SoundFault(
        say("A recording with this number is there already. It was not touched. Start the attempt again."),
        "the take's final name exists",
    ),
    "bad_sound": SoundFault(
        say("A sound of the test can't be played. Check the kit with “station kit check”."),
        "the WAV at the device rate can't be read",
    ),
    "capture_died": SoundFault(
        say("The recorder stopped and is started again. Wait a moment, then go on."),
        "the capture process' pipe closed",
    ),
    "nothing_recorded": SoundFault(
        say("Nothing was recorded before the interruption. Let the pupil sing again."),
        "no file with this take id after a restart",
    ),
    "refused": SoundFault(
        say("The recorder did not accept the command. Try again."),
        "a command that does not fit the state",
    ),
}
