"""
Ask other people's servers, and trust none of them.

The standard library is enough and leaves the important decisions to us: which address is connected
to, each redirect by itself, and how much is unpacked. No cookies, no credentials, no proxies.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable
from functools import cache
from typing import Final
from urllib.parse import urljoin

from avsnitt.model.message import MessageValues, message
from avsnitt.net.messages import Answer, Request, Response, Silence, Target, is_public, parse_target
from avsnitt.problems.errors import ExternalError

MOST_REDIRECTS: Final = 5
TIMEOUT_S: Final = 20.0
PIECE_BYTES: Final = 64 * 1024
"""Bytes read at a time."""
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BODILESS: Final = frozenset({204, 304})

_REASONS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (socket.gaierror, "name"),
    (ssl.SSLCertVerificationError, "certificate"),
    (ssl.SSLError, "tls"),
    (TimeoutError, "slow"),
    (ConnectionRefusedError, "refused"),
)
_NO_NETWORK: Final = frozenset(
    {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL}
)


class NoAnswerError(ExternalError):
    """A server gave no answer. `reason` as in `Silence`."""

    def __init__(self, url: str, reason: str) -> None:
        values: MessageValues = {"url": url, "reason": message(f"network.{reason}")}
        super().__init__(f"{url}: {reason}", key="network", values=values)
        self.reason = reason


def ask(asked: Request, *, trusted: frozenset[str] = frozenset()) -> Answer:
    """As `fetch`, but with a `Silence` instead of NoAnswerError."""
    try:
        return fetch(
            asked.url,
            method=asked.method,
            headers=asked.headers,
            limit_bytes=asked.limit_bytes,
            trusted=trusted,
        )
    except NoAnswerError as error:
        return Silence(error.reason)


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Iterable[tuple[str, str]] = (),
    limit_bytes: int = 0,
    timeout_s: float = TIMEOUT_S,
    trusted: frozenset[str] = frozenset(),
) -> Response:
    """
    The server's answer, whatever its status, with at most `limit_bytes` of the body, unpacked.

    Redirects are followed here, at most five. `trusted` are the origins (`localhost:8000`) that
    the user has named; every other address must be public. `timeout_s` is for the whole. Raises
    NoAnswerError.
    """
    until = time.monotonic() + timeout_s
    passed: list[str] = []
    while True:
        target = parse_target(url)
        if isinstance(target, str):
            raise NoAnswerError(url, target)
        request = _Exchange(target, url, until, target.origin in trusted)
        answer = request.send(method, (*_OURS, *headers), limit_bytes)
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return Response(
                status=answer.status,
                url=url,
                redirects=tuple(passed),
                headers=answer.headers,
                body=answer.body,
                cut=answer.cut,
            )
        passed.append(url)
        url = _next(url, answer.headers["location"])
        if url in passed:
            raise NoAnswerError(url, "loop")
        if len(passed) > MOST_REDIRECTS:
            raise NoAnswerError(url, "too-many")


_OURS: Final = (
    ("User-Agent", "avsnitt (feed checker)"),
    ("Accept", "*/*"),
    ("Connection", "close"),
)


def _next(url: str, location: str) -> str:
    """
    The address that a redirect leads to. Headers come as Latin-1, while an address that is not
    ASCII is most likely UTF-8.
    """
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(url, location).partition("#")[0]
    except ValueError:
        raise NoAnswerError(url, "address") from None


class _Exchange:
    """
    One request to one address. A timer closes the connection when time is up, however slowly a
    server sends: a limit on each read alone would never end.
    """

    def __init__(self, target: Target, url: str, until: float, is_trusted: bool) -> None:
        self.target = target
        self.url = url
        self.until = until
        self.is_trusted = is_trusted
        self.is_over = False
        self.line: socket.socket | None = None

    def send(self, method: str, headers: Iterable[tuple[str, str]], limit: int) -> Response:
        watch = threading.Timer(self._left(), self._cut)
        watch.daemon = True
        watch.start()
        try:
            return self._send(method, headers, limit)
        except (OSError, ValueError, http.client.HTTPException, zlib.error) as error:
            raise NoAnswerError(self.url, "slow" if self.is_over else _reason(error)) from error
        finally:
            watch.cancel()
            if self.line is not None:
                self.line.close()

    def _send(self, method: str, headers: Iterable[tuple[str, str]], limit: int) -> Response:
        target = self.target
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.default_port = 443 if target.scheme == "https" else 80
        connection.sock = self._connect()
        connection.putrequest(method, target.path, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders()
        with connection.getresponse() as answer:
            found: dict[str, str] = {}
            for name, value in answer.getheaders():
                key = name.lower()
                found[key] = f"{found[key]}, {value}" if key in found else value
            wanted = limit if method != "HEAD" and answer.status not in _BODILESS else 0
            body, cut = _read(answer, wanted, found) if wanted else (b"", False)
            if self.is_over:
                raise NoAnswerError(self.url, "slow")
            return Response(status=answer.status, url="", headers=found, body=body, cut=cut)

    def _connect(self) -> socket.socket:
        target = self.target
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        open_ones = [one for one in found if self.is_trusted or is_public(str(one[4][0]))]
        if not open_ones:
            raise NoAnswerError(self.url, "private")
        last: OSError | None = None
        for family, kind, protocol, _, address in open_ones:
            line = socket.socket(family, kind, protocol)
            self.line = line
            line.settimeout(self._left())
            try:
                line.connect(address)
                break
            except OSError as error:
                line.close()
                last = error
        else:
            raise last or OSError(errno.EIO, "no address")
        if target.scheme == "https":
            self.line = _tls().wrap_socket(line, server_hostname=target.host)
            self._left()
        return self.line

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise NoAnswerError(self.url, "slow")
        return left

    def _cut(self) -> None:
        self.is_over = True
        line = self.line
        if line is not None:
            with contextlib.suppress(OSError):
                # Not the TLS socket's own: that would have both threads in it at once.
                socket.socket.shutdown(line, socket.SHUT_RDWR)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _read(
    answer: http.client.HTTPResponse, limit: int, headers: dict[str, str]
) -> tuple[bytes, bool]:
    """
    At most `limit` bytes of the body, unpacked as they come, so that a small file that unpacks
    to a large one takes little memory; and True when there was more.
    """
    packed = headers.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate")
    # 47: a gzip or zlib header, whichever comes, with the largest window (zlib.h, inflateInit2).
    unpacker = zlib.decompressobj(47) if packed else None
    parts: list[bytes] = []
    left, piece = limit, b""
    while left > 0:
        piece = answer.read1(PIECE_BYTES if packed else min(PIECE_BYTES, left))
        if not piece or (unpacker and unpacker.eof):
            return b"".join(parts), False
        while piece and left > 0:
            plain = unpacker.decompress(piece, left) if unpacker else piece
            piece = unpacker.unconsumed_tail if unpacker else b""
            parts.append(plain)
            left -= len(plain)
    return b"".join(parts), bool(piece or answer.read1(1))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in _NO_NETWORK:
        return "no-network"
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return "no-network"
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "broken")
