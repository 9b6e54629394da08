"""A tus 1.0.0 client (https://tus.io/protocols/resumable-upload) that distrusts what it is told.

address    which origin may have the token, and where an upload really is
watchdog   a limit on the time until an answer begins
reach      where a server is, within a time
transport  connections: trust, timeouts, buffers, abort from another thread
body       a piece of a file
headers    what is written in them, and read
answer     one answer, read within bounds
answers    every answer and broken connection -> UploadFault
readback   the server's copy, whole or not at all
client     the requests themselves
announce   a creation without bytes: words, not recordings
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "Announcer",
    "Capabilities",
    "Timing",
    "Transport",
    "TusClient",
    "answer_of",
    "is_reached",
    "is_readable",
    "server_time",
]

if TYPE_CHECKING:
    from uploader.tus.address import is_readable
    from uploader.tus.announce import Announcer, server_time
    from uploader.tus.answer import answer_of
    from uploader.tus.client import Capabilities, TusClient
    from uploader.tus.reach import is_reached
    from uploader.tus.transport import Timing, Transport
else:
    __getattr__ = lazy(
        __name__,
        {
            "address": ("is_readable",),
            "answer": ("answer_of",),
            "announce": ("Announcer", "server_time"),
            "client": ("Capabilities", "TusClient"),
            "reach": ("is_reached",),
            "transport": ("Timing", "Transport"),
        },
    )
