"""A real web server on the loopback that serves well, and can be told to serve badly."""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

import pytest

Raw = Callable[["Handler"], None]


@dataclass
class Page:
    """What is served well unless it is told otherwise. `raw` answers as it likes."""

    body: bytes = b""
    mime: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cors: bool = True
    head: bool = True
    ranges: bool = True
    zipped: bool = False
    etag: str = '"one"'
    not_modified: bool = True
    location: str = ""
    raw: Raw | None = None


class Handler(BaseHTTPRequestHandler):
    server: OddServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        del format, args

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers.items())))
        page = self.server.pages.get(self.path) or Page(b"gone", status=404)
        with contextlib.suppress(OSError):
            if page.raw:
                self.close_connection = True
                page.raw(self)
            elif self.command == "HEAD" and not page.head:
                self._send(Page(b"", status=405), b"", 405)
            elif page.location:
                self._send(page, b"", page.status if page.status != 200 else 302)
            elif page.etag and page.not_modified and self._knows(page):
                self._send(page, b"", 304)
            else:
                self._body(page)

    def _knows(self, page: Page) -> bool:
        return self.headers.get("If-None-Match") == page.etag

    def _body(self, page: Page) -> None:
        wanted = self.headers.get("Range", "")
        if wanted and page.ranges:
            first, last = (int(part) for part in wanted.removeprefix("bytes=").split("-"))
            part = page.body[first : last + 1]
            self._send(page, part, 206, f"bytes {first}-{last}/{len(page.body)}")
        elif page.zipped and "gzip" in self.headers.get("Accept-Encoding", ""):
            self._send(page, gzip.compress(page.body), page.status, zipped=True)
        else:
            self._send(page, page.body, page.status)

    def _send(
        self, page: Page, body: bytes, status: int, part: str = "", *, zipped: bool = False
    ) -> None:
        self.send_response(status)
        named = {
            "Content-Type": page.mime,
            "Content-Length": "" if status == 304 else str(len(body)),
            "Content-Range": part,
            "Content-Encoding": "gzip" if zipped else "",
            "ETag": page.etag,
            "Location": page.location,
            "Access-Control-Allow-Origin": "*" if page.cors else "",
            **page.headers,
        }
        for name, value in named.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class OddServer(ThreadingHTTPServer):
    """`asked` is every request as method, path and headers, in the order they came."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Page] = {}
        self.feed = b""
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            scheme = "https"
        self.origin = f"127.0.0.1:{self.server_address[1]}"
        self.address = f"{scheme}://{self.origin}"

    def __enter__(self) -> OddServer:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Who asks may hang up; that is theirs to do."""


def make_certificate(folder: Path) -> Path:
    """A certificate and its key for 127.0.0.1, trusted by nobody yet."""
    if shutil.which("openssl") is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("needs openssl to make a certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1".split()
    named = ("-addext", "subjectAltName=IP:127.0.0.1")
    written = ("-keyout", str(key), "-out", str(certificate))
    subprocess.run(["openssl", *made, *named, *written], check=True, capture_output=True)
    with certificate.open("ab") as stream:
        stream.write(key.read_bytes())
    return certificate
