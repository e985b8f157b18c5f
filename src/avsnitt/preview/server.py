"""The preview server: files under one folder, to this machine only, with live reload.

Built on the standard library's `http.server`, which needs no installation and no processor while
it waits: a thread for each connection is enough for one reader's browser.

Source: RFC 9110 (semantics, ranges), RFC 9112 (HTTP/1.1), HTML section 9.2 (server-sent events).
"""

from __future__ import annotations

import errno
import os
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any, BinaryIO, Final, Self
from urllib.parse import parse_qs, urlsplit

import msgspec

from avsnitt.preview import http_ranges
from avsnitt.preview.events import ReloadEvents
from avsnitt.preview.inject import FIRST_BLOCK_BYTES, inject_script
from avsnitt.preview.static_files import OpenFile, open_file
from avsnitt.problems.errors import ExternalError
from avsnitt.routes import MIME_TYPES

HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8000
PORTS_TRIED: Final = 20
IDLE_S: Final = 30.0
HEARTBEAT_S: Final = 15.0
NOT_FOUND_PAGE: Final = "404.html"

_TAKEN: Final = frozenset({errno.EADDRINUSE, errno.EACCES})
_SCRIPT_FILE: Final = Path(__file__).with_name("reload.js")


class PreviewWords(msgspec.Struct, frozen=True, kw_only=True):
    """The preview's own words, in the language of the one who runs it."""

    language: str = "en"
    close: str = "Close"
    not_found: str = "There is no page here."


class PreviewServer:
    """
    Serves `root` on 127.0.0.1 until closed; also a context manager.

    `port` 0 takes any free one; a taken port is followed by the next free of twenty, and
    ExternalError (`produce.no-port`) when all are taken. Files on disk stay as they are:
    the reload script is added to pages on their way out.
    """

    def __init__(
        self, root: Path, *, port: int = DEFAULT_PORT, words: PreviewWords | None = None
    ) -> None:
        self._announcements = ReloadEvents(secrets.token_hex(4))
        handler = partial(
            _Handler,
            Path(os.path.realpath(root)),
            words or PreviewWords(),
            self._announcements,
        )
        self._http = _bind(port, handler)
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.1,), name="preview", daemon=True
        )

    def start(self) -> None:
        """Begin to answer, on a thread of its own."""
        self._thread.start()

    @property
    def address(self) -> str:
        """The address to open, with a final slash."""
        return f"http://{HOST}:{self._http.server_address[1]}/"

    def announce_reload(self, changed_paths: Iterable[str]) -> None:
        """Announce to every open page that files (paths relative to the root) have changed."""
        self._announcements.reload(tuple(sorted(changed_paths)))

    def announce_problems(self, text: str) -> None:
        """Show plain text over every open page until the next reload; empty takes it away."""
        self._announcements.problems(text)

    def close(self) -> None:
        """Stop answering and close every connection; safe to call twice."""
        self._announcements.close()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()
        self._http.drop_connections()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    # On Windows, SO_REUSEADDR lets another program take the same port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, address: tuple[str, int], handler: Callable[..., _Handler]) -> None:
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._closed = False
        super().__init__(address, handler)

    def server_bind(self) -> None:
        # HTTPServer's own method looks the machine's name up, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open[request] = threading.current_thread()
            closed = self._closed
        try:
            if closed:
                self.shutdown_request(request)
            else:
                super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._open[request]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """
        A browser that closes the connection is no error; anything else is our bug and is
        shown.
        """
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def drop_connections(self) -> None:
        with self._lock:
            self._closed = True
            opened = dict(self._open)
        for connection in opened:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in opened.values():
            thread.join(timeout=2)


