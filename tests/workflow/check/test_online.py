"""A feed on a real HTTPS server that serves everything well; then one misbehaviour at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree
from tests.support.odd_server import Handler, OddServer, Page, make_certificate

from avsnitt.checks.feed.tree import Feed
from avsnitt.cli.output.problems import render_problems
from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.net import client
from avsnitt.net.client import NoAnswerError
from avsnitt.problems.errors import ExternalError
from avsnitt.problems.feed_rules import ONLINE
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.locales import read_strings
from avsnitt.workflow.check.online import (
    OnlineOptions,
    check_served_feed,
    check_served_show,
    get_feed,
)

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>Öppen kanal</title>
  <atom:link rel="self" type="application/rss+xml" href="{base}/feed.xml"/>
  <atom:link rel="hub" href="{base}/hub"/>
  <itunes:image href="{base}/omslag.jpg"/>
  <podcast:image href="{base}/rorligt.mp4" type="video/mp4"/>
  {items}
</channel></rss>
"""
ITEM = """<item>
  <title>Avsnitt {number}</title>
  <guid isPermaLink="false">avsnitt-{number}</guid>
  <pubDate>{number:02} Oct 2026 07:00:00 +0200</pubDate>
  <link>{base}/{number}.html</link>
  <enclosure url="{base}/{number}.m4a" length="20000" type="audio/x-m4a"/>
  <itunes:image href="{base}/{number}.png"/>
  <podcast:chapters url="{base}/{number}.json" type="application/json+chapters"/>
  <podcast:transcript url="{base}/{number}.vtt" type="text/vtt"/>
</item>"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    certificate = make_certificate(tmp_path_factory.mktemp("certificate"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certificate))
        client._tls.cache_clear()
        yield certificate
    client._tls.cache_clear()


@pytest.fixture
def server(certificate: Path) -> Iterator[OddServer]:
    with OddServer(certificate) as server:
        publish(server, 1)
        yield server


def publish(server: OddServer, episodes: int) -> None:
    base = server.address
    numbers = range(1, episodes + 1)
    items = "\n".join(ITEM.format(base=base, number=number) for number in numbers)
    write_feed(server, FEED.format(base=base, items=items))
    server.pages["/hub"] = Page(b"hub.mode is missing", status=400)
    server.pages["/omslag.jpg"] = Page(b"x" * 9, "image/jpeg")
    server.pages["/rorligt.mp4"] = Page(b"x" * 9, "video/mp4")
    for number in numbers:
        server.pages[f"/{number}.html"] = Page(b"<html>", "text/html; charset=utf-8")
        server.pages[f"/{number}.m4a"] = Page(b"x" * 20_000, "audio/mp4")
        server.pages[f"/{number}.png"] = Page(b"x" * 9, "image/png")
        server.pages[f"/{number}.json"] = Page(b"{}", "application/json+chapters")
        server.pages[f"/{number}.vtt"] = Page(b"WEBVTT", "text/vtt; charset=utf-8")


def write_feed(server: OddServer, text: str) -> None:
    mime = "application/rss+xml; charset=utf-8"
    server.feed = text.encode()
    server.pages["/feed.xml"] = Page(server.feed, mime, zipped=True)


def edit_feed(server: OddServer, old: str, new: str) -> None:
    text = server.feed.decode()
    assert old in text
    write_feed(server, text.replace(old, new))


def check(server: OddServer, path: str = "/feed.xml", newest: int = 20) -> tuple[Finding, ...]:
    feed = Feed(etree.fromstring(server.feed), server.feed)
    return check_served_feed(feed, server.address + path, OnlineOptions(newest))


def reported(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [
        (finding.code, finding.severity or ONLINE[finding.code].severity) for finding in findings
    ]


def test_a_show_that_is_served_well_has_nothing_to_answer_for(server: OddServer) -> None:
    assert check(server) == ()
    methods = {(method, path) for method, path, _ in server.asked}
    assert ("HEAD", "/1.m4a") in methods
    assert ("HEAD", "/omslag.jpg") in methods
    assert ("GET", "/1.vtt") in methods


Misdeed = Callable[[OddServer], None]


def page(path: str, **changes: object) -> Misdeed:
    def change(server: OddServer) -> None:
        for name, value in changes.items():
            assert hasattr(server.pages[path], name)
            setattr(server.pages[path], name, value)

    return change


def edit(old: str, new: str) -> Misdeed:
    return lambda server: edit_feed(server, old, new)


def road(path: str, steps: int) -> Misdeed:
    """The same thing, but only after some redirects."""

    def lead(server: OddServer) -> None:
        there = server.pages[path]
        for number in range(steps):
            step = path if number == 0 else f"/step{number}"
            server.pages[step] = Page(location=f"/step{number + 1}")
        server.pages[f"/step{steps}"] = there

    return lead


def round_and_round(path: str) -> Misdeed:
    def lead(server: OddServer) -> None:
        server.pages[path] = Page(location="/again")
        server.pages["/again"] = Page(location=path)

    return lead


def hang_up(handler: Handler) -> None:
    handler.wfile.write(b"")


MISDEEDS: list[tuple[str, str, Misdeed]] = [
    ("NET-001", "error", page("/feed.xml", mime="text/html")),
    ("NET-001", "warning", page("/feed.xml", mime="text/xml")),
    ("NET-001", "error", page("/feed.xml", status=401)),
    ("NET-001", "error", page("/feed.xml", status=500)),
    ("NET-002", "warning", page("/feed.xml", etag="")),
    ("NET-002", "warning", page("/feed.xml", not_modified=False)),
    ("NET-003", "info", page("/feed.xml", zipped=False)),
    ("NET-004", "warning", road("/1.m4a", 4)),
    ("NET-004", "warning", road("/omslag.jpg", 4)),
    ("NET-004", "error", round_and_round("/1.m4a")),
    ("NET-004", "error", round_and_round("/1.html")),
    ("NET-005", "warning", edit("/feed.xml", "/annan.xml")),
    ("NET-006", "warning", page("/hub", status=404)),
    ("NET-006", "warning", page("/hub", raw=hang_up)),
    ("NET-006", "warning", edit('rel="self"', 'rel="alternate"')),
    ("NET-010", "warning", page("/1.m4a", cors=False)),
    ("NET-011", "warning", page("/1.html", status=404)),
    ("NET-011", "warning", page("/1.html", raw=hang_up)),
    ("MED-011", "error", page("/1.m4a", status=404, ranges=False)),
    ("MED-011", "error", page("/1.m4a", raw=hang_up)),
    ("MED-011", "error", page("/1.m4a", head=False)),
    ("MED-011", "error", page("/1.m4a", ranges=False)),
    ("MED-011", "error", page("/1.m4a", mime="text/html")),
    ("MED-011", "warning", page("/1.m4a", mime="application/octet-stream")),
    ("MED-011", "error", page("/1.m4a", body=b"x" * 19_999)),
    ("MED-011", "warning", page("/1.m4a", body=b"x" * 20_001)),
    ("IMG-007", "error", page("/omslag.jpg", head=False)),
    ("IMG-007", "error", page("/1.png", status=403)),
    ("IMG-007", "error", page("/1.png", mime="text/html")),
    ("CHP-012", "warning", page("/1.json", mime="text/plain")),
    ("CHP-012", "warning", page("/1.json", cors=False)),
    ("CHP-012", "warning", page("/1.json", status=404)),
    ("TRN-010", "warning", page("/1.vtt", mime="text/plain")),
    ("TRN-010", "warning", page("/1.vtt", cors=False)),
    ("TRN-010", "warning", page("/1.vtt", raw=hang_up)),
]


@pytest.mark.parametrize(("code", "severity", "misdeed"), MISDEEDS)
def test_one_misdeed_breaks_exactly_one_rule(
    server: OddServer, code: str, severity: str, misdeed: Misdeed
) -> None:
    misdeed(server)
    assert reported(check(server)) == [(code, severity)]


def test_every_rule_has_a_misdeed() -> None:
    assert {code for code, *_ in MISDEEDS} == set(ONLINE)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_misdeed_is_reported_in_whole_sentences(server: OddServer, language: str) -> None:
    strings = read_strings(language, "cli", *PROBLEM_DOMAINS)
    for _, _, misdeed in MISDEEDS:
        publish(server, 1)
        misdeed(server)
        for finding in check(server):
            severity = finding.severity or ONLINE[finding.code].severity
            where = Where("feed.xml")
            one = Problem(code=finding.code, severity=severity, where=where, values=finding.values)
            text = render_problems([one], strings)
            assert not any(sign in text for sign in ("@online", "@network", "{", "“”", "””")), text
            assert len(text.splitlines()) == 5, text


def test_a_feed_without_https_is_reported() -> None:
    with OddServer() as plain:
        publish(plain, 1)
        assert reported(check(plain)) == [("NET-001", "warning")]


def test_a_feed_that_leads_round_and_round_is_reported_and_nothing_else_is_asked(
    server: OddServer,
) -> None:
    round_and_round("/feed.xml")(server)
    assert reported(check(server)) == [("NET-004", "error")]
    assert {path for _, path, _ in server.asked} == {"/feed.xml", "/again"}


def test_a_feed_far_away_is_reported_with_its_real_address(server: OddServer) -> None:
    road("/feed.xml", 4)(server)
    assert reported(check(server)) == [("NET-004", "warning"), ("NET-005", "warning")]


def test_self_and_hub_may_stand_in_the_headers_instead(server: OddServer) -> None:
    edit_feed(server, 'rel="self"', 'rel="alternate"')
    link = f'<{server.address}/hub>; rel="hub", <{server.address}/feed.xml>; rel=self'
    server.pages["/feed.xml"].headers["Link"] = link
    assert check(server) == ()


def test_only_the_newest_episodes_are_asked_about(server: OddServer) -> None:
    publish(server, 9)
    assert check(server, newest=2) == ()
    asked = {path for _, path, _ in server.asked}
    assert {"/9.m4a", "/8.m4a"} <= asked
    assert not {"/7.m4a", "/1.m4a"} & asked


def test_the_same_picture_is_asked_about_once(server: OddServer) -> None:
    publish(server, 5)
    edit_feed(server, ".png", "x.png")
    for number in range(1, 6):
        edit_feed(server, f"/{number}x.png", "/omslag.jpg")
    assert check(server) == ()
    assert [path for _, path, _ in server.asked].count("/omslag.jpg") == 1


def test_a_strangers_feed_does_not_get_this_machine_asked(server: OddServer) -> None:
    with OddServer() as inside:
        inside.pages["/1.m4a"] = Page(b"x" * 20_000, "audio/mp4")
        edit_feed(server, f"{server.address}/1.m4a", f"{inside.address}/1.m4a")
        assert reported(check(server)) == [("MED-011", "error")]
        server.pages["/1.html"] = Page(location=f"{inside.address}/admin")
        assert reported(check(server)) == [("MED-011", "error"), ("NET-011", "warning")]
        assert inside.asked == []


def test_addresses_of_the_feed_that_are_no_web_addresses_are_left_to_other_rules(
    server: OddServer,
) -> None:
    edit_feed(server, f"{server.address}/1.m4a", "file:///etc/passwd")
    edit_feed(server, f"{server.address}/1.html", "1.html")
    assert check(server) == ()


def test_a_hundred_thousand_transcripts_are_not_all_asked_about(server: OddServer) -> None:
    one = f'<podcast:transcript url="{server.address}/1.vtt?%d" type="text/vtt"/>'
    edit_feed(server, "</item>", "".join(one % number for number in range(100_000)) + "</item>")
    check(server)
    assert len(server.asked) < 40


def test_a_fault_is_the_episodes_own(server: OddServer) -> None:
    publish(server, 2)
    server.pages["/2.vtt"].cors = False
    (finding,) = check(server)
    assert (finding.subject.kind, finding.subject.id) == ("item", "avsnitt-2")
    assert finding.place.element == "podcast:transcript@url"
    assert finding.place.line > 0


def test_no_network_is_the_environments_error_in_both_languages() -> None:
    data = b"<rss><channel/></rss>"
    feed = Feed(etree.fromstring(data), data)
    for ask in (get_feed, check_served_show, lambda url: check_served_feed(feed, url)):
        with pytest.raises(NoAnswerError) as caught:
            ask("https://nobody.invalid/feed.xml")
        error = caught.value
        assert error.exit_code == 3
        for language in ("sv", "en"):
            strings = read_strings(language, *PROBLEM_DOMAINS)
            assert all(key in strings for key in error.values["reason"].keys)
            assert "nobody.invalid" in strings(f"error.{error.key}", **error.values)


def test_progress_is_reported(server: OddServer) -> None:
    seen: list[tuple[int, int]] = []
    scope: list[tuple[int, int]] = []
    findings = check_served_show(
        f"{server.address}/feed.xml",
        OnlineOptions(
            advance=lambda done, total: seen.append((done, total)),
            on_scope=lambda items, of: scope.append((items, of)),
        ),
    )
    assert (findings, scope) == ((), [(1, 1)])
    assert seen[-1][0] == seen[-1][1] == len(seen)


def test_anybodys_feed_comes_unpacked_or_not_at_all(server: OddServer) -> None:
    answer = get_feed(f"{server.address}/feed.xml")
    assert answer.body == server.feed
    assert answer.headers["content-encoding"] == "gzip"
    assert (
        check_served_feed(
            Feed(etree.fromstring(answer.body), answer.body), answer.url, response=answer
        )
        == ()
    )
    with pytest.raises(ExternalError) as caught:
        get_feed(f"{server.address}/nothing.xml")
    for language in ("sv", "en"):
        strings = read_strings(language, *PROBLEM_DOMAINS)
        assert "404" in strings(f"error.{caught.value.key}", **caught.value.values)


def test_a_published_feed_that_is_not_there_or_cannot_be_read_is_reported(
    server: OddServer,
) -> None:
    findings = check_served_show(f"{server.address}/nothing.xml")
    assert reported(findings) == [("NET-001", "error")]
    server.pages["/feed.xml"].body = b"<rss><channel>"
    findings = check_served_show(f"{server.address}/feed.xml")
    assert [finding.code for finding in findings] == ["XML-001"]
    server.pages["/feed.xml"] = Page(b"<!doctype html><p>hej", "text/html")
    findings = check_served_show(f"{server.address}/feed.xml")
    assert findings[0].code == "NET-001"
