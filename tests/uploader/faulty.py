"""Faults that come and go between a station and a real server, each as what a box on the way does."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from tests.uploader.box import Box
from tests.uploader.tusserver import Answer, Request

HTML = {"Content-Type": "text/html"}
Break = Callable[[Box], None]


def is_take(request: Request) -> bool:
    """Neither a probe nor its pieces."""
    return len(request.body) > 1 or request.headers.get("Upload-Length") not in ("1", "2", None)


def answering(method: str, answer: Answer) -> Break:
    """Everything of a method that is about a take."""

    def put(box: Box) -> None:
        def rule(request: Request) -> Answer | None:
            probing = request.method in ("POST", "PATCH") and not is_take(request)
            return answer if request.method == method and not probing else None

        box.rule = rule

    return put


def page(status: int) -> Answer:
    return Answer(status, {**HTML, "Content-Length": "6"}, b"<html>")


def lost(method: str) -> Break:
    return answering(method, Answer(lost=True))


def copy(change: Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]) -> Break:
    """Something else instead of what GET gives back."""

    def put(box: Box) -> None:
        def changed(
            request: Request, status: int, headers: dict[str, str], body: bytes
        ) -> tuple[int, dict[str, str], bytes]:
            if request.method != "GET" or status != 200:
                return status, headers, body
            return (status, *change(headers, body))

        box.change = changed

    return put


def finished(status: int, times: int) -> Break:
    """Finished takes are not shown: so many times, or always."""

    def put(box: Box) -> None:
        left = [times]

        def changed(
            request: Request, code: int, headers: dict[str, str], body: bytes
        ) -> tuple[int, dict[str, str], bytes]:
            length = headers.get("Upload-Length")
            whole = length is not None and headers.get("Upload-Offset") == length and length != "1"
            if request.method == "HEAD" and whole and left[0]:
                left[0] -= 1
                return status, {"Tus-Resumable": "1.0.0"}, b""
            return code, headers, body

        box.change = changed

    return put


def kept_heads(box: Box) -> None:
    """The first answer to HEAD for each address, for ever."""
    kept: dict[str, tuple[int, dict[str, str], bytes]] = {}

    def changed(
        request: Request, status: int, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        if request.method == "HEAD":
            return kept.setdefault(request.path, (status, headers, body))
        return status, headers, body

    box.change = changed


def located(change: Callable[[str], str]) -> Break:
    def put(box: Box) -> None:
        def changed(
            request: Request, status: int, headers: dict[str, str], body: bytes
        ) -> tuple[int, dict[str, str], bytes]:
            found = {
                name: change(value) if name.lower() == "location" and is_take(request) else value
                for name, value in headers.items()
            }
            return status, found, body

        box.change = changed

    return put


def without_tus(box: Box) -> None:
    """A box that drops headers it does not know."""

    def changed(
        request: Request, status: int, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        return status, {k: v for k, v in headers.items() if not k.lower().startswith("tus-")}, body

    box.change = changed


def small_pieces(box: Box) -> None:
    box.rule = lambda request: page(413) if len(request.body) > 300_000 else None


def strange_offset(value: str) -> Break:
    return answering("PATCH", Answer(204, {"Tus-Resumable": "1.0.0", "Upload-Offset": value}))


def without_length(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "content-length"}


TUS = {"Tus-Resumable": "1.0.0"}
FAULTS: dict[str, Break] = {
    "a page for PATCH (405)": answering("PATCH", page(405)),
    "a page for POST (400)": answering("POST", page(400)),
    "a page for HEAD (200)": answering("HEAD", page(200)),
    "a page for GET (403)": answering("GET", page(403)),
    "a redirect": answering("POST", Answer(302, {"Location": "http://login.example/"})),
    "a gateway without a server (502)": answering("PATCH", page(502)),
    "a busy server (503)": answering("PATCH", Answer(503, {**TUS, "Retry-After": "0"})),
    "no OPTIONS (502)": answering("OPTIONS", page(502)),
    "a refused token (401)": answering("POST", Answer(401)),
    "a locked upload (423)": answering("PATCH", Answer(423, TUS)),
    "a conflict (409)": answering("PATCH", Answer(409, TUS)),
    "a piece that arrived damaged (460)": answering("PATCH", Answer(460, TUS)),
    "a full server (507)": answering("PATCH", Answer(507, TUS)),
    "pieces that are too large (413)": small_pieces,
    "an offset beyond the end": strange_offset("99999999"),
    "an offset in other digits": strange_offset("\xb2"),
    "lost answers to POST": lost("POST"),
    "lost answers to PATCH": lost("PATCH"),
    "a copy that breaks off": copy(
        lambda headers, body: ({**headers, "Content-Length": str(len(body) + 1)}, body)
    ),
    "a shorter copy": copy(lambda headers, body: ({"Content-Type": "audio/wav"}, body[:1000])),
    "a packed copy": copy(lambda headers, body: ({"Content-Encoding": "gzip"}, gzip.compress(body))),
    "kept answers to HEAD": kept_heads,
    "a finished upload not shown once (404)": finished(404, 1),
    "a finished upload not shown once (410)": finished(410, 1),
    "an inner name for the server": located(lambda url: "http://tusd.inner:1080/files/" + url.split("/")[-1]),
    "a wrong prefix": located(lambda url: "/inner/" + url.split("/")[-1]),
    "dropped headers of tus": without_tus,
    "a login page for OPTIONS (200)": answering("OPTIONS", page(200)),
    "a login page for PATCH (200)": answering("PATCH", page(200)),
    "a gateway that waits too long (504)": answering("POST", page(504)),
    "too many requests (429)": answering("POST", Answer(429, {**TUS, "Retry-After": "0"})),
    "a method that is not known (501)": answering("PATCH", page(501)),
    "a refused piece (403)": answering("PATCH", Answer(403, TUS)),
    "an upload gone in the middle (410)": answering("PATCH", Answer(410, TUS)),
    "another version of tus (412)": answering("PATCH", Answer(412, TUS)),
    "an offset that goes back": strange_offset("0"),
    "lost answers to HEAD": lost("HEAD"),
    "a locked copy (423)": answering("GET", Answer(423, TUS)),
    "a longer copy": copy(lambda headers, body: (without_length(headers), body + b"x")),
    "another host for the upload": located(lambda url: "http://else.example/files/" + url.split("/")[-1]),
    "no address for the upload": located(lambda url: ""),
    "an address that is none": located(lambda url: "http://[::/"),
}
