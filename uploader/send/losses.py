"""What the server does not know any more, or has with other bytes: when another upload is right.

Never a second copy of what was proven. Else one more, after the server itself says several times that nothing
is there; how many a day is bounded (uploader.ceilings), unless a person asks.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from config.base import say
from uploader.ceilings import ADDRESS_SESSIONS, GONE_SESSIONS, LOOKS
from uploader.faults import Kind, UploadFault
from uploader.prove.proof import lose_proof
from uploader.queue.states import SENDABLE, Event, State
from uploader.send.sender import Sender, Tools

log = logging.getLogger(__name__)


class Losses:
    """Of the take that a sender has in hand."""

    def __init__(self, tools: Tools, sender: Sender) -> None:
        self._tools = tools
        self._sender = sender

    def gone(self) -> None:
        """404, 410: surely unfinished where the last piece was never begun; else it may be there, hidden.

        Raises Fault where it is not gone, or not surely.
        """
        row, server, client = self._sender.row, self._tools.server, self._tools.client
        if row.upload_url is None or self._sender.anew:
            return
        if self._known_after_all(row.upload_url):
            raise scattered()
        if row.sending_to < row.wire_size:
            # Perhaps it is only the token that is refused: then creating will say so, and nothing is lost.
            self._sender.anew = True
            return
        sure = row.failures >= GONE_SESSIONS
        if server.find_out_hiding(client, anew=sure):
            if row.state is not State.VERIFYING:
                self._sender.change(Event.UNCONFIRMED, state=State.UNCONFIRMED)
        elif sure:
            log.warning("%s: %s is gone from the server; sent once more", row.take_id, row.upload_url)
            self._sender.anew = True
        else:
            raise vanished()

    def _known_after_all(self, url: str) -> bool:
        """Asked on new lines: behind one address may be several servers."""
        for _ in range(LOOKS):
            self._tools.client.hang_up()
            try:
                self._tools.client.head(url)
            except UploadFault as fault:
                if fault.kind is not Kind.GONE:
                    raise
            else:
                return True
        return False

    def unreachable(self) -> None:
        """Give an address up that brings nothing for long, while the creation address is answered.

        Such addresses come from servers that did not know their own name when the upload was begun.
        """
        row = self._sender.row
        if row.upload_url is None or self._sender.anew or row.address_failures < ADDRESS_SESSIONS:
            return
        if row.state not in SENDABLE or not self._tools.client.answers():
            return
        why = say(
            "The address that the server gave for this upload ({host}) brings nothing; the server itself"
            " answers.",
            host=urlsplit(row.upload_url).hostname or "?",
        )
        log.warning("%s: %s is given up", row.take_id, row.upload_url)
        if row.offset == 0 or row.sending_to < row.wire_size or row.doubtful:
            self._sender.leave(spoilt=False, state=State.QUEUED, error=why)
        else:
            # All of it may be there; the centre's receipt can still prove it.
            self._sender.change(Event.UNCONFIRMED, state=State.UNCONFIRMED, error=why)

    def held(self) -> None:
        """A lock that outlived its server's crash: nobody will open it."""
        row = self._sender.row
        if row.upload_url is None:
            return
        if row.sending_to >= row.wire_size:
            # All of it may be there; the centre's receipt can still prove it.
            self._sender.change(Event.UNCONFIRMED, state=State.UNCONFIRMED)
        else:
            self._sender.anew = True

    def leave(self, fault: UploadFault) -> None:
        """Begin a new upload next time."""
        row = self._sender.row
        if row.upload_url is None:
            return
        log.warning("%s: %s is left: %s", row.take_id, row.upload_url, fault)
        spoilt = fault.kind is Kind.LIE
        if row.delivered:
            if spoilt:
                self._sender.discard()
            self._sender.row = lose_proof(self._tools.queue, row, fault)
            return
        self._sender.leave(spoilt=spoilt, state=State.QUEUED, restarts=row.restarts + 1)


def scattered() -> UploadFault:
    return UploadFault(
        Kind.SCATTERED,
        say("The server knows the upload in one answer and not in the next."),
        say("Tell the centre: several servers answer at this address, and need sticky sessions."),
    )


def vanished() -> UploadFault:
    return UploadFault(
        Kind.VANISHED,
        say("The server took all of this recording and does not show it any more; it is asked once more."),
        say("If it stays away, it is sent again by itself."),
    )
