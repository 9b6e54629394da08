"""Addresses: where an upload is, and who may see the token. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

PORTS = {"http": 80, "https": 443}


@lru_cache(256)
def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host, port. Raises ValueError for what is no http address."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"not an http address: {url!r}")
    return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]


class ForeignOriginError(Exception):
    """An address at a host that the settings do not name."""

    def __init__(self, url: str, own: str) -> None:
        super().__init__(url)
        self.host = urlsplit(url).hostname or "?"
        self.own = own
        """The same path at our own origin: often what a server behind a proxy means."""


def upload_address(endpoint: str, location: str, also: Collection[str] = ()) -> str:
    """The address of an upload from the Location header, absolute or relative.

    A server behind a TLS proxy often names itself with http:// or with its inner port: the same host, or
    any step down from https, is taken to mean the endpoint's own origin.
    Raises ValueError, or ForeignOriginError for an origin that is neither ours nor one of `also`.
    """
    found = urljoin(endpoint, location)
    scheme, host, _ = origin(found)
    own_scheme, own_host, _ = origin(endpoint)
    base = urlsplit(endpoint)
    own = urlsplit(found)._replace(scheme=base.scheme, netloc=base.netloc).geturl()
    if host == own_host or (own_scheme == "https" and scheme == "http"):
        return own
    if not is_ours(found, endpoint, also):
        raise ForeignOriginError(found, own)
    return found


def is_ours(url: str, endpoint: str, also: Collection[str] = ()) -> bool:
    """Whether recordings and token may go there: to the settings' own origins, never down to plain http."""
    try:
        down = origin(endpoint)[0] == "https" and origin(url)[0] == "http"
        return not down and any(same_origin(url, known) for known in (endpoint, *also))
    except ValueError:
        return False


def same_origin(one: str, other: str) -> bool:
    return origin(one) == origin(other)


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_readable(url: str) -> bool:
    """Whether what goes there can be read by others: plain http, and not within this computer."""
    return urlsplit(url).scheme == "http" and not is_loopback(url)


def both_slash_forms(url: str) -> tuple[str, str]:
    """Some servers answer only with the slash at the end, some only without."""
    bare = url.rstrip("/")
    return (url, bare if url.endswith("/") else bare + "/")
