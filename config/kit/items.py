"""The test material: items in order with prompts, texts, timings and rules."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from config.kit.limits import Limits
from config.takes.facts import KitName

LINE, TEXT = 200, 5000
"""Characters of what is shown in one line, and on a whole screen."""
LONGEST_SECONDS = 600
"""Nobody sings, or reads notation, for longer."""


class Item(BaseModel):
    """One thing to sing. Seconds in brackets are those of machine-based sight-singing exams."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$")
    """Part of the take's file name."""
    title: str = Field(max_length=LINE)
    """Shown large above the notation."""
    kind: Literal["practice", "test"] = "test"
    """Practice items are recorded and heard, never delivered."""
    instruction: str = Field(default="", max_length=TEXT)
    """What the pupil is told before studying."""
    lyrics: str = Field(default="", max_length=TEXT)
    """Words, a line per line of notation."""
    notation: str = Field(default="", max_length=TEXT)
    """Numbered notation (简谱), a line per line of lyrics; staff and start tone are made of it, too."""
    show: Literal["numbered", "staff"] = "numbered"
    """How the notation is shown: as numbers, or on a staff (五线谱)."""
    key: str = Field(default="", max_length=10)
    """Where 1 is: "C", "1=G", "bB", "F#", "A3"; C4 is middle C. Without it C, and none is shown."""
    time: str = Field(default="", max_length=10)
    """Time signature, "4/4"; with it every bar is counted by `station kit check`."""
    tempo: float | None = Field(default=None, ge=20, le=300)
    """Quarter notes a minute, by which the pages of a long song turn; without it 80."""
    start_tone: Literal["", "first", "tonic", "chord"] = ""
    """Start tone (起音) made by the station where there is no prompt: first note, tonic, or its chord."""
    prompt: Path | None = None
    """Audio played before singing: tonic, scale, start note or spoken words; relative to the kit."""
    accompaniment: Path | None = None
    """Audio that plays while the pupil sings; relative to the kit."""
    study_seconds: float = Field(default=24, ge=0, le=LONGEST_SECONDS)
    """Time to read the notation (24)."""
    ready_seconds: float = Field(default=3, ge=0, le=60)
    """Get-ready countdown (3)."""
    max_seconds: float = Field(default=60, ge=1, le=LONGEST_SECONDS)
    """Recording ends by itself after this (60)."""
    min_seconds: float = Field(default=25, ge=0, le=LONGEST_SECONDS)
    """No early stop before this (25)."""
    attempts: int = Field(default=1, ge=1, le=9)
    """Attempts in all; a second one needs a technical reason."""


class Kit(BaseModel):
    """A validated kit; `root` is the folder (or the unpacked .zip) that audio paths start from."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    """Name of the kit in sidecars."""
    version: str = Field(max_length=LINE)
    """Version of the kit in sidecars."""
    title: str = Field(default="", max_length=LINE)
    """Shown on the Session screen."""
    items: tuple[Item, ...] = Field(max_length=100)
    """The items in the order in which they are sung."""
    song_remarks: bool = True
    """Say it small where a pupil sings another melody than that of the item; never a fault."""
    check_holds_minutes: float = Field(default=0, ge=0, le=240)
    """So long a good headset check holds for who follows and practises first: only quiet is measured (0)."""
    limits: Limits = Limits()
    """Thresholds of check and verdict."""
    root: Path = Path()
    """Filled in by `load_kit`."""
    digest: str = ""
    """sha256 over kit.toml and the sounds that it names; filled in by `load_kit`."""

    @property
    def named(self) -> KitName:
        """As in sidecars."""
        return KitName(self.id, self.version, self.digest)
