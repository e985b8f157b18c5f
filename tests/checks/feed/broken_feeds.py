"""What to change in the fine feed so that exactly one rule is broken."""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.checks.feed.fine_feed import FEED, FIRST, HEAD, SECOND, TAIL, edited

from avsnitt.problems.problem import Severity


class Broken(NamedTuple):
    """A feed, the code of the one rule that it breaks, and how grave that is."""

    what: str
    code: str
    severity: Severity
    feed: str | bytes


def _(what: str, code: str, severity: Severity, old: str, new: str) -> Broken:
    return Broken(what, code, severity, edited(old, new))


def _serial(old: str, new: str) -> str:
    return edited(">episodic<", ">serial<").replace(old, new, 1)


GUID = '<guid isPermaLink="false">0b6ea7b4-7b60-4c2e-9b9c-000000000002</guid>'
OTHER_GUID = "0b6ea7b4-7b60-4c2e-9b9c-000000000001"
DATE = "<pubDate>Mon, 12 Oct 2026 07:00:00 +0200</pubDate>"
NOTES = "&lt;p&gt;Vad vi frågar om.&lt;/p&gt;"
CONTENT = "<h2>Mer</h2>"
WHOLE = f"<![CDATA[{CONTENT}<p>Vad vi frågar om, hela.</p>]]>"
ENCLOSURE = '<enclosure url="https://podd.exempel.se/media/fragar.mp3" length="9000000"'
EPISODE = "<itunes:episode>2</itunes:episode>"
LONG = "ord " * 80
NO_IMAGE = re.sub(r"<image>.*</image>", "", FEED, flags=re.DOTALL)


