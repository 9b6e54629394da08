"""Why a server's certificate is not trusted, in words: OpenSSL says it in English, for programmers."""

from __future__ import annotations

from config.base import Message, say
from station.checks.check import Finding, Outcome
from uploader import UploadFault

NEW_ONE = say(
    "Look at date and time of this computer first. If they are right, tell the district's technician: the "
    "server needs a new certificate."
)
AUTHORITY = say(
    "Ask the district's technician for the file of the authority, and name it in station.toml "
    "([server] ca_file)."
)
REASONS: dict[str, tuple[Message, Message]] = {
    "has expired": (say("The server's certificate has expired."), NEW_ONE),
    "not yet valid": (
        say("By this computer's clock the server's certificate is not valid yet."),
        say("Set date and time of this computer, best “set time automatically”."),
    ),
    "mismatch": (
        say("The certificate belongs to a server with another name."),
        say("Compare [server] url in station.toml with the address that the centre gave."),
    ),
    "self-signed": (say("This computer does not know who made the server's certificate."), AUTHORITY),
    "issuer": (say("This computer does not know who made the server's certificate."), AUTHORITY),
}
"""By a part of what OpenSSL says."""


def in_words(fault: UploadFault) -> Finding:
    """The finding for a certificate that is not trusted."""
    detail = str(fault.what.params.get("detail", ""))
    known = next((words for part, words in REASONS.items() if part in detail), None)
    what, todo = known if known is not None else (fault.what, fault.todo)
    return Finding(Outcome.FAIL, what, todo, {"kind": str(fault.kind), "detail": detail})
