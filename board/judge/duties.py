"""Why a recording has not arrived: what it is, who must act, and the next step."""

from __future__ import annotations

from dataclasses import dataclass

from config.base import Message, say

NOBODY = say("nobody")
PROCTOR = say("the proctor")
SCHOOL = say("the school's IT staff")
DISTRICT = say("the district")
CENTRE = say("the centre")


@dataclass(frozen=True)
class Duty:
    why: Message
    who: Message
    todo: Message


_BY_ITSELF = say("It goes on by itself.")
_WAITING = Duty(say("It waits for its turn."), NOBODY, _BY_ITSELF)
_SENDING = Duty(say("It is being sent."), NOBODY, _BY_ITSELF)
_SERVER = Duty(say("Server and station have to agree on it again."), NOBODY, _BY_ITSELF)

DUTIES: dict[str, Duty] = {
    "queued": _WAITING,
    "waiting": _WAITING,
    "creating": _SENDING,
    "uploading": _SENDING,
    "verifying": Duty(say("All of it was sent; it is being checked."), NOBODY, _BY_ITSELF),
    "paused": Duty(
        say("Somebody has paused the uploads."),
        PROCTOR,
        say("On the screen of uploads (F7) press P to go on."),
    ),
    "sent": Duty(
        say("All of it was sent, but nothing proves that it is there."),
        CENTRE,
        say("Ask the centre for receipts; until then keep the computer as it is."),
    ),
    "unconfirmed": Duty(
        say("All of it was sent, and the last answer was lost."),
        DISTRICT,
        say("Ask the centre whether it is there; if not, the school presses R on the screen of uploads."),
    ),
    "blocked": Duty(
        say("The station needs help."),
        SCHOOL,
        say("The reason stands on the station's screen of uploads (F7)."),
    ),
    "unqueued": Duty(
        say("It was recorded, and is not among the uploads yet."),
        SCHOOL,
        say("Start the station again; if it stays so, run “station recover”."),
    ),
    "erased": Duty(
        say("It was in the centre's store, and was deleted there."),
        CENTRE,
        say("Bring it back from a copy of the store; else let the school run “station queue again”."),
    ),
    "unseen": Duty(
        say("The station has a proof of it, and the centre's store does not have it."),
        CENTRE,
        say("Compare the store that the server writes into with the one whose receipts are made."),
    ),
    "network": Duty(
        say("The school's network does not reach the server."),
        SCHOOL,
        say("Check cable, switch and the way out; else carry the recordings on a stick."),
    ),
    "busy": Duty(say("The server asks for patience."), NOBODY, _BY_ITSELF),
    "held": Duty(say("The server still holds this upload from a broken connection."), NOBODY, _BY_ITSELF),
    "auth": Duty(
        say("The server does not let this station in."),
        DISTRICT,
        say("Check the school's token, or make a new one and send it."),
    ),
    "tls": Duty(
        say("The server's certificate is not trusted here."),
        SCHOOL,
        say("Check the computer's date and time, and whether something on the way reads the traffic."),
    ),
    "config": Duty(
        say("There is no upload server at the station's address."),
        DISTRICT,
        say("Compare “server.url” in station.toml with the address that was given out."),
    ),
    "portal": Duty(
        say("A log-in page of the network stands in the way."),
        SCHOOL,
        say("Open a browser on the station, log in to the network, then press R on the screen of uploads."),
    ),
    "full": Duty(
        say("The server is full."), CENTRE, say("Make room at the centre; sending goes on by itself.")
    ),
    "take": Duty(
        say("The server refuses this recording, or its file is not what it was."),
        DISTRICT,
        say("Look at the station's screen of uploads, and keep the file."),
    ),
    "missing": Duty(
        say("The recording's file is not on the disk."),
        SCHOOL,
        say("Look for a restore card, a cleaner or a moved folder; put the file back, then press R."),
    ),
    "too_large": Duty(
        say("Something on the way refuses pieces of this size."),
        DISTRICT,
        say("Ask who runs the proxy in front of the server for a larger limit."),
    ),
    "foreign": Duty(
        say("A proxy or filter on the way answers instead of the upload server."),
        SCHOOL,
        say("Ask who runs the school's network to let the server's address through."),
    ),
    "elsewhere": Duty(
        say("The server sends recordings to a host that the settings do not name."),
        CENTRE,
        say("Ask the centre which host is meant; the district puts it into station.toml."),
    ),
    "refused": Duty(
        say("The upload server refuses it, perhaps only this once."),
        DISTRICT,
        say("Ask the centre if it stays so."),
    ),
    "vanished": Duty(
        say("The server shows nothing of what it took."),
        CENTRE,
        say("Look for it in the store, and say what became of it."),
    ),
    "scattered": Duty(
        say("Several upload servers at one address do not know each other's uploads."),
        CENTRE,
        say("Lead each upload to one server, by its address."),
    ),
    "often": Duty(
        say("The server has lost this upload again and again."),
        CENTRE,
        say("Look at the store behind the server."),
    ),
    "unproven": Duty(
        say("What the server gave back was not whole."), CENTRE, say("Look at the store behind the server.")
    ),
    "smallest": Duty(
        say("Even the smallest piece is too large for the server."),
        CENTRE,
        say("Raise the limit for requests."),
    ),
    "offset": _SERVER,
    "gone": _SERVER,
    "expired": _SERVER,
    "lie": _SERVER,
    "damaged": Duty(
        say("Pieces arrive damaged."), SCHOOL, say("Try another network cable or another way out.")
    ),
}
OTHER = Duty(
    say("The station names a reason that this board does not know."),
    DISTRICT,
    say("Ask the school by telephone."),
)


def duty(code: str) -> Duty:
    return DUTIES.get(code, OTHER)
