"""`produce` as its user meets it: a process of its own, asked over HTTP."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.support import shows

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")

PATIENCE_S = 30.0


class Preview:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.printed = ""
        self.port = 0

    def wait_for(self, pattern: str) -> str:
        """Read what it says until a line matches."""
        assert self.process.stderr
        for line in self.process.stderr:
            self.printed += line
            if found := re.search(pattern, line):
                return found[found.lastindex or 0]
        raise AssertionError(f"it ended without saying {pattern!r}:\n{self.printed}")

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        _, rest = self.process.communicate(timeout=PATIENCE_S)
        self.printed += rest
        return self.process.returncode


@contextmanager
def serving(show: Path, *arguments: str) -> Iterator[Preview]:
    process = subprocess.Popen(
        shows.program("serve", *(arguments or ("--port", "0"))),
        cwd=show,
        env=shows.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    preview = Preview(process)
    try:
        yield preview
    finally:
        if process.poll() is None:
            process.kill()
        with suppress(ValueError):
            process.communicate(timeout=PATIENCE_S)


@pytest.fixture
def preview(show: Path) -> Iterator[Preview]:
    with serving(show) as found:
        found.port = int(found.wait_for(r"http://127\.0\.0\.1:(\d+)/  \("))
        yield found


def test_a_preview_serves_the_show_and_parts_of_its_sound(preview: Preview, show: Path) -> None:
    status, headers, page = preview.get("/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Vågar vi fråga?" in page.decode()
    sound = (show / "public/media/andra.mp3").read_bytes()
    status, headers, part = preview.get("/media/andra.mp3", Range="bytes=100-199")
    assert (status, part) == (206, sound[100:200])
    assert headers["content-range"] == f"bytes 100-199/{len(sound)}"
    assert headers["content-type"] == "audio/mpeg"
    assert preview.get("/nothing.html")[0] == 404
    assert preview.get("/../site/show.toml")[0] in (400, 403, 404)
    assert preview.get("/%2e%2e/site/show.toml")[0] in (400, 403, 404)

    assert preview.stop() == 130
    assert "Traceback" not in preview.printed
    assert "Avbrutet" in preview.printed


def test_a_saved_file_is_seen_and_the_open_page_is_reported(preview: Preview, show: Path) -> None:
    with _serve(preview) as events:
        _save_and_wait(preview, show, events)


def _save_and_wait(preview: Preview, show: Path, events: socket.socket) -> None:
    shows.edit(show, "episodes/002-andra/episode.md", "Mer om svar.", "Nysparat.")
    assert "byggt på nytt" in preview.wait_for(r".*\d\d:\d\d:\d\d.*")
    assert "Nysparat." in preview.get("/episodes/andra.html")[2].decode()
    assert "episodes/andra.html" in _probe(events, "episodes/andra.html")

    shows.edit(show, "episodes/002-andra/episode.md", "title:", "titel:")
    preview.wait_for("MATTER-003")
    assert "MATTER-003" in _probe(events, "MATTER-003")
    assert preview.get("/episodes/andra.html")[0] == 200

    shows.edit(show, "episodes/002-andra/episode.md", "titel: Vem svarar?", "title: Vem nu?")
    preview.wait_for(r"\d\d:\d\d:\d\d")
    assert "Vem nu?" in preview.get("/episodes/andra.html")[2].decode()


def _serve(preview: Preview) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE_S)
    ask = f"GET /.avsnitt/events?since= HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\n\r\n"
    stream.sendall(ask.encode())
    return stream


def _probe(stream: socket.socket, word: str) -> str:
    """What is told until a word has been said."""
    heard = b""
    deadline = time.monotonic() + PATIENCE_S
    while word.encode() not in heard and time.monotonic() < deadline:
        part = stream.recv(65536)
        if not part:
            break
        heard += part
    return heard.decode()


def test_a_taken_port_is_followed_by_the_next(show: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(show, "--port", str(port)) as preview:
            found = int(preview.wait_for(r"http://127\.0\.0\.1:(\d+)/  \("))
            assert port < found < port + 20
            assert preview.stop() == 130


def test_a_broken_show_that_was_never_built_cannot_be_shown(show: Path) -> None:
    shows.edit(show, "site/show.toml", "Government", "Nope")
    with serving(show) as preview:
        preview.wait_for("SHOW-009")
        assert preview.process.wait(PATIENCE_S) == 1


def test_a_preview_leaves_no_file_of_its_own_in_the_output(preview: Preview, show: Path) -> None:
    preview.get("/")
    page = (show / "public/index.html").read_text(encoding="utf-8")
    assert "EventSource" not in page
    assert "reload" not in page
