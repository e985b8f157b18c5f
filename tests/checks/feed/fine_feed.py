"""A feed that breaks no rule at all, and how to break one."""

from __future__ import annotations

import datetime as dt

from avsnitt.checks.check_feed import check_feed
from avsnitt.problems.finding import Finding

ADDRESS = "https://podd.exempel.se/feed.xml"
NOW = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)

ITEM = """\
    <item>
      <title>{title}</title>
      <link>https://podd.exempel.se/episodes/{slug}.html</link>
      <description>&lt;p&gt;Vad vi {about} om.&lt;/p&gt;</description>
      <content:encoded><![CDATA[<h2>Mer</h2><p>Vad vi {about} om, hela.</p>]]></content:encoded>
      <guid isPermaLink="false">0b6ea7b4-7b60-4c2e-9b9c-{number:012}</guid>
      <enclosure url="https://podd.exempel.se/media/{slug}.mp3" length="9000000" type="audio/mpeg"/>
      <pubDate>{date}</pubDate>
      <itunes:title>{title}</itunes:title>
      <itunes:duration>754</itunes:duration>
      <itunes:image href="https://podd.exempel.se/pictures/cover.png"/>
      <itunes:explicit>false</itunes:explicit>
      <itunes:season>1</itunes:season>
      <itunes:episode>{number}</itunes:episode>
      <itunes:episodeType>full</itunes:episodeType>
      <podcast:season>1</podcast:season>
      <podcast:episode>{number}</podcast:episode>
      <podcast:transcript url="https://podd.exempel.se/t/{slug}.vtt" type="text/vtt"/>
      <podcast:chapters url="https://exempel.se/{slug}.json" type="application/json+chapters"/>
      <podcast:person role="host" group="cast">Vera</podcast:person>
    </item>
"""
FIRST = ITEM.format(
    title="Svarstider",
    slug="pratar",
    about="pratar",
    number=1,
    date="Mon, 05 Oct 2026 07:00:00 +0200",
)
SECOND = ITEM.format(
    title="Klarspråk",
    slug="fragar",
    about="frågar",
    number=2,
    date="Mon, 12 Oct 2026 07:00:00 +0200",
)
HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0"
  xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:content="http://purl.org/rss/1.0/modules/content/">
  <channel>
    <title>Öppen kanal</title>
    <link>https://podd.exempel.se/</link>
    <atom:link href="https://podd.exempel.se/feed.xml" rel="self" type="application/rss+xml"/>
    <description>Två kommunikatörer frågar, lyssnar och rättar sig.</description>
    <language>sv</language>
    <copyright>Exempelköpings kommun</copyright>
    <generator>Ett program</generator>
    <lastBuildDate>Mon, 12 Oct 2026 07:00:00 +0200</lastBuildDate>
    <image>
      <url>https://podd.exempel.se/pictures/cover.png</url>
      <title>Öppen kanal</title>
      <link>https://podd.exempel.se/</link>
    </image>
    <itunes:author>Exempelköpings kommun</itunes:author>
    <itunes:image href="https://podd.exempel.se/pictures/cover.png"/>
    <itunes:category text="Education"><itunes:category text="How To"/></itunes:category>
    <itunes:explicit>false</itunes:explicit>
    <itunes:type>episodic</itunes:type>
    <podcast:guid>c1a8bb50-7d4e-5f9a-8f3c-3f0f4f6f2a10</podcast:guid>
    <podcast:locked>yes</podcast:locked>
    <podcast:funding url="https://podd.exempel.se/hjalp">Hjälp till</podcast:funding>
    <podcast:person>Vera</podcast:person>
"""
TAIL = "  </channel>\n</rss>\n"
FEED = f"{HEAD}{SECOND}{FIRST}{TAIL}"


def edited(old: str, new: str) -> str:
    """The fine feed with one thing changed; what stands in many places is changed in the first."""
    assert old in FEED, f"not in the fine feed: {old}"
    return FEED.replace(old, new, 1)


def check_one(feed: str | bytes, *, address: str = ADDRESS) -> tuple[Finding, ...]:
    data = feed.encode() if isinstance(feed, str) else feed
    return check_feed(data, now=NOW, address=address)[1]
