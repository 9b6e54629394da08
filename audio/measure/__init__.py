"""Measurements on recordings.

framelevels  the level of every 20 ms
spectrum     tones or noise, hum, bandwidth
room         what is there all the time: hum, and where a narrow path cuts it off
knocks       moments louder than all around them
pitch        the fundamental of a voice
traits       what tells a voice from what else has a pitch
vocal        where somebody sings or speaks
singing      where there are tones above the room
stuck        a microphone that is dead although samples come
flaws        flat tops and cut-out pieces
leakage      known music through the air: how loud, and what is left without it
alignment    where a known sound lies, and how loud
calibration  the round trip of a headset
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "EDGE_DB",
    "SHARP",
    "STUCK_SECONDS",
    "Calibration",
    "Hum",
    "Signal",
    "calibrate",
    "find_edge",
    "find_stuck",
    "measure_colour",
    "measure_levels",
    "measure_zeros",
    "sweeps",
]

if TYPE_CHECKING:
    from audio.measure.alignment import SHARP, Signal
    from audio.measure.calibration import Calibration, calibrate, sweeps
    from audio.measure.flaws import measure_zeros
    from audio.measure.framelevels import measure_levels
    from audio.measure.room import EDGE_DB, find_edge
    from audio.measure.spectrum import Hum, measure_colour
    from audio.measure.stuck import STUCK_SECONDS, find_stuck
else:
    __getattr__ = lazy(
        __name__,
        {
            "alignment": ("SHARP", "Signal"),
            "calibration": ("Calibration", "calibrate", "sweeps"),
            "flaws": ("measure_zeros",),
            "framelevels": ("measure_levels",),
            "room": ("EDGE_DB", "find_edge"),
            "spectrum": ("Hum", "measure_colour"),
            "stuck": ("STUCK_SECONDS", "find_stuck"),
        },
    )
