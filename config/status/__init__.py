"""What a station says of itself, as station and board both know it.

grammar   patterns and bounds
record    the facts: one frozen value, every field checked
sharing   stations with one roster: who has sung, without a number
carriage  the record in the header of a request, and the board's answer
textline  the record as one line of text with a check word
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "Ahead",
    "Beside",
    "BoardAnswer",
    "Incident",
    "MissingTake",
    "Pupils",
    "SelfTest",
    "Stage",
    "Status",
    "StatusError",
    "TakeCounts",
    "WaitReason",
    "answer_headers",
    "answer_of",
    "as_text",
    "from_text",
    "header_status",
    "metadata_of",
]

if TYPE_CHECKING:
    from config.status.carriage import (
        BoardAnswer,
        answer_headers,
        answer_of,
        header_status,
        metadata_of,
    )
    from config.status.grammar import Stage, StatusError
    from config.status.record import (
        Ahead,
        Incident,
        MissingTake,
        Pupils,
        SelfTest,
        Status,
        TakeCounts,
        WaitReason,
    )
    from config.status.sharing import Beside
    from config.status.textline import as_text, from_text
else:
    __getattr__ = lazy(
        __name__,
        {
            "carriage": (
                "BoardAnswer",
                "answer_headers",
                "answer_of",
                "header_status",
                "metadata_of",
            ),
            "grammar": ("Stage", "StatusError"),
            "record": (
                "Ahead",
                "Incident",
                "MissingTake",
                "Pupils",
                "WaitReason",
                "SelfTest",
                "Status",
                "TakeCounts",
            ),
            "sharing": ("Beside",),
            "textline": ("as_text", "from_text"),
        },
    )
