"""
The values of HTTP: requests, answers, and the addresses that may be asked.

Pure: `net/client.py` sends the requests. Source: RFC 3986, RFC 9110.
"""

from __future__ import annotations

import ipaddress
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

SCHEMES: Final = {"http": 80, "https": 443}
MOST_URL_CHARACTERS: Final = 8000
_PATH_SAFE: Final = "%/:=&?~+!$,;'()*@[]|"

_EMBEDDING: Final = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48")))
"""IPv6 networks whose addresses have an IPv4 address in them (RFC 6052, RFC 8215)."""


class Request(msgspec.Struct, frozen=True):
    """One request. `limit_bytes` is how much of the body is wanted; the rest is not read."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    limit_bytes: int = 0


class Response(msgspec.Struct, frozen=True):
    """
    An answer. `url` is the address that it came from in the end, `redirects` the addresses that
    led there, the first one asked first. Names of headers are in lower case, and values of one
    name are joined by commas. `body` is unpacked; `cut` is True when there was more of it.
    """

    status: int
    url: str
    redirects: tuple[str, ...] = ()
    headers: dict[str, str] = {}
    body: bytes = b""
    cut: bool = False

    @property
    def mime(self) -> str:
        """The type without its parameters, in small letters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Silence(msgspec.Struct, frozen=True):
    """No answer. `reason` is the end of a message's key: `network.refused`."""

    reason: str


Answer = Response | Silence


class Target(NamedTuple):
    """A web address split in its parts, all of them ASCII."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """`example.org:443`."""
        return f"{self.host}:{self.port}"


def parse_target(url: str) -> Target | str:
    """The parts of an address, or the reason (as in `Silence`) why it may not be asked."""
    if len(url) > MOST_URL_CHARACTERS:
        return "address"
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except ValueError:
        return "address"
    if scheme not in SCHEMES:
        return "scheme"
    if parts.username is not None or parts.password is not None:
        return "credentials"
    if not host or not host.isascii() or not host.isprintable() or " " in host:
        return "address"
    path = quote(parts.path or "/", safe=_PATH_SAFE, errors="replace")
    query = f"?{quote(parts.query, safe=_PATH_SAFE, errors='replace')}" if parts.query else ""
    return Target(scheme, host, port or SCHEMES[scheme], path + query)


def origin_of(url: str) -> str:
    """`example.org:443`, or an empty text where the address cannot be asked at all."""
    target = parse_target(url)
    return "" if isinstance(target, str) else target.origin


def is_public(address: str) -> bool:
    """
    True when an IP address is on the public internet. A stranger's feed must not make this
    program ask a service on this machine or in its network.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.sixtofour or ip.teredo:
            return False  # tunnels to any IPv4 address; no podcast is published behind one
        inner = ip.ipv4_mapped
        if any(ip in network for network in _EMBEDDING):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
