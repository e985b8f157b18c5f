"""
The parts of HTTP that a server of files must read: targets, hosts, validators and ranges.

Pure: headers in, decisions out. Source: RFC 9110 sections 4.2.3, 8.8, 13 and 14; RFC 9112 section
3.2.
"""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import formatdate, parsedate_to_datetime
from typing import Final, Literal, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

import msgspec

LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
HIDDEN_BUT_PUBLIC: Final = frozenset({".well-known"})

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::[0-9]*)?", re.ASCII)
_RANGES = re.compile(r"bytes=(.*)", re.ASCII | re.IGNORECASE)
_RANGE = re.compile(r"([0-9]*)-([0-9]*)", re.ASCII)
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\]")
_TOO_FAR = 1 << 62

Outcome = Literal["send", "unchanged", "failed"]


class Span(msgspec.Struct, frozen=True):
    """Some bytes of a file: `first` and `last` are both within it."""

    first: int
    last: int

    @property
    def length_bytes(self) -> int:
        """The number of bytes from `first` to `last`, both counted."""
        return self.last - self.first + 1


Demand = Span | Literal["unsatisfiable"] | None


class Headers(Protocol):
    """Headers by name; the real ones do not care for case."""

    def get(self, name: str, /) -> str | None:
        """The value of a header, or None."""
        ...


class Validators(msgspec.Struct, frozen=True):
    """The two names of one state of a file: a strong entity tag, and seconds since 1970."""

    etag: str
    modified_s: int

    @property
    def modified(self) -> str:
        """The time as an HTTP date (RFC 9110 section 5.6.7)."""
        return formatdate(self.modified_s, usegmt=True)


def is_local_host(host: str) -> bool:
    """
    True when a Host header names this machine, whatever the port.

    A page elsewhere can point a name of its own at 127.0.0.1 (DNS rebinding), and then only the
    name in the header shows it.
    """
    match = _HOST.fullmatch(host.strip().lower())
    return match is not None and match[1] in LOCAL_HOSTS


def target_host(target: str) -> str:
    """The host in an absolute-form target, which outranks the header (RFC 9112 3.2.2)."""
    if target.startswith("/"):
        return ""
    try:
        return urlsplit(target).netloc
    except ValueError:
        return "?"


def parse_target(target: str) -> str | None:
    """
    The path of a request relative to the root, without a first slash; None for a path that no
    link of ours has: steps upwards, hidden files, NUL, backslashes, drives, broken UTF-8.
    """
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    if not path.startswith("/"):
        path = _path_of_absolute(path)
    try:
        text = unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not text.startswith("/") or text.startswith("//") or _FORBIDDEN.search(text):
        return None
    inner = text[1:]
    parts = (inner.removesuffix("/") or "index.html").split("/")
    return inner if all(_is_plain(part) for part in parts) else None


def _path_of_absolute(target: str) -> str:
    try:
        return urlsplit(target).path or "/"
    except ValueError:
        return ""


def _is_plain(part: str) -> bool:
    if part in HIDDEN_BUT_PUBLIC:
        return True
    return part != "" and ":" not in part and not part.startswith(".")


def parse_range(header: str, size_bytes: int) -> Demand:
    """
    The bytes that a Range header asks for, of a file of some size (RFC 9110 section 14.1).

    None is "send the whole": another unit, broken syntax, several ranges, or an empty file, of
    which no part can be named.
    """
    match = _RANGES.fullmatch(header.strip())
    if match is None or size_bytes == 0:
        return None
    wanted = [part.strip(" \t") for part in match[1].split(",")]
    wanted = [part for part in wanted if part]
    return _span(wanted[0], size_bytes) if len(wanted) == 1 else None


def _span(text: str, size_bytes: int) -> Demand:
    match = _RANGE.fullmatch(text)
    if match is None or text == "-":
        return None
    first, last = (_position(digits) for digits in match.groups())
    if first is None:
        suffix = min(last or 0, size_bytes)
        return Span(size_bytes - suffix, size_bytes - 1) if suffix else "unsatisfiable"
    if last is not None and last < first:
        return None
    if first >= size_bytes:
        return "unsatisfiable"
    return Span(first, size_bytes - 1 if last is None else min(last, size_bytes - 1))


def _position(digits: str) -> int | None:
    """A position; one too long to be in any file is cut, since `int` refuses 5,000 digits."""
    if not digits:
        return None
    return int(digits) if len(digits) < 19 else _TOO_FAR


def weigh_conditions(headers: Headers, state: Validators) -> Outcome:
    """The answer that a GET or HEAD with conditions should get (RFC 9110 section 13.2.2)."""
    if not _precondition_holds(headers, state):
        return "failed"
    none_match = headers.get("If-None-Match")
    if none_match is not None:
        return "unchanged" if _names(none_match, state.etag, weak=True) else "send"
    since = _seconds(headers.get("If-Modified-Since"))
    return "unchanged" if since is not None and state.modified_s <= since else "send"


def _precondition_holds(headers: Headers, state: Validators) -> bool:
    match = headers.get("If-Match")
    if match is not None:
        return _names(match, state.etag, weak=False)
    since = _seconds(headers.get("If-Unmodified-Since"))
    return since is None or state.modified_s <= since


def range_applies(headers: Headers, state: Validators, now_s: float) -> bool:
    """
    True when If-Range allows a range (RFC 9110 section 13.1.5).

    A date names the file's state only when the file was a second old (section 8.8.2.2).
    """
    condition = headers.get("If-Range")
    if condition is None:
        return True
    if '"' in condition:
        return condition.strip() == state.etag
    return condition.strip() == state.modified and now_s - state.modified_s >= 1


def _names(header: str, etag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    tags = _ETAG.findall(header)
    return etag in [tag.removeprefix("W/") for tag in tags] if weak else etag in tags


def _seconds(date: str | None) -> int | None:
    try:
        moment = parsedate_to_datetime(date or "")
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