def _bind(port: int, handler: Callable[..., _Handler]) -> _Http:
    last = port + PORTS_TRIED if port else 1
    for candidate in range(port, min(last, 65_536)):
        try:
            return _Http((HOST, candidate), handler)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise ExternalError(str(error)) from error
    raise ExternalError(
        f"no port from {port} to {last - 1} is free",
        key="serve.no-port",
        values={"first": str(port), "last": str(last - 1)},
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Avsnitt"
    sys_version = ""
    timeout = IDLE_S
    # Head and body are two writes: by Nagle's algorithm the second waits 40 ms for an ACK.
    disable_nagle_algorithm = True

    def __init__(
        self,
        root: Path,
        words: PreviewWords,
        announcements: ReloadEvents,
        *connection: object,
    ) -> None:
        self.root = root
        self.words = words
        self.announcements = announcements
        super().__init__(*connection)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if not self._is_for_us():
            return
        route = self._own_routes().get(urlsplit(self.path).path)
        (route or self._serve_file)()

    do_HEAD = do_GET

    def _refuse_method(self) -> None:
        self.close_connection = True
        self._reply(405, {"Allow": "GET, HEAD"})

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _refuse_method
    do_CONNECT = do_TRACE = _refuse_method

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: one page would be thirty lines."""

    def _is_for_us(self) -> bool:
        hosts = self.headers.get_all("Host", [])
        named = http_ranges.target_host(self.path)
        if len(hosts) > 1 or (not hosts and self.request_version != "HTTP/1.0"):
            self._reply(400)
        elif not all(http_ranges.is_local_host(host) for host in (*hosts, named) if host):
            self._reply(421)
        else:
            return True
        return False

    def _own_routes(self) -> dict[str, Callable[[], None]]:
        return {"/.avsnitt/reload.js": self._serve_script, "/.avsnitt/events": self._serve_events}

    # --- Files ------------------------------------------------------------------------------

    def _serve_file(self) -> None:
        target = http_ranges.parse_target(self.path)
        found = None if target is None else open_file(self.root, target)
        if found is None:
            self._serve_not_found()
            return
        with found.file:
            if found.mime.startswith("text/html"):
                self._serve_page(found, 200)
            else:
                self._serve_bytes(found)

    def _serve_bytes(self, found: OpenFile) -> None:
        common = {
            "ETag": found.state.etag,
            "Last-Modified": found.state.modified,
            "Accept-Ranges": "bytes",
        }
        outcome = http_ranges.weigh_conditions(self.headers, found.state)
        if outcome != "send":
            self._reply(304 if outcome == "unchanged" else 412, common)
            return
        span = self._wanted_span(found)
        if span == "unsatisfiable":
            self._reply(416, {"Content-Range": f"bytes */{found.size_bytes}", **common})
        elif span is None:
            self._send_span(200, found, http_ranges.Span(0, found.size_bytes - 1), common)
        else:
            place = f"bytes {span.first}-{span.last}/{found.size_bytes}"
            self._send_span(206, found, span, {"Content-Range": place, **common})

    def _wanted_span(self, found: OpenFile) -> http_ranges.Demand:
        """Ranges are defined for GET only (RFC 9110 section 14.2)."""
        header = self.headers.get("Range")
        if header is None or self.command != "GET":
            return None
        if not http_ranges.range_applies(self.headers, found.state, time.time()):
            return None
        return http_ranges.parse_range(header, found.size_bytes)

    def _send_span(
        self, status: int, found: OpenFile, span: http_ranges.Span, headers: dict[str, str]
    ) -> None:
        self._head(status, {"Content-Type": found.mime, **headers}, span.length_bytes)
        self._send_from(found.file, span.first, span.length_bytes)

    def _serve_page(self, found: OpenFile, status: int) -> None:
        """
        A page with the reload script, one block at a time.

        A new build changes the script's tag and so the page, whatever the file's time says:
        only the entity tag answers for a page.
        """
        generation = self.announcements.generation
        etag = f'"{found.state.etag[1:-1]}-{generation}"'
        asked = {"If-None-Match": self.headers["If-None-Match"] or ""}
        state = http_ranges.Validators(etag, found.state.modified_s)
        if status == 200 and http_ranges.weigh_conditions(asked, state) == "unchanged":
            self._reply(304, {"ETag": etag})
            return
        block = found.file.read(FIRST_BLOCK_BYTES)
        head, tail = inject_script(block, self._script_tag(generation))
        rest = max(0, found.size_bytes - len(block))
        headers = {"Content-Type": found.mime, "ETag": etag, "Accept-Ranges": "none"}
        self._head(status, headers, len(head) + rest + len(tail))
        if self.command == "HEAD":
            return
        self.wfile.write(head)
        self._send_from(found.file, len(block), rest)
        self.wfile.write(tail)

    def _serve_not_found(self) -> None:
        page = open_file(self.root, NOT_FOUND_PAGE)
        if page is not None:
            with page.file:
                self._serve_page(page, 404)
            return
        words = self.words
        tag = self._script_tag(self.announcements.generation).decode()
        body = (
            f'<!doctype html><html lang="{escape(words.language)}"><head>{tag}<title>404</title>'
            f'<meta name="viewport" content="width=device-width"></head>'
            f"<body><main><h1>404</h1><p>{escape(words.not_found)}</p></main></body></html>"
        )
        self._reply(404, {"Content-Type": MIME_TYPES[".html"]}, body.encode())

    def _script_tag(self, generation: str) -> bytes:
        return (
            f'<script src="/.avsnitt/reload.js" data-generation="{generation}"'
            f' data-close="{escape(self.words.close)}" defer></script>'
        ).encode()

    # --- Live reload ------------------------------------------------------------------------

    def _serve_script(self) -> None:
        self._reply(200, {"Content-Type": MIME_TYPES[".js"]}, _SCRIPT_FILE.read_bytes())

    def _serve_events(self) -> None:
        self.close_connection = True
        headers = {"Content-Type": "text/event-stream", "Connection": "close"}
        if self.command == "HEAD":
            self._head(200, headers, None)
            return
        since = parse_qs(urlsplit(self.path).query).get("since", [""])[0]
        with self.announcements.subscribe(since) as messages:
            if messages is None:
                self._reply(503)
                return
            self._head(200, headers, None)
            for message in messages(HEARTBEAT_S):
                self.wfile.write(message)

    # --- Replies ----------------------------------------------------------------------------

    def _head(self, status: int, headers: dict[str, str], length_bytes: int | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length_bytes is not None:
            self.send_header("Content-Length", str(length_bytes))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        if self.close_connection and "Connection" not in headers:
            self.send_header("Connection", "close")
        self.end_headers()

    def _reply(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self._head(status, headers or {}, None if status == 304 else len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_from(self, file: BinaryIO, offset: int, length_bytes: int) -> None:
        """By the kernel where it can, otherwise in small blocks; never the file in memory."""
        if self.command == "HEAD" or length_bytes <= 0:
            return
        # A player with a full buffer stops reading for minutes; that is no idle connection.
        self.connection.settimeout(None)
        sent = self.connection.sendfile(file, offset, length_bytes)
        self.connection.settimeout(IDLE_S)
        if sent < length_bytes:
            self.close_connection = True
