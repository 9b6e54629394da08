"""Every answer that is not the expected one, and every broken connection -> a Fault.

Statuses: tus 1.0.0 core and checksum, RFC 9110, and what tusd, rustus, tuspyserver, nginx and captive
portals were seen to send.
"""

from __future__ import annotations

import ssl
import time
from email.utils import parsedate_to_datetime
from typing import Literal

import requests

from config.base import Message, say
from uploader.ceilings import PEEK_BYTES, RETRY_AFTER_SECONDS
from uploader.faults import Kind, UploadFault
from uploader.tus.answer import Answer, Headed

Step = Literal["create", "head", "patch", "get"]
LOCKED = ("ERR_LOCK_TIMEOUT", "ERR_UPLOAD_INTERRUPTED")
"""tusd's codes for "somebody else holds this upload"; they come with 400 or 500."""
BROKEN = ("ERR_UNEXPECTED_EOF", "ERR_SERVER_SHUTDOWN")
"""tusd's codes for "the line broke, or I am going down"; they come with 400 or 503."""
NO_SPACE = ("ENOSPC", "no space left")

ASK = say("Ask the district's technician.")


def fault_of_answer(response: Answer, step: Step) -> UploadFault:
    """What an unexpected answer means."""
    status = response.status_code
    tus = "Tus-Resumable" in response.headers
    text = response.body[:PEEK_BYTES].decode("utf-8", "replace")
    wait = retry_after(response)
    if status == 423 or any(code in text for code in LOCKED):
        return held(wait)
    if any(code in text for code in BROKEN):
        return busy(wait)
    if status == 507 or (status >= 500 and any(word.lower() in text.lower() for word in NO_SPACE)):
        return UploadFault(
            Kind.FULL,
            say("The server is full."),
            say("Tell the centre; sending goes on by itself."),
            retry_after=wait,
        )
    if status == 511 or (not tus and is_page(response) and status < 400):
        return portal()
    if 300 <= status < 400:
        return redirected(response)
    by_step = _fault_of_status(status, step, tus, not tus and is_page(response))
    if by_step is not None:
        return by_step
    if status in (429, 503):
        return busy(wait)
    if (status >= 500 and status != 501) or status == 408:
        # An answer to HEAD has no text: this is how tusd says that an upload is locked.
        own = step == "head" and status == 500 and tus
        return UploadFault(
            Kind.HELD if own else Kind.NETWORK,
            say("The server has a fault of its own ({status}).", status=status),
            retry_after=wait,
            status=status,
        )
    if not tus or status < 300:
        return foreign(status)
    return UploadFault(
        Kind.REFUSED, say("The server refuses this recording ({status}).", status=status), ASK, status=status
    )


def _fault_of_status(status: int, step: Step, tus: bool, page: bool) -> UploadFault | None:
    """Statuses whose meaning is fixed, or depends on what was asked.

    A page is not an answer of a tus server: it speaks of the way, not of the upload.
    """
    if status == 401 or (status == 403 and step == "create" and not page):
        return UploadFault(
            Kind.AUTH,
            say("The server does not let this station in ({status}).", status=status),
            say("Ask the district's technician whether the token is right and still valid."),
        )
    if status == 407:
        return UploadFault(Kind.AUTH, say("The network's proxy wants a name and a password."), ASK)
    if status == 413:
        return UploadFault(Kind.TOO_LARGE, say("The server or the network refuses pieces of this size."))
    if status in (460, 417):
        return UploadFault(Kind.DAMAGED, say("The network damages what is sent."))
    if page and status != 404:
        return None
    if status == 412 and tus:
        return UploadFault(Kind.CONFIG, say("The server speaks another version of the upload protocol."), ASK)
    if status == 409:
        return UploadFault(Kind.OFFSET, say("The server is not ready to go on with this recording."))
    if step == "create":
        return no_tus() if status in (404, 405, 410, 501) else None
    return None if page else _fault_of_upload(status, step, tus)


def _fault_of_upload(status: int, step: Step, tus: bool) -> UploadFault | None:
    if status == 410:
        return UploadFault(Kind.GONE, say("The server says that it has thrown the upload away."))
    if status in (403, 404) or (status == 400 and step == "head" and tus):
        return UploadFault(Kind.GONE, say("The server does not know the upload any more."))
    return None


def foreign(status: int) -> UploadFault:
    return UploadFault(
        Kind.FOREIGN,
        say("Something in the network answers instead of the upload server ({status}).", status=status),
        say("Sending goes on by itself; if it lasts, tell the district's technician."),
        status=status,
    )


def busy(wait: float | None = None) -> UploadFault:
    return UploadFault(Kind.BUSY, say("The server is busy."), retry_after=wait)


def held(wait: float | None = None) -> UploadFault:
    return UploadFault(
        Kind.HELD,
        say("The server holds the unfinished upload locked."),
        say("If that lasts, the recording is sent anew."),
        retry_after=wait,
    )


def portal() -> UploadFault:
    return UploadFault(
        Kind.PORTAL,
        say("The network wants a login before it lets anything through."),
        say("Open a web browser on this computer and log in; sending then goes on by itself."),
    )


def no_tus() -> UploadFault:
    return UploadFault(
        Kind.CONFIG,
        say("There is no upload server at the address in station.toml."),
        say("Compare [server] url with the address that the centre gave."),
    )


def redirected(response: Answer) -> UploadFault:
    return UploadFault(
        Kind.PORTAL,
        say("The network or the server sends us to another address: {where}", where=_target(response)),
        say("If a login page opens in a web browser, log in; else ask for the right address of the server."),
    )


def _target(response: Answer) -> str:
    """Scheme, host and path of a redirect: its query may hold secrets."""
    return response.headers.get("Location", "?").split("?")[0][:200]


def fault_of_exception(error: Exception) -> UploadFault:
    """A request that got no answer."""
    if isinstance(error, requests.exceptions.ProxyError):
        return network(say("The network's proxy can't be reached."))
    if isinstance(error, requests.exceptions.SSLError) and _untrusted(error):
        return UploadFault(
            Kind.TLS,
            say("The server's certificate is not trusted: {detail}", detail=_certificate_detail(error)),
            say("Check the date and time of this computer; else ask the technician for [server] ca_file."),
        )
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return no_tus()
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return network(say("The server can't be reached."), timed_out=True)
    if isinstance(error, requests.exceptions.Timeout | TimeoutError):
        return network(say("The server does not answer."), timed_out=True)
    return network(say("The connection to the server can't be made, or broke."))


def network(what: Message, *, timed_out: bool = False) -> UploadFault:
    todo = say("Check cable or Wi-Fi; sending goes on by itself.")
    return UploadFault(Kind.NETWORK, what, todo, timed_out=timed_out)


def _untrusted(error: Exception) -> bool:
    return _certificate(error) is not None


def _certificate(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The cause deep inside requests' and urllib3's wrappers; other TLS errors are broken lines."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        inner = getattr(error, "reason", None) or (error.args[0] if error.args else None)
        error = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__
        seen += 1
    return None


def _certificate_detail(error: Exception) -> str:
    found = _certificate(error)
    return found.verify_message if found is not None else "?"


def retry_after(response: Headed) -> float | None:
    """Seconds of a Retry-After header (a number or a date), at most an hour."""
    text = response.headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        seconds = (
            float(text)
            if text.isascii() and text.isdigit()
            else parsedate_to_datetime(text).timestamp() - time.time()
        )
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_SECONDS)


def is_page(response: Headed) -> bool:
    return "html" in response.headers.get("Content-Type", "").lower()
