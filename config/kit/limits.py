"""Thresholds of the headset check and the verdict; a kit may set each under [limits].

Sources: ACX (floor <= -60 dBFS, peak <= -3 dBFS), SRoL corpus (SNR >= 30 dB), Sprex/Entropic FAQ
(peaks -16..-6 dBFS), ITU-T P.56 (active level); the rest was measured on degraded versions of a real
singing take.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Dbfs = Annotated[float, Field(ge=-150, le=0)]
Decibels = Annotated[float, Field(ge=0, le=150)]
Milliseconds = Annotated[float, Field(ge=0, le=60_000)]


class Limits(BaseModel):
    """All levels in dBFS, ratios in dB, times in ms."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    floor_good: Dbfs = -60.0
    """A room at or below this is quiet."""
    floor_bad: Dbfs = -45.0
    """A room above this is too noisy to sing in."""
    peak_target: Dbfs = -12.0
    """Loud singing should peak at or above this..."""
    peak_warn: Dbfs = -3.0
    """...and not above this."""
    flat_run: int = Field(default=3, ge=2, le=10_000)
    """So many equal samples at an extreme are clipping, at any level."""
    snr_good: Decibels = 30.0
    """Singing this far above the room's floor is clear."""
    snr_bad: Decibels = 20.0
    """Singing less than this above the room's floor is too quiet."""
    quiet: Dbfs = -40.0
    """A take whose 95th percentile of 20 ms frames is below this is too quiet."""
    voice_margin: Decibels = 10.0
    """Frames this far above the floor count as voice."""
    hum: Decibels = 25.0
    """A mains line (50 or 60 Hz and harmonics) this far above its neighbours is hum."""
    dc: float = Field(default=0.01, gt=0, le=1)
    """A mean this far from zero (full scale = 1) is a DC offset."""
    hf: Dbfs = -60.0
    """Less than this in 8.5-11 kHz, relative to 1-4 kHz, is a 16 kHz (Bluetooth) path."""
    zero_run: Milliseconds = 5.0
    """A run of exact zeros longer than this in a live take is a drop-out or a noise gate."""
    lost: Milliseconds = 12.2
    """More than this missing, told from the drift of the card's clock by its steps, is loss."""
    leakage: Dbfs = -25.0
    """Prompt louder than this in the microphone means loudspeakers, not a headset."""
