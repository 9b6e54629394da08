"""The expected pupils.

pupils      the roster, as values
same        two computers with one roster: who has sung, as bits
studentid   a cell -> a student's number that fits into a file name
numberformat  how Excel shows a whole number
marks       what an .xlsx says beside its values
oldmarks    the same of an old .xls
workbook    the process that reads Excel files
excel       the sheets of an Excel file, from that process
kinds       what a file is that is no table
table       rows of CSV and Excel files as schools make them
headings    which column is which
rows        rows -> pupils, and what is to be said of them
template    an empty list for Excel
rosterfile  a file -> Roster, or every problem in it
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = [
    "MARK_DIGITS",
    "MAX_DIGITS",
    "Pupil",
    "Roster",
    "Row",
    "TableError",
    "check_roster",
    "heading_word",
    "load_roster",
    "read_data",
    "roster_mark",
    "sung_bits",
    "sung_of",
    "tables_of",
    "write_template",
]

if TYPE_CHECKING:
    from config.roster.headings import heading_word
    from config.roster.pupils import Pupil, Roster
    from config.roster.rosterfile import check_roster, load_roster
    from config.roster.same import MARK_DIGITS, MAX_DIGITS, roster_mark, sung_bits, sung_of
    from config.roster.table import Row, TableError, read_data, tables_of
    from config.roster.template import write_template
else:
    __getattr__ = lazy(
        __name__,
        {
            "headings": ("heading_word",),
            "pupils": ("Pupil", "Roster"),
            "rosterfile": ("check_roster", "load_roster"),
            "same": ("MARK_DIGITS", "MAX_DIGITS", "roster_mark", "sung_bits", "sung_of"),
            "table": ("Row", "TableError", "read_data", "tables_of"),
            "template": ("write_template",),
        },
    )
