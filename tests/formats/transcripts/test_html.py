from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from tests.support.findings import lines_and_reasons, reason_of
from tests.support.strategies import ANYTHING, MESSY_TRANSCRIPTS, TALKS, spoken_texts

from avsnitt.formats.transcripts.html import parse_transcript_html, render_transcript_html
from avsnitt.model.show import Cue, Transcript

PIECES = st.sampled_from(
    [
        "<cite>",
        "</cite>",
        "<time datetime=PT1H2M3.5S>",
        "<time>",
        "</time>",
        "0:12",
        "<p>",
        "</p>",
        "Vera: ",
        "ord",
        "<script>",
        "</script>",
        "<head>",
        "<body>",
        "<br>",
        "<!--",
        "-->",
        "<!DOCTYPE html [<!ENTITY a 'b'>]>",
        "&a;",
        "&#x0;",
        "<![CDATA[",
        "<h1>",
        "<",
        "\n",
    ]
)


def rendered(transcript: Transcript) -> str:
    return render_transcript_html(transcript, title="Frågan & svaret", title_language="sv")


@given(TALKS)
def test_a_talk_survives_being_written_and_read(talk: Transcript) -> None:
    read, findings = parse_transcript_html(rendered(talk), "sv")
    assert (spoken_texts(read), findings) == (spoken_texts(talk), ())
    assert {cue.start_ms for cue in read.cues} <= {cue.start_ms for cue in talk.cues}
    assert read.cues[0].start_ms == talk.cues[0].start_ms
    assert parse_transcript_html(rendered(read), "sv")[0].cues[:-1] == read.cues[:-1]


@given(TALKS)
def test_words_without_times_survive_being_written_and_read(talk: Transcript) -> None:
    cues = tuple(msgspec.structs.replace(cue, start_ms=0, end_ms=0) for cue in talk.cues)
    plain = Transcript(language="sv", cues=cues, timed=False)
    assert parse_transcript_html(rendered(plain), "sv") == (plain, ())


@given(MESSY_TRANSCRIPTS)
def test_no_words_leave_their_element(transcript: Transcript) -> None:
    document = lxml_html.fromstring(rendered(transcript))
    tags = {element.tag for element in document.iter() if isinstance(element.tag, str)}
    assert tags <= set("html head meta link title style body main h1 cite time p".split())


def test_another_reader_sees_names_times_and_words() -> None:
    cues = (
        Cue(start_ms=1900, end_ms=2500, text="Hej & <hej>!", speaker="Vera"),
        Cue(start_ms=3_661_000, end_ms=3_662_000, text="Tack", speaker="Amina"),
    )
    text = render_transcript_html(
        Transcript(language="ar", cues=cues), title="Frågan", title_language="sv"
    )
    page = lxml_html.fromstring(text)
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    heading = page.find(".//h1")
    assert heading is not None
    assert (heading.get("lang"), heading.text) == ("sv", "Frågan")
    parts = [(e.tag, e.text, e.get("datetime")) for e in page.iter("cite", "time", "p")]
    assert parts == [
        ("cite", "Vera:", None),
        ("time", "0:01", "PT1.9S"),
        ("p", "Hej & <hej>!", None),
        ("cite", "Amina:", None),
        ("time", "1:01:01", "PT3661S"),
        ("p", "Tack", None),
    ]


def test_the_namespaces_own_example_is_understood() -> None:
    text = (
        "<cite>Kevin:</cite>\n<time>0:00</time>\n<p>\n  We have an\n  update\n</p>\n"
        "<cite>Alban :</cite>\n<time>0:09</time>\n<p>A <b>cool</b> one.</p>\n<p>Yes.</p>\n"
        "<cite>Kevin:</cite><time>[0:19]</time> Read <cite>Emil</cite> from <time>1963</time>."
    )
    transcript, findings = parse_transcript_html(text, "en")
    assert findings == ()
    assert [(cue.start_ms, cue.speaker, cue.text) for cue in transcript.cues] == [
        (0, "Kevin", "We have an update"),
        (9000, "Alban", "A cool one."),
        (9000 + 10_000 * 12 // 17, "Alban", "Yes."),
        (19_000, "Kevin", "Read Emil from 1963."),
    ]


def test_any_other_page_is_read_as_paragraphs() -> None:
    text = (
        "<!DOCTYPE html><html><head><title>Sida</title><style>p{}</style></head><body>"
        "<nav><ul><li>Hem</ul></nav><h1>Rubrik</h1><script>alert('x')</script>"
        "<div><div><p>Vera: Hej<br>på dig.</p><li>Amina: Tack &amp; bock.</div></div>"
        "Vera: Slut.<footer>Sidfot</footer>"
    )
    transcript, findings = parse_transcript_html(text, "sv", speakers=["amina"])
    assert findings == ()
    assert not transcript.timed
    assert [(cue.speaker, cue.text) for cue in transcript.cues] == [
        ("Vera", "Hej på dig."),
        ("Amina", "Tack & bock."),
        ("Vera", "Slut."),
    ]


def test_a_mistake_has_its_line() -> None:
    text = "<time>0:12</time><p>Ett</p>\n\n<time>0:05</time>\n<p>\nTvå</p>"
    _, findings = parse_transcript_html(text, "sv")
    assert lines_and_reasons(findings) == [(5, "not-in-order")]
    assert [reason_of(found) for found in parse_transcript_html("<p></p>", "sv")[1]] == ["no-cues"]


@given(st.one_of(ANYTHING, st.lists(PIECES, max_size=40).map("".join)))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    transcript, findings = parse_transcript_html(text, "sv", speakers=["Vera"])
    assert findings or transcript.cues
    starts = [cue.start_ms for cue in transcript.cues]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<p>",
        "<div>",
        "<!--",
        "<![",
        "<![CDATA[",
        "<a b='x' ",
        "</script",
        "<time datetime=",
        "<!",
        "<?",
        "</",
        "&",
        "&#",
        "<a ",
        '<a b="',
        "<cite>",
        "<time>0:01",
        "<script>",
        "<p>a</p>",
        "<nav></p>",
        "\n",
        " ",
    ],
)
def test_a_megabyte_of_anything_is_read_in_seconds(piece: str) -> None:
    began = time.process_time()
    parse_transcript_html("<p>hej</p>" + piece * (1_000_000 // len(piece)), "sv")
    assert time.process_time() - began < 10
