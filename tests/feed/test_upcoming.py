from __future__ import annotations

import datetime as dt
from typing import Any

import feedparser
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.feed.test_rss_document import NS
from tests.support.feed_values import ADDRESS, HARD, episode, show

from avsnitt.feed.rss_document import render_notices
from avsnitt.feed.upcoming import assemble_coming_channel, assemble_notices
from avsnitt.model.podcast20 import Live
from avsnitt.model.show import Ask, Episode
from avsnitt.system.locales import read_strings

WRITING = st.text(st.characters(codec=None), max_size=60)


def planned(number: int, **changes: object) -> Episode:
    return episode(number, **{"status": "planned", "published": None, **changes})


def rendered(*episodes: Episode, **changes: object) -> bytes:
    of = show(*episodes, **changes)
    words = {tag: read_strings(tag, "feed") for tag in ("sv", "en")}
    image = f"{ADDRESS}/pictures/cover-1.png"
    head = assemble_coming_channel(of, image=image, words=words[of.language])
    return render_notices(head, assemble_notices(of, episodes, words.__getitem__))


def read(*episodes: Episode, **changes: object) -> Any:
    found = feedparser.parse(rendered(*episodes, **changes))
    assert not found.bozo
    return found


def test_it_cannot_be_taken_for_the_podcast() -> None:
    root = etree.fromstring(rendered(planned(1)))
    head = root[0]
    title = head.findtext("title") or ""
    assert title.startswith(f"Öppen kanal {HARD}")
    assert "inget att lyssna på än" in title
    assert head.findtext("podcast:medium", namespaces=NS) == "blog"
    assert head.findtext("itunes:block", namespaces=NS) == "Yes"
    assert head.findtext("podcast:block", namespaces=NS) == "yes"
    assert head.find("podcast:guid", NS) is None
    assert head.find("itunes:category", NS) is None
    assert f"{ADDRESS}/feed.xml" in (head.findtext("description") or "")
    assert head.find("atom:link", NS).get("href") == f"{ADDRESS}/coming.xml"


def test_a_demonstration_says_so_there_too() -> None:
    assert "På låtsas." in read(planned(1), demonstration="På låtsas.").feed.subtitle


def test_nothing_in_it_is_dated_or_can_be_played() -> None:
    document = rendered(planned(1), planned(2))
    for name in (b"enclosure", b"pubDate", b"lastBuildDate", b"duration"):
        assert name not in document


def test_a_notice_is_the_episode_that_it_will_be() -> None:
    (entry,) = read(planned(1)).entries
    assert entry.id == episode(1).guid
    assert entry.title == f"{HARD} 1"
    assert entry.link == f"{ADDRESS}/episodes/avsnitt-1.html"


def test_it_says_the_question_and_what_is_not_known_and_what_to_help_with() -> None:
    asks = (
        Ask(id="a", text="Hur <mäter> ni?"),
        Ask(id="b", text="Svarat redan", status="answered"),
    )
    (entry,) = read(planned(1, unknowns=("Hur många?",), asks=asks, summary="")).entries
    described = entry.summary
    assert described.startswith("<p><strong>Vågar vi ")
    assert "<p>Det vi inte vet än</p><ul><li>Hur många?</li></ul>" in described
    assert "<p>Det vi vill ha hjälp med</p><ul><li>Hur &lt;mäter&gt; ni?</li></ul>" in described
    assert "Svarat redan" not in described


def test_what_is_said_in_the_episode_is_not_reported() -> None:
    document = rendered(planned(1, status="recorded", notes="HEMLIGT", host_note="HEMLIGT"))
    assert b"HEMLIGT" not in document
    assert b"transcript" not in document
    assert "Avsnittet är inspelat".encode() in document


def test_when_it_may_come_is_said_in_the_episodes_language() -> None:
    day = dt.date(2026, 12, 1)
    (swedish,) = read(planned(1, expected=day)).entries
    assert "Vi hoppas att det kommer den 1 december 2026." in swedish.summary
    (english,) = read(planned(1, expected=day, language="en")).entries
    assert "We hope to have it out on 1 December 2026." in english.summary


def test_a_live_show_says_its_hour_and_its_offset() -> None:
    live = Live(start="2026-12-01T19:00:00+01:00")
    (entry,) = read(planned(1, live=live, expected=dt.date(2026, 12, 9))).entries
    assert "Det sänds direkt den 1 december 2026 klockan 19:00 (UTC+01:00)." in entry.summary
    assert "9 december" not in entry.summary


def test_an_english_show_is_reported_for_in_english() -> None:
    assert "nothing to listen to yet" in read(planned(1), language="en").feed.title


@given(title=WRITING, question=WRITING, unknown=WRITING, guid=WRITING.filter(str.isalnum))
def test_no_text_breaks_it(title: str, question: str, unknown: str, guid: str) -> None:
    one = planned(1, title=title, question=question, unknowns=(unknown,), guid=guid)
    assert len(etree.fromstring(rendered(one)).findall("channel/item")) == 1
