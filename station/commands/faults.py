"""`station queue faults`: what happens at each kind of fault of delivery, and what is bounded."""

from __future__ import annotations

from collections.abc import Sequence

import click

from config.base import Message, say
from station.commands.options import json_option
from station.words import talk
from station.words.i18n import render, tr, tr_noop
from uploader import POLICY, Again, Kind, Policy, Whose

MEANS: dict[Kind, Message] = {
    Kind.NETWORK: say("No answer, a broken line, or a gateway's own fault."),
    Kind.FOREIGN: say("A proxy, filter or gateway answers instead of the server."),
    Kind.PORTAL: say("A login page answers instead of the server."),
    Kind.TLS: say("The server's certificate is not trusted."),
    Kind.BUSY: say("The server asks for patience (429, 503)."),
    Kind.HELD: say("The server holds the upload locked (423)."),
    Kind.FULL: say("The server is full (507)."),
    Kind.CONFIG: say("There is no upload server at the address in the settings."),
    Kind.ELSEWHERE: say("The server sends recordings to a host that the settings do not name."),
    Kind.AUTH: say("The server does not let the station in (401, 403)."),
    Kind.SMALLEST: say("The smallest piece, or the recording as a whole, is too large (413)."),
    Kind.REFUSED: say("The server refuses a request in words of tus (400 and others)."),
    Kind.TAKE: say("The recording was changed, or can't be read."),
    Kind.MISSING: say("The recording is not there."),
    Kind.OFFSET: say("Server and station disagree about what is there (409)."),
    Kind.GONE: say("The server does not know the upload (404, 410)."),
    Kind.VANISHED: say("The server does not show what it had taken whole."),
    Kind.SCATTERED: say("Of several servers behind one address only some know the upload."),
    Kind.OFTEN: say("The recording was begun anew as often as an hour or a day allows."),
    Kind.UNPROVEN: say("The server's copy was not read whole, or its end is doubtful."),
    Kind.TOO_LARGE: say("A piece is too large (413): smaller ones follow."),
    Kind.DAMAGED: say("A piece arrived with other bytes (460)."),
    Kind.LIE: say("The server has other bytes than the recording."),
}
WHOSE = {
    Whose.WAY: tr_noop("way"),
    Whose.SERVER: tr_noop("server"),
    Whose.CENTRE: tr_noop("centre"),
    Whose.TAKE: tr_noop("recording"),
}
AGAIN = {
    Again.NEVER: tr_noop("later"),
    Again.AT_ONCE: tr_noop("at once"),
    Again.SLOWLY: tr_noop("slower and slower"),
    Again.WHEN_FREE: tr_noop("when it is free"),
}
HEADING = (
    tr_noop("Fault"),
    tr_noop("Whose"),
    tr_noop("Tried again"),
    tr_noop("Then after"),
    tr_noop("Waits"),
    tr_noop("Means"),
)


def rows() -> list[Sequence[str]]:
    """One for each kind, in the language of the station."""
    return [
        (
            str(kind),
            tr(WHOSE[policy.whose]),
            tr(AGAIN[policy.again]),
            waits(policy.row_seconds),
            who_waits(policy),
            render(MEANS[kind]),
        )
        for kind, policy in POLICY.items()
    ]


def waits(seconds: Sequence[float]) -> str:
    """1 min, 5 min …; the last one for ever."""
    told = (f"{one / 3600:.0f} h" if one >= 3600 else f"{one / 60:.0f} min" for one in seconds)
    return render(Message.listed(told))


def who_waits(policy: Policy) -> str:
    who = tr("all of them") if policy.shared else tr("this one")
    return f"{who}, {tr('needs help')}" if policy.blocking else who


@click.command("faults", help=tr("What is done at each fault of delivery, and when it is tried again."))
@json_option
def faults_command(as_json: bool) -> int:
    if as_json:
        found = [
            {
                "kind": str(kind),
                "whose": str(policy.whose),
                "again": str(policy.again),
                "seconds": list(policy.row_seconds),
                "all_wait": policy.shared,
                "needs_help": policy.blocking,
                "gives_up_address": policy.about_address,
            }
            for kind, policy in POLICY.items()
        ]
        talk.document(found)
    else:
        talk.table(tuple(tr(word) for word in HEADING), rows())
    return 0
