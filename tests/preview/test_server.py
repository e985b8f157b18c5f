"""Real sockets on the loopback, read with http.client and, where it must be, by hand."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from avsnitt.preview.server import PreviewServer, PreviewWords
from avsnitt.problems.errors import ExternalError

SOUND = random.Random(1).randbytes(1_000_003)  # noqa: S311
PAGE = (
    "<!doctype html><html lang=sv><head><meta http-equiv=Content-Security-Policy "
    "content=\"default-src 'none'; script-src 'self'\"><title>Öppen</title></head>"
    "<body><main><h1>Öppen kanal</h1></main></body></html>"
)


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "public"
    (root / "media").mkdir(parents=True)
    (root / "people").mkdir()
    (root / "index.html").write_text(PAGE, encoding="utf-8")
    (root / "feed.xml").write_text("<rss/>", encoding="utf-8")
    for name in ("feed.json", "feed-2.json", "other.json", "calendar.ics", "network.opml"):
        (root / name).write_text("{}")
    (root / "media/samtal.mp3").write_bytes(SOUND)
    (root / "tom.txt").write_bytes(b"")
    (root / "odd.xyz").write_bytes(b"?")
    (root / ".avsnitt-published.json").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    return root


@pytest.fixture
def server(root):
    with PreviewServer(root, port=0) as server:
        yield server


def ask(server, path, method="GET", **headers):
    """Status, headers in lower case, and body."""
    host = server.address.removeprefix("http://").rstrip("/")
    with closing(http.client.HTTPConnection(host, timeout=10)) as connection:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in names)
        for name, value in names.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def say(server, raw):
    """Send raw bytes, read until the server closes or says nothing more."""
    port = int(server.address.rstrip("/").rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        line.sendall(raw)
        return line.recv(65_536)


@pytest.mark.parametrize(
    ("path", "mime"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/feed.xml", "application/rss+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json"),
        ("/feed-2.json", "application/feed+json"),
        ("/other.json", "application/json"),
        ("/calendar.ics", "text/calendar; charset=utf-8"),
        ("/network.opml", "text/x-opml; charset=utf-8"),
        ("/media/samtal.mp3", "audio/mpeg"),
        ("/odd.xyz", "application/octet-stream"),
    ],
)
def test_a_file_comes_with_its_type(server, path, mime):
    status, headers, _ = ask(server, path)
    assert (status, headers["content-type"]) == (200, mime)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-cache"


def test_a_whole_sound_comes_as_it_is(server):
    _, headers, body = ask(server, "/media/samtal.mp3")
    assert body == SOUND
    assert headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "status", "place", "body"),
    [
        ("bytes=0-99", 206, "bytes 0-99/1000003", SOUND[:100]),
        ("bytes=-500", 206, "bytes 999503-1000002/1000003", SOUND[-500:]),
        ("bytes=1000000-", 206, "bytes 1000000-1000002/1000003", SOUND[-3:]),
        ("bytes=500000-9999999", 206, "bytes 500000-1000002/1000003", SOUND[500_000:]),
        ("bytes=1000003-", 416, "bytes */1000003", b""),
        ("bytes=-0", 416, "bytes */1000003", b""),
        ("bytes=0-1,4-5", 200, None, SOUND),
        ("bytes=9-1", 200, None, SOUND),
        ("lines=1-2", 200, None, SOUND),
    ],
)
def test_a_player_gets_the_bytes_it_asks_for(server, wanted, status, place, body):
    got = ask(server, "/media/samtal.mp3", Range=wanted)
    assert (got[0], got[1].get("content-range"), got[2]) == (status, place, body)
    assert int(got[1]["content-length"]) == len(body)


def test_an_empty_file_is_whole(server):
    assert ask(server, "/tom.txt", Range="bytes=0-")[::2] == (200, b"")


def test_head_says_everything_and_sends_nothing(server):
    for path in ("/media/samtal.mp3", "/", "/nowhere"):
        get, head = ask(server, path), ask(server, path, "HEAD")
        assert head[0] == get[0]
        assert head[2] == b""
        assert {**head[1], "date": ""} == {**get[1], "date": ""}
    assert ask(server, "/media/samtal.mp3", "HEAD", Range="bytes=0-1")[0] == 200


def test_a_known_file_is_not_sent_again(server, root):
    for path in ("/media/samtal.mp3", "/"):
        etag = ask(server, path)[1]["etag"]
        assert ask(server, path, If_None_Match=etag)[::2] == (304, b"")
    since = ask(server, "/feed.xml")[1]["last-modified"]
    assert ask(server, "/feed.xml", If_Modified_Since=since)[0] == 304
    (root / "feed.xml").write_text("<rss>!</rss>")
    assert ask(server, "/feed.xml", If_None_Match=etag)[0] == 200


def test_a_page_is_sent_again_after_a_new_build(server):
    etag = ask(server, "/")[1]["etag"]
    server.announce_reload(["index.html"])
    assert ask(server, "/", If_None_Match=etag)[0] == 200


def test_a_range_of_an_older_sound_is_not_mixed_with_a_newer(server, root):
    etag = ask(server, "/media/samtal.mp3")[1]["etag"]
    assert ask(server, "/media/samtal.mp3", Range="bytes=0-9", If_Range=etag)[0] == 206
    (root / "media/samtal.mp3").write_bytes(b"another sound")
    assert ask(server, "/media/samtal.mp3", Range="bytes=0-9", If_Range=etag)[::2] == (
        200,
        b"another sound",
    )
    assert ask(server, "/media/samtal.mp3", Range="bytes=0-9", If_Match=etag)[0] == 412


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/media/../../secret.txt",
        "/media/%2e%2e/%2e%2e/secret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/file:///etc/passwd",
        "/feed.xml%00.html",
        "/feed.xml/",
        "/feed.xml/x",
        "/.avsnitt-published.json",
        "/" + "a" * 5000,
        "/people/",
        "/people",
        "/media",
        "/.",
        "/%ff",
    ],
)
def test_nothing_outside_the_root_and_no_listing_is_served(server, path):
    status, _, body = ask(server, path)
    assert status == 404
    assert b"secret" not in body
    assert b"root:" not in body


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_out_of_the_root_leads_nowhere(server, root):
    (root / "out.txt").symlink_to(root.parent / "secret.txt")
    (root / "up").symlink_to(root.parent)
    (root / "in.txt").symlink_to(root / "feed.xml")
    (root / "loop").symlink_to(root / "loop")
    os.mkfifo(root / "pipe.txt")
    for path in ("/out.txt", "/up/secret.txt", "/loop", "/pipe.txt"):
        assert ask(server, path)[0] == 404
    assert ask(server, "/in.txt")[2] == b"<rss/>"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:80", "10.0.0.1"])
def test_a_request_with_another_host_name_is_refused(server, host):
    for path in ("/", "/feed.xml", "/.avsnitt/events", "/.avsnitt/reload.js"):
        assert ask(server, path, Host=host)[0] == 421
    assert ask(server, f"http://{host}/feed.xml", Host="localhost")[0] == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:9", "127.0.0.1:8000", "[::1]:8000"])
def test_this_machine_has_several_names(server, host):
    assert ask(server, "/feed.xml", Host=host)[0] == 200


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /feed.xml HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /feed.xml HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", b"400"),
        (b"POST /feed.xml HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx", b"405"),
        (b"BREW /feed.xml HTTP/1.1\r\nHost: localhost\r\n\r\n", b"501"),
        (b"GET /feed.xml HTTP/9.1\r\nHost: localhost\r\n\r\n", b"505"),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"400"),
    ],
)
def test_malformed_requests_are_refused(server, raw, status):
    assert status in say(server, raw).split(b"\r\n")[0]
    assert ask(server, "/feed.xml")[0] == 200


def test_a_page_carries_the_script_and_may_run_it(server, root):
    _, _, body = ask(server, "/")
    assert body.count(b"/.avsnitt/reload.js") == 1
    assert b"connect-src &#x27;self&#x27;" in body
    assert (root / "index.html").read_text(encoding="utf-8") == PAGE
    status, headers, script = ask(server, "/.avsnitt/reload.js")
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert b"EventSource" in script


def test_a_page_larger_than_a_block_passes_whole(server, root):
    text = "<html><head></head><body>" + "å" * 300_000 + "</body></html>"
    (root / "lang.html").write_text(text, encoding="utf-8")
    body = ask(server, "/lang.html")[2].decode()
    assert body.endswith(text.removeprefix("<html><head>"))
    (root / "bare.html").write_text("x" * 200_000)
    assert ask(server, "/bare.html")[2].startswith(b"x" * 200_000 + b"<script")


def test_a_missing_page_says_so_in_the_words_it_was_given(root):
    words = PreviewWords(language="sv", close="Stäng", not_found="Här finns ingen sida <ännu>.")
    with PreviewServer(root, port=0, words=words) as server:
        status, _, body = ask(server, "/nowhere.html")
        assert status == 404
        assert "Här finns ingen sida &lt;ännu&gt;." in body.decode()
        (root / "404.html").write_text("<html><head></head><body>vår egen", encoding="utf-8")
        assert "vår egen" in ask(server, "/nowhere.html")[2].decode()


def test_fifty_readers_at_once_each_get_their_own_bytes(server):
    starts = range(0, 1_000_000, 20_000)

    def read(start):
        return ask(server, "/media/samtal.mp3", Range=f"bytes={start}-{start + 9_999}")[2]

    with ThreadPoolExecutor(50) as pool:
        for start, body in zip(starts, pool.map(read, starts), strict=True):
            assert body == SOUND[start : start + 10_000]


def test_many_requests_share_one_connection(server):
    host = server.address.removeprefix("http://").rstrip("/")
    with closing(http.client.HTTPConnection(host, timeout=10)) as connection:
        for path, method in [
            ("/", "GET"),
            ("/feed.xml", "HEAD"),
            ("/x", "GET"),
            ("/feed.xml", "GET"),
        ]:
            connection.request(method, path)
            answer = connection.getresponse()
            last = answer.read()
            assert not answer.will_close
    assert last == b"<rss/>"


def test_a_reader_that_closes_early_disturbs_no_other(server, root, capfd):
    with (root / "big.mp3").open("wb") as file:
        file.truncate(50_000_000)
    port = int(server.address.rstrip("/").rsplit(":", 1)[1])
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"GET /big.mp3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            line.recv(10)
    assert ask(server, "/feed.xml")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_a_taken_port_is_followed_by_the_next_free(root):
    with PreviewServer(root, port=18_431) as first, PreviewServer(root, port=18_431) as second:
        assert first.address != second.address
        assert ask(second, "/feed.xml")[0] == 200


def test_no_free_port_is_reported_in_words(root):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 65_535))
        taken.listen()
        with pytest.raises(ExternalError) as error:
            PreviewServer(root, port=65_535)
    assert error.value.key == "serve.no-port"


def test_only_this_machine_can_connect(server):
    assert server.address.startswith("http://127.0.0.1:")


def read_event(answer):
    name = data = None
    for line in iter(answer.readline, b""):
        text = line.decode().rstrip("\n")
        if text.startswith("event: "):
            name = text.removeprefix("event: ")
        elif text.startswith("data: "):
            data = json.loads(text.removeprefix("data: "))
        elif not text and name:
            return name, data
    return None


def test_open_pages_get_builds_and_problems(server):
    host = server.address.removeprefix("http://").rstrip("/")
    with closing(http.client.HTTPConnection(host, timeout=10)) as connection:
        connection.request("GET", "/.avsnitt/events?since=x")
        answer = connection.getresponse()
        assert answer.getheader("content-type") == "text/event-stream"
        name, state = read_event(answer)
        assert (name, state["paths"], state["problems"]) == ("state", None, "")
        server.announce_problems("rad 1\nrad 2: å")
        assert read_event(answer) == ("problems", {"text": "rad 1\nrad 2: å"})
        server.announce_reload({"b.html", "a.html"})
        name, data = read_event(answer)
        assert (name, data["paths"]) == ("reload", ["a.html", "b.html"])
        assert data["generation"] != state["generation"]
        answer.close()


def test_a_page_that_reconnects_gets_the_changes_it_missed(server):
    host = server.address.removeprefix("http://").rstrip("/")

    def state(since):
        with closing(http.client.HTTPConnection(host, timeout=10)) as connection:
            connection.request("GET", f"/.avsnitt/events?since={since}")
            with connection.getresponse() as answer:
                return read_event(answer)[1]

    first = state("")["generation"]
    server.announce_reload(["a.html"])
    server.announce_reload(["b.css", "a.html"])
    server.announce_problems("fel")
    assert state(first)["paths"] == ["a.html", "b.css"]
    assert state(first)["problems"] == "fel"
    assert state(state(first)["generation"])["paths"] == []
    assert state("another-run-0")["paths"] is None


def test_closing_ends_every_connection_at_once(root):
    before = threading.active_count()
    server = PreviewServer(root, port=0)
    server.start()
    host = server.address.removeprefix("http://").rstrip("/")
    connections = [http.client.HTTPConnection(host, timeout=10) for _ in range(5)]
    answers = []
    for connection in connections:
        connection.request("GET", "/.avsnitt/events")
        answers.append(connection.getresponse())
    started = time.monotonic()
    server.close()
    server.close()
    assert time.monotonic() - started < 2
    assert threading.active_count() == before
    for answer, connection in zip(answers, connections, strict=True):
        answer.close()
        connection.close()
    with pytest.raises(OSError, match="refused"):
        ask(server, "/")


def test_a_server_that_never_started_can_be_closed(root):
    PreviewServer(root, port=0).close()


SERVED = """
import sys, time
from pathlib import Path
from avsnitt.preview.server import PreviewServer
try:
    with PreviewServer(Path(sys.argv[1]), port=0) as server:
        print(server.address, flush=True)
        time.sleep(60)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a child on Windows")
def test_an_interrupt_ends_it_at_once_though_pages_are_open(root):
    command = [sys.executable, "-c", SERVED, str(root)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        host = run.stdout.readline().removeprefix("http://").rstrip("/\n")
        with closing(http.client.HTTPConnection(host, timeout=10)) as connection:
            connection.request("GET", "/.avsnitt/events")
            with connection.getresponse() as answer:
                assert read_event(answer)[0] == "state"
                run.send_signal(signal.SIGINT)
                assert run.wait(timeout=10) == 130
        assert run.stderr.read() == ""
