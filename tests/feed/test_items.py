from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import feed_values

from avsnitt.feed.items import PublishedEpisodeFiles, assemble_channel, assemble_live
from avsnitt.feed.namespaces.itunes import is_complete
from avsnitt.feed.values import Enclosure, ItemPerson, LiveItem
from avsnitt.model.podcast20 import Live, Soundbite, UpdateFrequency
from avsnitt.model.show import Credit, Cue, License, Transcript
from avsnitt.system.locales import read_strings


def test_the_hosts_come_along_to_an_episode_with_a_guest() -> None:
    item = feed_values.item(feed_values.show(), feed_values.episode(1))
    assert item.people == (
        ItemPerson(
            name=feed_values.VERA.name,
            role="host",
            group="cast",
            href="https://podd.exempel.se/people/vera.html",
            img="https://podd.exempel.se/pictures/vera-1.png",
        ),
        ItemPerson(
            name="Amina Öst",
            role="guest",
            group="cast",
            href="https://podd.exempel.se/people/amina.html",
        ),
    )


def test_a_host_who_is_credited_as_host_is_named_once() -> None:
    episode = feed_values.episode(1, credits=(Credit(person=feed_values.VERA, speaks_as="privat"),))
    assert len(feed_values.item(feed_values.show(), episode).people) == 1


def test_every_address_of_an_item_is_absolute() -> None:
    item = feed_values.item(feed_values.show(), feed_values.episode(1))
    addresses = [
        *(item.link, item.image, item.chapters_url, item.enclosure.url),
        *(link.url for link in item.transcripts),
        *(person.href for person in item.people),
        *(chapter.image for chapter in item.chapters if chapter.image),
    ]
    assert len(addresses) == 12
    assert all(address.startswith("https://podd.exempel.se/") for address in addresses)


def test_a_chapter_picture_that_is_not_published_is_left_out() -> None:
    item = feed_values.item(feed_values.show(), feed_values.episode(1))
    assert [chapter.image for chapter in item.chapters] == [
        "https://podd.exempel.se/pictures/a-1.png",
        "",
        "",
        "",
    ]


def test_an_episode_without_chapters_or_words_points_at_none() -> None:
    item = feed_values.item(feed_values.show(), feed_values.episode(1, chapters=(), transcripts=()))
    assert (item.chapters_url, item.transcripts) == ("", ())


def test_every_transcript_is_linked_in_every_form_it_has() -> None:
    cues = (Cue(start_ms=0, end_ms=900, text="Hej"),)
    plain = (Cue(start_ms=0, end_ms=0, text="Hello"),)
    transcripts = (
        Transcript(language="sv", cues=cues),
        Transcript(language="en", cues=plain, timed=False),
        Transcript(language="pt-BR", cues=cues),
        Transcript(language="fi", cues=()),
    )
    links = feed_values.item(
        feed_values.show(), feed_values.episode(1, transcripts=transcripts)
    ).transcripts
    described = [(link.url.rpartition("/")[2], link.language, link.captions) for link in links]
    assert described == [
        ("avsnitt-1.vtt", "sv", True),
        ("avsnitt-1.srt", "sv", True),
        ("avsnitt-1.json", "sv", False),
        ("avsnitt-1.html", "sv", False),
        ("avsnitt-1.txt", "sv", False),
        ("avsnitt-1.en.html", "en", False),
        ("avsnitt-1.en.txt", "en", False),
        ("avsnitt-1.pt-BR.vtt", "pt-BR", True),
        ("avsnitt-1.pt-BR.srt", "pt-BR", True),
        ("avsnitt-1.pt-BR.json", "pt-BR", False),
        ("avsnitt-1.pt-BR.html", "pt-BR", False),
        ("avsnitt-1.pt-BR.txt", "pt-BR", False),
    ]


def test_an_episode_without_a_date_is_not_an_item() -> None:
    with pytest.raises(ValueError, match="avsnitt-1"):
        feed_values.item(feed_values.show(), feed_values.episode(1, published=None))


def test_the_synopsis_shows_the_question_the_chapters_and_how_it_was_made() -> None:
    item = feed_values.item(
        feed_values.show(), feed_values.episode(1, summary="Kort.", question="Varför & hur?")
    )
    assert item.description_html == (
        "<p><strong>Varför &amp; hur?</strong></p><p>Kort.</p><p>00:00 Välkommen</p>"
        "<p>01:00 Å ä ö &amp; &lt;b&gt; \"citat\" 'x' 🎉 ]]&gt; &amp;amp; slut</p>"
        "<p>02:00 Slut</p><p>Rösterna är syntetiska.</p><p>Licens: "
        '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a></p>'
    )
    assert "<h2>Mer</h2>" in item.content_html


def test_an_english_episode_has_an_english_licence_line() -> None:
    episode = feed_values.episode(1, language="en", license=License(id="x", name="My & own"))
    assert (
        "<p>Licence: My &amp; own</p>"
        in feed_values.item(feed_values.show(), episode).description_html
    )


def test_an_episode_without_a_summary_is_described_by_its_notes() -> None:
    episode = feed_values.episode(1, summary="", question="", chapters=(), disclosure="")
    item = feed_values.item(
        feed_values.show(), episode, "<h2>Om</h2><p>Ord &amp; <em>bild</em></p>"
    )
    assert item.description_html.startswith("<p>Om</p><p>Ord &amp; bild</p><p>Licens")


