"""An episode's page as a value."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from tests.support import site_values

from avsnitt.model.show import Ask, Cue, Transcript
from avsnitt.site.episode import EpisodePage, episode_page
from avsnitt.site.io.templates import Templates
from avsnitt.site.layout import site_frame
from avsnitt.site.views import PublishedAudio, PublishedVideo
from avsnitt.system.locales import read_strings

FILM = PublishedAudio(
    path="media/film.mp4", mime="video/mp4", duration_ms=754_000, size_bytes=1, kind="video"
)


def spoken(text: str, speaker: str = "", end_ms: int = 0) -> Cue:
    return Cue(start_ms=0, end_ms=end_ms, text=text, speaker=speaker)


SWEDISH = Transcript(language="sv", cues=(spoken("Hej.", end_ms=900),))
ENGLISH = Transcript(language="en", cues=(spoken("Hello.", end_ms=900),))


def made(changes: dict[str, Any], **options: Any) -> EpisodePage:
    show = site_values.swedish_show()
    site = site_frame(show, read_strings("sv", "site", "time"), root="../")
    episode = msgspec.structs.replace(site_values.full_episode(), **changes)
    return episode_page(show, episode, site=site, **options)


def test_film_has_captions_from_the_text_version() -> None:
    page = made({"slug": "film", "transcripts": (SWEDISH, ENGLISH)}, sound=FILM)
    html = Templates().render("episode.html", page).decode()
    assert '<video controls preload="metadata" src="../media/film.mp4"' in html
    assert re.findall("<track[^>]*>", html) == [
        '<track kind="captions" src="../transcripts/film.vtt" srclang="sv" label="svenska"'
        " default>",
        '<track kind="captions" src="../transcripts/film.en.vtt" srclang="en" label="English">',
    ]


BESIDE = PublishedVideo(
    path="media/a.video.mp4",
    mime="video/mp4",
    size_bytes=28_400_000,
    poster="media/a.video.jpg",
    captions=(("transcripts/a.vtt", "sv"), ("transcripts/a.en.vtt", "en")),
)


def test_a_film_beside_the_sound_waits_with_its_still_and_its_captions() -> None:
    sound = PublishedAudio(path="media/a.mp3", mime="audio/mpeg", duration_ms=1, size_bytes=1)
    html = Templates().render("episode.html", made({}, sound=sound, film=BESIDE)).decode()
    assert html.index("<audio controls") < html.index("<video controls")
    assert 'preload="none" poster="../media/a.video.jpg" aria-label="Spela filmen ' in html
    assert '<source src="../media/a.video.mp4" type="video/mp4">' in html
    assert 'src="../transcripts/a.en.vtt" srclang="en" label="English">' in html
    assert "Ladda ner filmen (MP4, 28,4\u00a0MB)" in html


def test_a_stream_is_no_file_to_download() -> None:
    stream = msgspec.structs.replace(BESIDE, path="media/a.video/index.m3u8", size_bytes=0)
    page = made({}, film=stream)
    assert page.film
    assert page.film.download == ""
    assert made({}, film=msgspec.structs.replace(BESIDE, path="")).film is None
    assert made({}).film is None


def test_another_language_is_read_as_a_page_and_fetched_as_files() -> None:
    page = made({"slug": "film", "transcripts": (SWEDISH, ENGLISH)}, sound=FILM)
    assert page.transcript
    assert [(link.href, link.saved) for link in page.transcript.files] == [
        (f"../transcripts/film.{ending}", ending != "html")
        for ending in ("vtt", "srt", "json", "html", "txt")
    ]
    (other,) = page.transcript.others
    assert (other.lang, other.name, other.files[3].href) == (
        "en",
        "English",
        "../transcripts/film.en.html",
    )
    html = Templates().render("episode.html", page).decode()
    assert '<li><span lang="en">English</span>: ' in html
    assert '<a href="../transcripts/film.en.html" hreflang="en">sida att läsa (HTML)</a>' in html


def test_words_without_times_have_no_clock_and_lead_no_chapter_anywhere() -> None:
    plain = Transcript(language="sv", timed=False, cues=(spoken("Hej."), spoken("Tack.", "Vera")))
    page = made({"slug": "film", "transcripts": (plain,)}, sound=FILM)
    assert page.transcript
    assert [link.href for link in page.transcript.files] == [
        "../transcripts/film.html",
        "../transcripts/film.txt",
    ]
    (section,) = page.transcript.sections
    assert [turn.speaker for turn in section.turns] == ["", "Vera"]
    assert page.chapters[1].href == "../media/film.mp4#t=12.5"
    html = Templates().render("episode.html", page).decode()
    assert "<p><span>Hej.</span></p>" in html
    assert "<track" not in html


def test_chapters_lead_to_the_text_if_there_is_one_else_into_the_sound() -> None:
    with_text = made({}, sound=FILM)
    without = made({"transcripts": ()}, sound=FILM)
    silent = made({"transcripts": ()})
    assert [page.chapters[1].href for page in (with_text, without, silent)] == [
        "#t=12.5",
        "../media/film.mp4#t=12.5",
        "",
    ]


def test_hidden_chapters_are_not_listed() -> None:
    assert "Dold" not in [chapter.title for chapter in made({}).chapters]


def test_a_host_note_is_signed_by_the_host() -> None:
    note = made({}, host_note_html="<p>Jag</p>").host_note
    assert note
    assert note.host
    assert (note.heading, note.host.name) == ("Vera Lind har ordet", "Vera Lind")


@pytest.mark.parametrize(
    ("ask", "id_"),
    [
        (Ask(id="matt", text="?"), "ask-matt"),
        (Ask(id="två ord", text="?"), "ask-1"),
        (Ask(id='"><b>', text="?"), "ask-1"),
    ],
)
def test_an_ask_has_a_plain_id(ask: Ask, id_: str) -> None:
    assert made({"asks": (ask,)}).asks[0].id == id_


def test_only_an_open_ask_can_be_answered() -> None:
    asks = made({}).asks
    assert [bool(ask.answer_href) for ask in asks] == [True, False]
    assert asks[0].until == "Öppen till 15 december 2026"


def test_a_page_is_made_of_values_that_compare() -> None:
    assert made({}).chapters == made({}).chapters
