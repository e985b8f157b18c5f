"""One feed with every element of Podcasting 2.0, right in all; then one slip at a time."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.checks.podcast20.broken_elements import ADDRESS, SLIPS

from avsnitt.checks.feed.tree import Feed
from avsnitt.checks.podcast20.reading import SHOWN_CHARACTERS, podcast_name
from avsnitt.checks.podcast20.structure import RULES
from avsnitt.cli.output.problems import render_problems
from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.problems.feed_rules import PODCAST
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.locales import read_strings
from avsnitt.vocabulary.podcast20_elements import ELEMENTS
from avsnitt.vocabulary.podcast20_values import OLD_URI, URI

WHOLE = Path(__file__).with_name("whole_podcast.xml").read_text(encoding="utf-8")
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
HOST = "<podcast:person>Anna Ask</podcast:person>"


def check_one(text: str) -> list[Finding]:
    data = text.encode("utf-8")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    feed = Feed(etree.fromstring(data, parser), data, now=NOW, address=ADDRESS)
    return [finding for rule in RULES for finding in rule(feed)]


def edited(old: str, new: str) -> str:
    assert old in WHOLE, f"the whole feed has no {old}"
    return WHOLE.replace(old, new, 1)


def weight(finding: Finding) -> str:
    return finding.severity or PODCAST[finding.code].severity


def test_the_whole_feed_has_every_element_and_breaks_no_rule() -> None:
    found = {podcast_name(one) for one in etree.fromstring(WHOLE.encode()).iter()} - {""}
    assert found == set(ELEMENTS)
    assert check_one(WHOLE) == []


def test_the_whole_feed_has_every_attribute_too() -> None:
    root = etree.fromstring(WHOLE.encode())
    written = {(podcast_name(one), str(name)) for one in root.iter() for name in one.attrib}
    known = {(name, one.name) for name, facts in ELEMENTS.items() for one in facts.attributes}
    assert known - written == set()


@pytest.mark.parametrize(("code", "severity", "old", "new"), SLIPS)
def test_one_slip_breaks_exactly_one_rule(code: str, severity: str, old: str, new: str) -> None:
    assert [(finding.code, weight(finding)) for finding in check_one(edited(old, new))] == [
        (code, severity)
    ]


def test_every_rule_has_a_slip() -> None:
    assert {code for code, *_ in SLIPS} == set(PODCAST)


@pytest.mark.parametrize("address", [URI, OLD_URI])
@pytest.mark.parametrize("prefix", ["podcast", "pc20"])
def test_both_addresses_and_any_prefix_are_the_same_namespace(address: str, prefix: str) -> None:
    def say(text: str) -> str:
        named = text.replace("podcast:", f"{prefix}:").replace("xmlns:podcast", f"xmlns:{prefix}")
        return named.replace(URI, address)

    assert check_one(say(WHOLE)) == []
    findings = check_one(say(edited(">podcast</podcast:medium>", ">talk</podcast:medium>")))
    assert [(one.code, one.place.element) for one in findings] == [("P20-008", "podcast:medium")]


def test_a_finding_shows_its_line_and_its_item() -> None:
    (finding,) = check_one(edited('startTime="2640"', 'startTime="9999"'))
    line = WHOLE[: WHOLE.index('startTime="2640"')].count("\n") + 1
    assert (finding.place.line, finding.subject.kind, finding.subject.id) == (line, "item", "ett")
    assert finding.place.element == "podcast:soundbite@startTime"
    (finding,) = check_one(edited(">live-1</guid>", "></guid>"))
    assert finding.subject.kind == "live"


def test_a_feed_of_plain_rss_breaks_no_rule_on_podcasting_20() -> None:
    assert (
        check_one('<rss version="2.0"><channel><item><guid>1</guid></item></channel></rss>') == []
    )


def test_links_to_other_feeds_alone_are_a_list_and_no_podcast() -> None:
    remote = '<podcast:remoteItem feedGuid="396d9ae0-da7e-5557-b894-b606231fa3ea"/>'
    feed = f'<rss xmlns:podcast="{URI}"><channel>%s{remote}</channel></rss>'
    assert [(one.code, weight(one)) for one in check_one(feed % "")] == [("P20-008", "warning")]
    for medium in ("podcastL", "musicL", "mixed", "publisher"):
        assert check_one(feed % f"<podcast:medium>{medium}</podcast:medium>") == []


def test_what_stands_in_a_proposal_is_left_alone() -> None:
    text = "<podcast:recommendations><podcast:season>x</podcast:season></podcast:recommendations>"
    findings = check_one(edited("<podcast:podroll>", f"{text}<podcast:podroll>"))
    assert [finding.code for finding in findings] == ["P20-027", "P20-011"]


def test_times_are_not_checked_where_no_clock_is_asked() -> None:
    text = edited("2026-12-01T20:00:00+01:00", "2026-12-01T20:00:00").replace("2026-12", "2016-12")
    feed = Feed(etree.fromstring(text.encode()), text.encode())
    assert [finding.code for rule in RULES for finding in rule(feed)] == []


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_slip_is_reported_in_whole_sentences(language: str) -> None:
    strings = read_strings(language, "cli", *PROBLEM_DOMAINS)
    for _, _, old, new in SLIPS:
        (finding,) = check_one(edited(old, new))
        problem = Problem(
            code=finding.code,
            severity=weight(finding),
            where=Where("feed.xml"),
            values=finding.values,
        )
        text = render_problems([problem], strings)
        assert not any(sign in text for sign in ("@podcast.", "{", "}", "“”", "””", "()", ": .")), (
            text
        )
        assert len(text.splitlines()) == 5, text


# --- Hostile feeds --------------------------------------------------------------------------------


def test_a_million_letters_are_checked_at_once_and_reported_in_few() -> None:
    long = "a1:;,=.-" * 125_000
    began = time.process_time()
    for part in (">Anna Ask<", ">2</podcast:season>", ">podcast</podcast:medium>"):
        value, _, end = part[1:].partition("<")
        assert check_one(edited(part, f">{long}<{end}")), value
    for name in ("geo", "osm", "country", "rrule", "dtstart", "pubdate", "codecs", "address"):
        start = WHOLE.index(f' {name}="') + len(name) + 3
        text = f"{WHOLE[:start]}{long}{WHOLE[WHOLE.index(chr(34), start) :]}"
        findings = check_one(text)
        assert findings, name
        for finding in findings:
            assert all(
                len(one) <= SHOWN_CHARACTERS
                for one in finding.values.values()
                if isinstance(one, str)
            ), finding
    assert time.process_time() - began < 40


@pytest.mark.parametrize(
    "many",
    [
        HOST,
        "<podcast:alternateEnclosure default='true'/>",
        "<podcast:person a='1'>x<a/>y<!-- z --></podcast:person>",
    ],
)
def test_a_hundred_thousand_elements_take_time_in_proportion(many: str) -> None:
    def seconds(count: int) -> float:
        text = edited(HOST, many * count)
        began = time.process_time()
        check_one(text)
        return time.process_time() - began

    few = min(seconds(10_000) for _ in range(2))
    assert seconds(100_000) < 40 * few + 4


signs = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="<>&\"'￾￿"),
    max_size=60,
)
values = signs | st.sampled_from(
    ("-1", "0", "1e9", "٣", "nan", "9" * 400, "FREQ=DAILY;COUNT=1", "geo:0,0", "sha256-", "a@b.c")
)


@given(st.sampled_from(sorted(ELEMENTS)), st.data())
def test_no_attribute_or_text_raises_anything(name: str, data: st.DataObject) -> None:
    facts = ELEMENTS[name]
    written = "".join(f" {one.name}='{data.draw(values)}'" for one in facts.attributes)
    element = f"<podcast:{name}{written}>{data.draw(values)}</podcast:{name}>"
    for finding in check_one(edited(HOST, f"{HOST}{element}")):
        assert finding.code in PODCAST
        assert finding.subject.kind in ("channel", "item", "live")


@given(st.text(alphabet="<>/'=\"& abpodcast:personliveItemvalue", max_size=80))
def test_any_tree_of_elements_is_checked(text: str) -> None:
    shell = f"<rss xmlns:podcast='{URI}'><channel>{text}</channel></rss>".encode()
    root = etree.fromstring(shell, etree.XMLParser(recover=True, resolve_entities=False))
    feed = Feed(root, shell, now=NOW)
    for rule in RULES:
        list(rule(feed))
