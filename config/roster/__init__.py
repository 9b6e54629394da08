"""The expected pupils.

pupils      the roster, as values
studentid   a cell -> a student's number that fits into a file name
excel       rows of an Excel file, read in a process of its own
table       rows of CSV and Excel files as schools make them
rosterfile  a file -> Roster, or every problem in it
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = ["Pupil", "Roster", "check_roster", "load_roster"]

if TYPE_CHECKING:
    from config.roster.pupils import Pupil, Roster
    from config.roster.rosterfile import check_roster, load_roster
else:
    __getattr__ = lazy(
        __name__,
        {
            "pupils": ("Pupil", "Roster"),
            "rosterfile": ("check_roster", "load_roster"),
        },
    )
