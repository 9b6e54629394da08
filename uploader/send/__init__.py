"""One take after another.

allowance  how often a take may be begun anew
retry     how long to wait before the next try
sender    create, resume, pieces
losses    what the server lost: another upload, or not
delivery  one take: tries, and what faults teach
outcome   what the end of a delivery makes of its row and the others
worker    threads: turns, pauses, end
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = ["Uploader"]

if TYPE_CHECKING:
    from uploader.send.worker import Uploader
else:
    __getattr__ = lazy(
        __name__,
        {
            "worker": ("Uploader",),
        },
    )
