"""Real servers on the loopback, asked as strangers' servers are."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.odd_server import Handler, OddServer, Page, Raw, make_certificate

from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.net import client
from avsnitt.net.batch import AT_ONCE_FROM_ONE, ask_all
from avsnitt.net.client import MOST_REDIRECTS, NoAnswerError, fetch
from avsnitt.net.messages import Request, Response, Silence
from avsnitt.problems.errors import ExternalError
from avsnitt.system.locales import read_strings


@pytest.fixture
def server() -> Iterator[OddServer]:
    with OddServer() as server:
        yield server


def wait(seconds: float) -> Raw:
    def answer(_: Handler) -> None:
        time.sleep(seconds)

    return answer


def get(server: OddServer, path: str, **options: object) -> Response:
    options.setdefault("limit_bytes", 1000)
    return fetch(server.address + path, trusted=frozenset({server.origin}), **options)  # type: ignore[arg-type]


def why(server: OddServer, path: str, **options: object) -> str:
    with pytest.raises(NoAnswerError) as caught:
        get(server, path, **options)
    return caught.value.reason


def test_an_answer_has_status_headers_and_body(server: OddServer) -> None:
    server.pages["/a"] = Page(b"hej", "text/plain; charset=utf-8", headers={"X-Odd": "1"})
    answer = get(server, "/a")
    assert (answer.status, answer.body, answer.cut) == (200, b"hej", False)
    assert (answer.mime, answer.headers["x-odd"]) == ("text/plain", "1")
    assert answer.url == f"{server.address}/a"


def test_any_status_is_an_answer(server: OddServer) -> None:
    server.pages["/b"] = Page(b"no", status=503)
    assert [get(server, path).status for path in ("/a", "/b")] == [404, 503]


def test_head_has_no_body_and_a_range_has_a_part(server: OddServer) -> None:
    server.pages["/a.mp3"] = Page(b"0123456789", "audio/mpeg")
    head = get(server, "/a.mp3", method="HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "10")
    part = get(server, "/a.mp3", headers=(("Range", "bytes=2-4"),))
    assert (part.status, part.body) == (206, b"234")


def test_no_more_is_read_than_was_asked_for(server: OddServer) -> None:
    server.pages["/big"] = Page(b"x" * 50_000_000)
    answer = get(server, "/big", limit_bytes=10)
    assert (answer.body, answer.cut) == (b"x" * 10, True)
    assert get(server, "/big", limit_bytes=0).body == b""


def test_a_compressed_body_is_unpacked(server: OddServer) -> None:
    server.pages["/a"] = Page(b"hej " * 100, zipped=True)
    answer = get(server, "/a", headers=(("Accept-Encoding", "gzip"),))
    assert (answer.body, answer.cut) == (b"hej " * 100, False)


def test_a_body_that_unpacks_to_gigabytes_is_cut_off(server: OddServer) -> None:
    inner = gzip.compress(b"\0" * 100_000_000)
    server.pages["/bomb"] = Page(inner, headers={"Content-Encoding": "gzip"})
    answer = get(server, "/bomb", limit_bytes=1000)
    assert (len(answer.body), answer.cut) == (1000, True)


@pytest.mark.parametrize("body", [b"not gzip at all", zlib.compress(b"a")[:-3] + b"xyz", b""])
def test_what_cannot_be_unpacked_is_a_broken_answer_or_an_empty_one(
    server: OddServer, body: bytes
) -> None:
    server.pages["/a"] = Page(body, headers={"Content-Encoding": "gzip"})
    if body:
        assert why(server, "/a") == "broken"
    else:
        assert get(server, "/a").body == b""


def test_redirects_are_followed_and_remembered(server: OddServer) -> None:
    server.pages["/a"] = Page(location="/b?x=1")
    server.pages["/b?x=1"] = Page(location=f"{server.address}/å c", status=308)
    server.pages["/%C3%A5%20c"] = Page(b"here")
    answer = get(server, "/a")
    assert answer.body == b"here"
    assert answer.redirects == (f"{server.address}/a", f"{server.address}/b?x=1")


def test_a_loop_of_redirects_is_reported(server: OddServer) -> None:
    server.pages["/a"] = Page(location="/b")
    server.pages["/b"] = Page(location="/a")
    assert why(server, "/a") == "loop"
    assert len(server.asked) == 2


def test_endless_redirects_are_reported(server: OddServer) -> None:
    for number in range(20):
        server.pages[f"/{number}"] = Page(location=f"/{number + 1}")
    assert why(server, "/0") == "too-many"
    assert len(server.asked) == MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("gopher://127.0.0.1:6379/_x", "scheme"),
        ("https://anna:hemlig@example.org/", "credentials"),
        ("http://169.254.169.254/latest/meta-data/", "private"),
        ("http://[::1]/", "private"),
        ("http://[::ffff:10.0.0.1]/", "private"),
        ("http://10.0.0.1/", "private"),
        ("http://0.0.0.0/", "private"),
        ("http://2130706433/", "private"),
        ("http://[bad/", "address"),
        ("http://exa mple.org/", "address"),
        ("http://127.0.0.1:99999/", "address"),
    ],
)
def test_a_redirect_leads_nowhere_dangerous(server: OddServer, location: str, reason: str) -> None:
    server.pages["/a"] = Page(location=location)
    assert why(server, "/a") == reason


def test_this_machine_is_asked_only_when_the_user_has_named_it(server: OddServer) -> None:
    server.pages["/a"] = Page(b"secret")
    for trusted in (frozenset[str](), frozenset({"127.0.0.1:1"}), frozenset({"127.0.0.1"})):
        with pytest.raises(NoAnswerError) as caught:
            fetch(f"{server.address}/a", limit_bytes=10, trusted=trusted)
        assert caught.value.reason == "private"
    assert server.asked == []


def test_no_cookies_or_credentials_are_sent(server: OddServer) -> None:
    server.pages["/a"] = Page(location="/b", headers={"Set-Cookie": "who=anna"})
    server.pages["/b"] = Page(b"x")
    get(server, "/a")
    for _, _, headers in server.asked:
        assert {name.lower() for name in headers} == {"host", "user-agent", "accept", "connection"}


def test_a_server_that_sends_slowly_is_cut_off_in_time(server: OddServer) -> None:
    def drip(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1000):
            handler.wfile.write(b"X-%d: 1\r\n" % number)
            handler.wfile.flush()
            time.sleep(0.1)

    def drip_body(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1000):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)

    server.pages["/headers"] = Page(raw=drip)
    server.pages["/body"] = Page(raw=drip_body)
    for path in ("/headers", "/body"):
        began = time.monotonic()
        assert why(server, path, timeout_s=0.5) == "slow"
        assert time.monotonic() - began < 20  # all of it would take 100


def test_a_server_that_sends_nothing_is_reported_as_slow(server: OddServer) -> None:
    server.pages["/a"] = Page(raw=wait(3))
    assert why(server, "/a", timeout_s=0.3) == "slow"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\xff\xfe\x00nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
        b"HTTP/1.1 20000000 OK\r\n\r\n",
    ],
)
def test_nonsense_is_a_broken_answer(server: OddServer, sent: bytes) -> None:
    server.pages["/a"] = Page(raw=lambda handler: handler.wfile.write(sent) and None)
    assert why(server, "/a") == "broken"


def test_a_refused_connection_is_reported(server: OddServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoAnswerError) as caught:
        fetch(f"http://127.0.0.1:{port}/", trusted=frozenset({f"127.0.0.1:{port}"}))
    assert caught.value.reason == "refused"
    assert isinstance(caught.value, ExternalError)


def test_an_unknown_host_name_is_reported() -> None:
    with pytest.raises(NoAnswerError) as caught:
        fetch("http://nobody.invalid/")
    assert caught.value.reason in ("name", "no-network")


def test_a_certificate_is_trusted_or_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    with OddServer(certificate) as server:
        server.pages["/a"] = Page(b"safe")
        client._tls.cache_clear()
        assert why(server, "/a") == "certificate"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        client._tls.cache_clear()
        assert get(server, "/a").body == b"safe"
    client._tls.cache_clear()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_reason_has_words(language: str) -> None:
    strings = read_strings(language, *PROBLEM_DOMAINS)
    reasons = {reason for _, reason in client._REASONS} | {"broken", "no-network", "private"}
    reasons |= {"loop", "too-many", "address", "scheme", "credentials"}
    assert [reason for reason in sorted(reasons) if f"network.{reason}" not in strings] == []


# --- Many at once ---------------------------------------------------------------------------------


def test_every_request_is_sent_once_and_answered(server: OddServer) -> None:
    for number in range(30):
        server.pages[f"/{number}"] = Page(b"%d" % number)
    asks = [Request(f"{server.address}/{number}", limit_bytes=9) for number in range(30)]
    reported: list[tuple[int, int]] = []
    answers = ask_all(
        [*asks, *asks, Request("http://10.0.0.1/"), Request("mailto:a@b")],
        trusted=frozenset({server.origin}),
        advance=lambda done, total: reported.append((done, total)),
    )
    assert [one for one in answers if isinstance(answers[one], Response)] == asks
    assert [answers[one].body for one in asks] == [b"%d" % n for n in range(30)]  # type: ignore[union-attr]
    assert list(answers.values())[-2:] == [Silence("private"), Silence("scheme")]
    assert reported == [(number, 32) for number in range(1, 33)]
    assert len(server.asked) == 30


def test_one_server_is_asked_for_little_at_a_time(server: OddServer) -> None:
    lock, now, most = threading.Lock(), 0, 0

    def slow(handler: Handler) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.05)
        with lock:
            now -= 1
        handler.wfile.write(b"HTTP/1.1 204 None\r\n\r\n")

    for number in range(10):
        server.pages[f"/{number}"] = Page(raw=slow)
    asks = [Request(f"{server.address}/{number}") for number in range(10)]
    ask_all(asks, trusted=frozenset({server.origin}))
    assert 1 <= most <= AT_ONCE_FROM_ONE


def test_a_slow_server_delays_no_other(server: OddServer) -> None:
    passed: list[bool] = []
    with OddServer() as other:

        def let_others_pass(_: Handler) -> None:
            until = time.monotonic() + 10
            while len(other.asked) < 8 and time.monotonic() < until:
                time.sleep(0.01)
            passed.append(len(other.asked) == 8)

        for number in range(8):
            server.pages[f"/{number}"] = Page(raw=let_others_pass)
            other.pages[f"/{number}"] = Page(b"x")
        asks = [Request(f"{one.address}/{n}") for one in (server, other) for n in range(8)]
        ask_all(asks, trusted=frozenset({server.origin, other.origin}))
    assert passed == [True] * 8


def test_ctrl_c_stops_at_once(server: OddServer) -> None:
    server.pages["/a"] = Page(raw=wait(5))

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    server.pages["/b"] = Page(b"x")
    asks = [Request(f"{server.address}/{name}") for name in "ba"]
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        ask_all(asks, trusted=frozenset({server.origin}), advance=interrupt)
    assert time.monotonic() - began < 4.5


def test_no_requests_give_no_answers_at_once() -> None:
    assert ask_all([]) == {}
