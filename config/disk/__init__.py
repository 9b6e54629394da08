"""The data folder.

datadir    names of everything in it
filenames  names that every system takes
takes      names of a take's files
files      files that take their final name whole, and whether they are there
database   the one SQLite file, opened durably
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = [
    "DataDir",
    "closed_on_error",
    "database_uri",
    "existing",
    "fits_windows",
    "has_table",
    "is_file",
    "is_folder",
    "is_there",
    "migrate",
    "open_database",
    "remove",
    "replace",
    "take_prefix",
    "transaction",
]

if TYPE_CHECKING:
    from config.disk.database import (
        closed_on_error,
        database_uri,
        has_table,
        migrate,
        open_database,
        transaction,
    )
    from config.disk.datadir import DataDir, existing
    from config.disk.filenames import fits_windows
    from config.disk.files import is_file, is_folder, is_there, remove, replace
    from config.disk.takes import take_prefix
else:
    __getattr__ = lazy(
        __name__,
        {
            "database": (
                "closed_on_error",
                "database_uri",
                "has_table",
                "migrate",
                "open_database",
                "transaction",
            ),
            "datadir": ("DataDir", "existing"),
            "filenames": ("fits_windows",),
            "files": ("is_file", "is_folder", "is_there", "remove", "replace"),
            "takes": ("take_prefix",),
        },
    )
