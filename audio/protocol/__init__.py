"""What the station and the capture process say to each other.

messages  commands and events, frozen
codec     one JSON line each
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = ["DeviceInfo", "Feed", "Level", "TakeSaved", "messages"]

if TYPE_CHECKING:
    from audio.protocol import messages
    from audio.protocol.messages import DeviceInfo, Feed, Level, TakeSaved
else:
    __getattr__ = lazy(
        __name__,
        {
            "": ("messages",),
            "messages": ("DeviceInfo", "Feed", "Level", "TakeSaved"),
        },
    )