@given(
    st.text(max_size=6000),
    st.integers(0, 3000),
    st.text(max_size=50),
    st.sampled_from(["å", "&", "🎉", "a b", "<"]),
)
def test_a_synopsis_never_passes_its_bytes_and_keeps_the_licence(
    summary: str, repeated: int, disclosure: str, piece: str
) -> None:
    episode = feed_values.episode(1, summary=summary + piece * repeated, disclosure=disclosure)
    html = feed_values.item(feed_values.show(), episode).description_html
    assert len(html.encode()) <= 4000
    assert html.endswith("CC BY 4.0</a></p>")
    assert set(re.findall(r"<(/?\w+)", html)) <= {"p", "/p", "a", "/a", "strong", "/strong"}


def test_even_a_disclosure_that_is_too_long_fits() -> None:
    html = feed_values.item(
        feed_values.show(), feed_values.episode(1, disclosure="&å " * 3000)
    ).description_html
    assert 3900 < len(html.encode()) <= 4000


def test_a_channel_description_is_cut_between_words() -> None:
    channel = feed_values.channel(feed_values.show(description="åäö " * 2000, demonstration="Demo"))
    assert 3950 < len(channel.description.encode()) <= 4000
    assert channel.description.endswith("åäö…")


def test_a_show_that_is_not_for_real_says_so() -> None:
    assert feed_values.channel(feed_values.show(demonstration="Demo")).description.endswith(
        ".\n\nDemo"
    )


def test_the_feed_is_as_old_as_its_newest_published_episode() -> None:
    planned = feed_values.episode(9, status="planned")
    of = feed_values.show(
        feed_values.episode(2), feed_values.episode(3), feed_values.episode(1), planned
    )
    assert feed_values.channel(of).updated == feed_values.episode(3).published
    assert feed_values.channel(feed_values.show()).updated == dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def test_assembling_loads_no_xml() -> None:
    code = (
        "import sys, avsnitt.feed.items as i\n"
        "assert not {'lxml', 'feedgen', 'nh3', 'xml'} & set(sys.modules), sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# Podcasting 2.0


def live(**changes: object) -> LiveItem:
    streamed = Live(start="2026-10-09T18:00:00+02:00", stream="https://sand.se/1.mp3")
    values = {"live": streamed, "status": "planned", "published": None, **changes}
    episode = feed_values.episode(9, **values)
    published = PublishedEpisodeFiles(
        enclosure=Enclosure(url="https://sand.se/1.mp3", length_bytes=0, mime="", duration_ms=0),
        notes_html="",
        cover_path="pictures/cover-1.png",
    )
    return assemble_live(feed_values.show(), episode, published, read_strings("sv", "feed"))


def test_a_live_item_points_at_its_page_when_it_can_be_seen_nowhere_else() -> None:
    found = live()
    assert [(one.href, one.text) for one in found.links] == [
        ("https://podd.exempel.se/episodes/avsnitt-9.html", found.item.title)
    ]


def test_a_live_item_has_the_guid_it_will_have_and_the_people_it_has() -> None:
    found = live()
    assert found.item.guid == feed_values.episode(9).guid
    assert [person.name for person in found.item.people] == [feed_values.VERA.name, "Amina Öst"]


def test_a_live_item_shows_nothing_of_what_is_recorded() -> None:
    item = live(soundbites=(Soundbite(start_ms=0, duration_ms=1),)).item
    assert (item.chapters, item.transcripts, item.soundbites) == ((), (), ())
    assert "00:00" not in item.description_html


def test_an_episode_that_is_not_sent_live_is_no_live_item() -> None:
    with pytest.raises(ValueError, match="avsnitt-9"):
        live(live=None)


def test_only_trailers_that_are_out_are_the_channels() -> None:
    trailer = feed_values.episode(1, type="trailer", season=2)
    waiting = feed_values.episode(2, type="trailer", status="recorded")
    of = feed_values.show(trailer, waiting, feed_values.episode(3))
    sound = Enclosure(url="https://x.se/1.mp3", length_bytes=7, mime="audio/mpeg", duration_ms=1)
    sounds = {f"avsnitt-{number}": sound for number in (1, 2, 3)}
    channel = assemble_channel(of, cover_path="c.png", person_pictures={}, sounds=sounds)
    assert [(one.title, one.season, one.length_bytes) for one in channel.trailers] == [
        (trailer.title, 2, 7)
    ]


def test_a_season_is_named_by_the_show_and_a_number_by_the_episode() -> None:
    item = feed_values.item(
        feed_values.show(season_names=((1, "Ett"),)), feed_values.episode(1, display_number="1A")
    )
    assert (item.season_name, item.display_number) == ("Ett", "1A")


def test_a_show_that_will_have_no_more_says_so_to_everybody() -> None:
    frequency = UpdateFrequency(text="Slut", complete=True)
    for changes in ({"update_frequency": frequency}, {"complete": True}):
        assert is_complete(feed_values.channel(feed_values.show(**changes)))
    assert not is_complete(feed_values.channel(feed_values.show()))
