"""Who may use the data folder: this account alone, and one process of the station at a time.

acl      who may use a file of Windows
private  kept from other accounts of the computer
locks    held against other processes of the station
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = ["LockHeldError", "StationLock", "close_to_others", "exposed", "make_private"]

if TYPE_CHECKING:
    from config.access.locks import LockHeldError, StationLock
    from config.access.private import close_to_others, exposed, make_private
else:
    __getattr__ = lazy(
        __name__,
        {
            "locks": ("LockHeldError", "StationLock"),
            "private": ("close_to_others", "exposed", "make_private"),
        },
    )