DOCUMENTS = (
    Broken("a tag that is not closed", "XML-001", "error", FEED.replace("</channel>", "")),
    _("a DOCTYPE", "XML-001", "warning", "<rss", '<!DOCTYPE rss PUBLIC "a" "b">\n<rss'),
    _("an entity", "XML-001", "error", "<rss", '<!DOCTYPE rss [<!ENTITY a "b">]>\n<rss'),
    _("Latin 1", "XML-002", "error", 'encoding="UTF-8"', 'encoding="windows-1250"'),
    Broken("UTF-16", "XML-002", "error", FEED.replace("UTF-8", "UTF-16").encode("utf-16")),
    Broken("no declaration", "XML-002", "warning", FEED.partition("?>\n")[2]),
    _("RSS 0.91", "XML-003", "error", 'version="2.0"', 'version="0.91"'),
    _("two channels", "XML-003", "error", "</channel>", "</channel><channel/>"),
    Broken("Atom", "XML-003", "error", '<feed xmlns="http://www.w3.org/2005/Atom"/>'),
    Broken("a web page", "XML-003", "error", "<!DOCTYPE html><p>Vi<br>ses</html>"),
    Broken("a page in XHTML", "XML-003", "error", "<html><p>Vi ses</p></html>"),
    Broken("no channel", "XML-003", "error", '<rss version="2.0"/>'),
    _(
        *("a namespace in other letters", "XML-004", "error"),
        *("<rss ", '<rss xmlns:i="http://www.itunes.com/DTDs/Podcast-1.0.dtd" '),
    ),
    _("a control character", "XML-005", "error", "Svarstider", "Svars\x08tider"),
    _("half a surrogate", "XML-005", "error", "Svarstider", "Svars&#xD800;tider"),
    _("a sign that turns the text", "XML-005", "warning", "Svarstider", "Svars\u202etider"),
    Broken("Latin 1 in UTF-8", "XML-005", "error", FEED.encode("latin-1")),
    Broken(
        *("the title last", "XML-006", "warning"),
        feed=HEAD.replace("<copyright>Exempelköpings kommun</copyright>", "")
        + f"{SECOND}{FIRST}<copyright>Exempelköpings kommun</copyright>{TAIL}",
    ),
    _("an element in the wrong case", "XML-007", "warning", "<language>", "<Language/><language>"),
    _("an element of nobody's", "XML-007", "warning", "<language>", "<explicit/><language>"),
    _(
        *("one of Apple's in the wrong case", "XML-007", "warning"),
        *("<language>", '<itunes:Image href="https://podd.exempel.se/a.png"/><language>'),
    ),
    _("the title twice", "XML-008", "warning", "<generator>", "<language>sv</language><generator>"),
    _("space round a title", "XML-009", "warning", ">Svarstider<", "> Svarstider <"),
    _("a long author", "XML-010", "warning", "<itunes:author>", f"<itunes:author>{LONG}"),
    _(
        *("a link without https", "XML-012", "warning"),
        *(
            '<podcast:person role="host"',
            '<podcast:person href="http://vera.exempel.se" role="host"',
        ),
    ),
    _(
        "a relative picture",
        "XML-013",
        "error",
        'https://podd.exempel.se/pictures/cover.png"/>',
        'c.png"/>',
    ),
    _("a relative link", "XML-013", "warning", CONTENT, '<a href="mer.html">Mer</a>'),
    _("a space in an address", "XML-014", "error", "media/fragar.mp3", "media/fra gar.mp3"),
    _("letters in an address", "XML-014", "error", "media/fragar.mp3", "media/frågar.mp3"),
    _("a title in code", "XML-015", "warning", ">Svarstider<", ">Svar &amp;amp; tider<"),
    _("HTML in code twice", "XML-015", "warning", NOTES, "&amp;lt;p&amp;gt;Vad vi frågar om."),
    _("letters gone wrong", "XML-015", "warning", NOTES, "Vad vi frÃ¥gar om."),
)
CHANNELS = (
    Broken("no title", "CH-001", "error", FEED.replace("Öppen kanal", "")),
    Broken("a long title", "CH-002", "warning", FEED.replace("Öppen kanal", f"{LONG}slut")),
    Broken("keywords", "CH-002", "warning", FEED.replace("Öppen kanal", "Öppen | AI | Jobb")),
    _(
        "no description",
        "CH-003",
        "error",
        "Två kommunikatörer frågar, lyssnar och rättar sig.",
        "",
    ),
    _("HTML", "CH-003", "warning", "Två kommunikatörer", "&lt;p&gt;Två kommunikatörer"),
    _("a long description", "CH-004", "error", "Två kommunikatörer", "å" * 2000),
    Broken("no link", "CH-005", "error", FEED.replace("<link>https://podd.exempel.se/</link>", "")),
    Broken("half a link", "CH-005", "error", NO_IMAGE.replace(">https://podd.exempel.se/<", ">/<")),
    _("no language", "CH-006", "error", "<language>sv</language>", ""),
    _("a language in words", "CH-006", "error", ">sv<", ">svenska<"),
    _("a long language", "CH-006", "warning", ">sv<", ">sv-Latn-SE<"),
    _(
        *("no category", "CH-007", "error"),
        *(
            '<itunes:category text="Education"><itunes:category text="How To"/></itunes:category>',
            "",
        ),
    ),
    _(
        "an own category",
        "CH-007",
        "error",
        '<itunes:category text="How To"/>',
        '<itunes:category text="Howto"/>',
    ),
    _("another's category", "CH-007", "error", 'text="How To"', 'text="Books"'),
    _("an old category", "CH-008", "warning", 'text="How To"', 'text="Higher Education"'),
    _(
        *("two categories", "CH-009", "info"),
        *("<itunes:explicit>", '<itunes:category text="History"/><itunes:explicit>'),
    ),
    _("no word on children", "CH-010", "error", "<itunes:explicit>false</itunes:explicit>", ""),
    _("the old word", "CH-010", "warning", "<itunes:explicit>false", "<itunes:explicit>clean"),
    _("an own word", "CH-010", "error", "<itunes:explicit>false", "<itunes:explicit>nej"),
    _(
        *("no cover", "CH-011", "error"),
        *('<itunes:image href="https://podd.exempel.se/pictures/cover.png"/>', "<itunes:image/>"),
    ),
    _("no self", "CH-012", "error", 'rel="self"', 'rel="alternate"'),
    _("another self", "CH-012", "error", "feed.xml", "annat.xml"),
    _("no type", "CH-012", "warning", ' type="application/rss+xml"', ""),
    _("no author", "CH-013", "warning", "<itunes:author>Exempelköpings kommun</itunes:author>", ""),
    _(
        *("no guid", "CH-014", "warning"),
        *("<podcast:guid>c1a8bb50-7d4e-5f9a-8f3c-3f0f4f6f2a10</podcast:guid>", ""),
    ),
    _("no UUID", "CH-015", "error", "c1a8bb50-7d4e", "c1a8bb50"),
    _("a random UUID", "CH-015", "warning", "-5f9a-", "-4f9a-"),
    _("no lock", "CH-017", "warning", "<podcast:locked>yes</podcast:locked>", ""),
    _("an odd lock", "CH-017", "error", "<podcast:locked>yes", "<podcast:locked>true"),
    _("help from nowhere", "CH-018", "error", ' url="https://podd.exempel.se/hjalp"', ""),
    _("help in many words", "CH-018", "warning", "Hjälp till", LONG),
    _(
        *("no funding", "CH-018", "info"),
        *('<podcast:funding url="https://podd.exempel.se/hjalp">Hjälp till</podcast:funding>', ""),
    ),
    _("an own type", "CH-019", "error", ">episodic<", ">series<"),
    _(
        "not complete",
        "CH-020",
        "info",
        "<itunes:type>",
        "<itunes:complete>no</itunes:complete><itunes:type>",
    ),
    _(
        "truly blocked",
        "CH-020",
        "warning",
        "<itunes:type>",
        "<itunes:block>true</itunes:block><itunes:type>",
    ),
    _("a year", "CH-021", "info", "<copyright>", "<copyright>© 2026 "),
    _("an owner", "CH-022", "info", "<itunes:type>", "<itunes:owner/><itunes:type>"),
    _(
        "keywords",
        "CH-023",
        "info",
        "<itunes:type>",
        "<itunes:keywords>a</itunes:keywords><itunes:type>",
    ),
    _(
        "another image",
        "CH-024",
        "warning",
        "</url>\n      <title>Öppen",
        "</url>\n      <title>Stängd",
    ),
    _("no generator", "CH-026", "info", "<generator>Ett program</generator>", ""),
    _(
        "an ISO date",
        "CH-026",
        "error",
        "<lastBuildDate>Mon, 12 Oct 2026 07:00:00 +0200",
        "<lastBuildDate>2026-10-12",
    ),
    Broken("nothing", "CH-027", "error", f"{HEAD}{TAIL}"),
    _("no time", "CH-028", "warning", "<generator>", "<ttl>0</ttl><generator>"),
)
ITEMS = (
    _("no title", "IT-001", "error", "<title>Klarspråk</title>", ""),
    _("a number", "IT-002", "warning", "<title>Klarspråk", "<title>S1E2: Klarspråk"),
    _("the show's name", "IT-002", "warning", "<title>Klarspråk", "<title>Öppen kanal: Klarspråk"),
    _("no guid", "IT-003", "error", GUID, ""),
    _("the same guid", "IT-003", "error", GUID, f'<guid isPermaLink="false">{OTHER_GUID}</guid>'),
    _("a guid that is no link", "IT-005", "error", GUID, GUID.replace(' isPermaLink="false"', "")),
    _("a short guid", "IT-006", "warning", GUID, '<guid isPermaLink="false">12</guid>'),
    _("a long guid", "IT-006", "warning", GUID, f'<guid isPermaLink="false">{"g" * 741}</guid>'),
    _("no enclosure", "IT-007", "error", f'{ENCLOSURE} type="audio/mpeg"/>', ""),
    _("no address", "IT-007", "error", 'url="https://podd.exempel.se/media/fragar.mp3" ', ""),
    _(
        *("two enclosures", "IT-007", "warning"),
        *(
            "<guid",
            f'{ENCLOSURE.replace("fragar", "annat")} type="audio/mpeg"/><guid',
        ),
    ),
    _("the same sound", "IT-008", "error", "media/fragar.mp3", "media/pratar.mp3"),
    _("no date", "IT-009", "error", DATE, ""),
    _("an ISO date", "IT-009", "error", DATE, "<pubDate>2026-10-12T07:00:00Z</pubDate>"),
    _("a 32nd", "IT-009", "error", DATE, "<pubDate>32 Oct 2026 07:00:00 +0200</pubDate>"),
    _("a short year", "IT-009", "warning", DATE, DATE.replace("2026", "26")),
    _("the wrong weekday", "IT-009", "warning", DATE, DATE.replace("Mon", "Tue")),
    _("a zone of nobody's", "IT-009", "warning", DATE, DATE.replace("+0200", "CEST")),
    _(
        "a date ahead",
        "IT-010",
        "warning",
        DATE,
        "<pubDate>Tue, 12 Jan 2027 07:00:00 +0100</pubDate>",
    ),
    _("the same date", "IT-011", "info", DATE, "<pubDate>Mon, 05 Oct 2026 05:00:00 GMT</pubDate>"),
    Broken(
        *("no description", "IT-012", "warning"),
        feed=edited(f"<description>{NOTES}</description>", "").replace(
            f"<content:encoded>{WHOLE}</content:encoded>",
            "",
        ),
    ),
    _("a long description", "IT-012", "error", NOTES, "å" * 2001),
    _("a heading", "IT-013", "warning", NOTES, "&lt;h2&gt;Vad vi frågar om&lt;/h2&gt;"),
    _("a script", "IT-014", "error", CONTENT, "<script>alert(1)</script>"),
    _("a handler", "IT-014", "error", CONTENT, '<b class="a" onclick="alert(1)">Mer</b>'),
    _(
        "an address that is a script",
        "IT-014",
        "error",
        CONTENT,
        '<a href="javascript:alert(1)">Mer</a>',
    ),
    Broken(
        *("the whole first", "IT-015", "warning"),
        feed=edited(f"<description>{NOTES}</description>", "").replace(
            "</content:encoded>", f"</content:encoded><description>{NOTES}</description>", 1
        ),
    ),
    _("no duration", "IT-016", "warning", "<itunes:duration>754</itunes:duration>", ""),
    _("minutes in words", "IT-016", "error", ">754<", ">12 min<"),
    _("minutes and seconds", "IT-016", "info", ">754<", ">12:34<"),
    Broken(
        *("no word on children", "IT-018", "info"),
        feed=f"{HEAD}{SECOND.replace('<itunes:explicit>false</itunes:explicit>', '')}{FIRST}{TAIL}",
    ),
    Broken(
        *("an own word", "IT-018", "error"),
        feed=f"{HEAD}{SECOND.replace('explicit>false', 'explicit>nej')}{FIRST}{TAIL}",
    ),
    Broken("no number", "IT-019", "error", _serial(EPISODE, "")),
    _("number nought", "IT-020", "error", EPISODE, "<itunes:episode>0</itunes:episode>"),
    _("a number in words", "IT-020", "error", EPISODE, "<itunes:episode>två</itunes:episode>"),
    _("an own type", "IT-021", "error", "Type>full<", "Type>extra<"),
    _("a type in capitals", "IT-021", "warning", "Type>full<", "Type>Full<"),
    Broken(
        *("the same number", "IT-022", "warning"),
        feed=edited(EPISODE, "<itunes:episode>1</itunes:episode>").replace(
            "<podcast:episode>2<", "<podcast:episode>1<"
        ),
    ),
    Broken(
        *("a trailer with its guid", "IT-023", "error"),
        feed=edited("Type>full<", "Type>trailer<").replace("-000000000002", "-000000000001"),
    ),
    _("two numbers", "IT-024", "warning", "<podcast:episode>2<", "<podcast:episode>3<"),
    _(
        "no link",
        "IT-025",
        "warning",
        "<link>https://podd.exempel.se/episodes/fragar.html</link>",
        "",
    ),
    _(
        "half a link",
        "IT-025",
        "error",
        ">https://podd.exempel.se/episodes/fragar.html<",
        ">/fragar<",
    ),
    _(
        "no transcript",
        "IT-026",
        "warning",
        '<podcast:transcript url="https://podd.exempel.se/t/fragar.vtt" type="text/vtt"/>',
        "",
    ),
    _(
        "no chapters",
        "IT-027",
        "info",
        '<podcast:chapters url="https://exempel.se/fragar.json" type="application/json+chapters"/>',
        "",
    ),
    _("two times", "IT-028", "warning", NOTES, "00:00 Hej\n05:00 Hej då"),
    _("times from five", "IT-028", "warning", NOTES, "05:00 Hej\n06:00 Mer\n07:00 Hej då"),
    _("times back", "IT-028", "warning", NOTES, "00:00 Hej\n06:00 Mer\n05:00 Hej då"),
    _("two on a line", "IT-028", "warning", NOTES, "00:00 Hej 01:00 du\n06:00 Mer\n07:00 Hej då"),
    _("a long chapter", "IT-028", "warning", NOTES, f"00:00 Hej\n06:00 Mer\n07:00 {'Hej ' * 11}"),
    _(
        "no host",
        "IT-029",
        "warning",
        '<podcast:person role="host"',
        '<podcast:person role="guest"',
    ),
)
BROKEN = (*DOCUMENTS, *CHANNELS, *ITEMS)
