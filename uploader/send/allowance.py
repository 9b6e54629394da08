"""How often one take may be begun anew, unless a person asks for more."""

from __future__ import annotations

from config.base import say
from uploader.ceilings import BEGUN_A_DAY, BEGUN_AN_HOUR, COPIES_A_DAY
from uploader.faults import Kind, UploadFault
from uploader.queue.store import Begun


def check_bounds(begun: Begun) -> None:
    """Before an upload is begun. Raises Fault: OFTEN."""
    todo = say("Tell the centre: its upload server loses or changes what it has stored.")
    if begun.copies >= COPIES_A_DAY:
        what = say(
            "The server had all of this recording {count} times today and did not keep it; it is sent again"
            " tomorrow.",
            count=begun.copies,
        )
        raise UploadFault(Kind.OFTEN, what, todo)
    if begun.hour >= BEGUN_AN_HOUR or begun.day >= BEGUN_A_DAY:
        what = say("Uploads of this recording were begun {count} times and lost each time.", count=begun.day)
        raise UploadFault(Kind.OFTEN, what, todo)
