"""Addresses: where an upload is, and who may see the token. Pure."""

from __future__ import annotations

import ipaddress
from urllib.parse import urljoin, urlsplit

PORTS = {"http": 80, "https": 443}


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host, port. Raises ValueError for what is no http address."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"not an http address: {url!r}")
    return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]


def upload_address(endpoint: str, location: str) -> str:
    """The address of an upload from the Location header, absolute or relative. Raises ValueError.

    A server behind a TLS proxy often names itself with http:// or with its inner port: the same host, or
    any step down from https, is taken to mean the endpoint's own origin.
    """
    found = urljoin(endpoint, location)
    scheme, host, _ = origin(found)
    own_scheme, own_host, _ = origin(endpoint)
    if host == own_host or (own_scheme == "https" and scheme == "http"):
        base = urlsplit(endpoint)
        found = urlsplit(found)._replace(scheme=base.scheme, netloc=base.netloc).geturl()
    return found


def same_origin(one: str, other: str) -> bool:
    return origin(one) == origin(other)


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def both_slash_forms(url: str) -> tuple[str, str]:
    """Some servers answer only with the slash at the end, some only without."""
    bare = url.rstrip("/")
    return (url, bare if url.endswith("/") else bare + "/")
