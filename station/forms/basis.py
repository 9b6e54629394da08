"""What forms are made of: the account of the afternoon, the self-test, the ticked list, the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config import Settings
from config.disk import DataDir
from config.kit import Kit
from config.roster import Roster
from station.checks import lastpass
from station.checks.byhand import Tick, ticks_of
from station.checks.lastpass import Pass
from station.reports.account import Account, account_of
from station.session.day import SessionDay, SessionStage
from uploader.queue import Row


@dataclass(frozen=True)
class Basis:
    account: Account
    names: bool
    """Names of pupils are wanted, also on forms that are not made of them."""
    rows: Sequence[Row] = ()
    """The deliveries of this session, practice items included."""
    tested: Pass | None = None
    """The last self-test."""
    ticks: Mapping[str, Tick] | None = None
    """What people looked at themselves, by the id of the item."""
    rehearsal: bool = False

    @property
    def day(self) -> SessionDay:
        """The stages of the session, and who answered for them."""
        return self.account.session.day

    @property
    def sealed_roster(self) -> bool:
        """Nobody has opened the roster yet: names are not shown."""
        return self.day.stage is SessionStage.PREPARED

    @property
    def seal(self) -> str:
        """The seal code; empty while the session is not sealed."""
        return self.day.seal.code if self.day.seal is not None else ""

    @property
    def settings(self) -> Settings:
        return self.account.settings

    @property
    def at(self) -> datetime:
        return self.account.at


def basis_of(
    settings: Settings,
    kit: Kit,
    roster: Roster,
    session_id: str,
    rows: Sequence[Row],
    at: datetime,
    *,
    names: bool,
    rehearsal: bool = False,
) -> Basis:
    """Read journal, takes folder and self-test. Raises StationError."""
    data = DataDir(settings.data.dir)
    return Basis(
        account_of(settings, kit, roster, session_id, rows, at),
        names,
        [row for row in rows if row.session == session_id],
        lastpass.load(data),
        ticks_of(data, at),
        rehearsal,
    )
