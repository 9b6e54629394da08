"""What is kept within bounds: the data folder is this account's and one process's, a reader has its memory.

descriptors  a file's list of rights, as Windows has it
acl          who may use a file of Windows
private      kept from other accounts of the computer
locks        held against other processes of the station
bounds       limits that a process sets for itself
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = ["LockHeldError", "StationLock", "close_to_others", "exposed", "limit_this_process", "make_private"]

if TYPE_CHECKING:
    from config.access.bounds import limit_this_process
    from config.access.locks import LockHeldError, StationLock
    from config.access.private import close_to_others, exposed, make_private
else:
    __getattr__ = lazy(
        __name__,
        {
            "bounds": ("limit_this_process",),
            "locks": ("LockHeldError", "StationLock"),
            "private": ("close_to_others", "exposed", "make_private"),
        },
    )
