"""What a station says to the others with its roster: who has sung or is absent (config.roster.same). Pure."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from config.status.grammar import Ident, Moment, RosterMark, SungBits
from config.status.record import Status


class Beside(BaseModel):
    """What one station says to the others with its roster."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    MOST: ClassVar[int] = 4
    """So many other stations of one roster are heard at most."""

    station: Ident
    session: Ident
    at: Moment
    roster: RosterMark
    sung: SungBits
    absent: SungBits = ""
    """Empty for nobody, and from programs that did not say it."""

    @classmethod
    def of(cls, status: Status) -> Beside:
        """The part of a status that is for the others."""
        return cls(
            station=status.station,
            session=status.session,
            at=status.at,
            roster=status.roster,
            sung=status.sung,
            absent=status.absent,
        )

    def fits(self, other: Beside) -> bool:
        """Whether both are of one roster, and of one session or at least one day."""
        same_time = self.session == other.session or self.at[:10] == other.at[:10]
        return bool(self.sung) and self.roster == other.roster != "" and same_time
