"""The data folder.

datadir    names of everything in it
filenames  names that every system takes
files      files that take their final name whole, whether they are there, and their digest
database   the one SQLite file, opened durably
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = [
    "DataDir",
    "UnknownContentError",
    "closed_on_error",
    "database_uri",
    "digest_of",
    "existing",
    "fits_windows",
    "has_table",
    "is_file",
    "is_folder",
    "is_there",
    "migrate",
    "open_database",
    "put_in_place",
    "refuse_newer",
    "remove",
    "transaction",
    "write_whole",
]

if TYPE_CHECKING:
    from config.disk.database import (
        UnknownContentError,
        closed_on_error,
        database_uri,
        has_table,
        migrate,
        open_database,
        refuse_newer,
        transaction,
    )
    from config.disk.datadir import DataDir, existing
    from config.disk.filenames import fits_windows
    from config.disk.files import (
        digest_of,
        is_file,
        is_folder,
        is_there,
        put_in_place,
        remove,
        write_whole,
    )
else:
    __getattr__ = lazy(
        __name__,
        {
            "database": (
                "UnknownContentError",
                "closed_on_error",
                "database_uri",
                "has_table",
                "migrate",
                "open_database",
                "refuse_newer",
                "transaction",
            ),
            "datadir": ("DataDir", "existing"),
            "filenames": ("fits_windows",),
            "files": (
                "digest_of",
                "is_file",
                "is_folder",
                "is_there",
                "put_in_place",
                "remove",
                "write_whole",
            ),
        },
    )
