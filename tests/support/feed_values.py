"""A small show with everything in it, and letters that break careless feeds."""

from __future__ import annotations

import datetime as dt
from functools import cache

import msgspec

from avsnitt.feed.items import PublishedEpisodeFiles, assemble_channel, assemble_item
from avsnitt.feed.values import Channel, Enclosure, Item
from avsnitt.model.podcast20 import Extras, Funding
from avsnitt.model.show import (
    Category,
    Chapter,
    Credit,
    Cue,
    Episode,
    License,
    Person,
    Picture,
    Show,
    Transcript,
)
from avsnitt.system.locales import read_strings

HARD = "Å ä ö & <b> \"citat\" 'x' 🎉 ]]> &amp; slut"
ADDRESS = "https://podd.exempel.se"
STOCKHOLM = dt.timezone(dt.timedelta(hours=2))
LICENSE = License(
    id="cc-by-4.0", name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/"
)
VERA = Person(id="vera", name=f"Vera {HARD}")
AMINA = Person(id="amina", name="Amina Öst")


def episode(number: int, **changes: object) -> Episode:
    plain = Episode(
        slug=f"avsnitt-{number}",
        guid=f"6b1f0c52-6d2c-4c0e-9a5e-{number:012}",
        title=f"{HARD} {number}",
        folder=f"episodes/{number:03}-avsnitt-{number}",
        language="sv",
        license=LICENSE,
        status="published",
        number=number,
        season=1,
        published=dt.datetime(2026, 10, number, 7, tzinfo=STOCKHOLM),
        summary=f"Om {HARD}.\nOch mer.",
        question=f"Vågar vi {HARD}?",
        disclosure="Rösterna är syntetiska.",
        credits=(
            Credit(person=VERA),
            Credit(person=AMINA, role="guest", speaks_as="i tjänsten"),
        ),
        chapters=(
            Chapter(start_ms=0, title="Välkommen", image="a.png"),
            Chapter(start_ms=60_500, title=HARD, url="https://exempel.se/?a=1&b=2", image="b.png"),
            Chapter(start_ms=90_000, title="Tyst", hidden=True),
            Chapter(start_ms=120_000, title="Slut"),
        ),
        transcripts=(Transcript(language="sv", cues=(Cue(start_ms=0, end_ms=900, text="Hej"),)),),
    )
    return msgspec.structs.replace(plain, **changes)


def show(*episodes: Episode, **changes: object) -> Show:
    plain = Show(
        title=f"Öppen kanal {HARD}",
        address=ADDRESS,
        language="sv",
        description=f"Ett samtal om {HARD}.",
        guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
        author=f"Kommunen {HARD}",
        license=LICENSE,
        categories=(
            Category(name="Society & Culture", sub="Philosophy"),
            Category(name="Government"),
        ),
        cover=Picture(path="site/cover.png"),
        copyright="Exempelköpings kommun",
        locked_owner="podd@exempel.se",
        extras=Extras(
            funding=(Funding(url="https://exempel.se/stod?a=1&b=2", text=f"Stöd {HARD}"),)
        ),
        hosts=(Credit(person=VERA),),
        people=(VERA, AMINA),
        episodes=episodes,
    )
    return msgspec.structs.replace(plain, **changes)


def channel(of: Show) -> Channel:
    return assemble_channel(
        of, cover_path="pictures/cover-1.png", person_pictures={"vera": "pictures/vera-1.png"}
    )


def item(of: Show, one: Episode, notes_html: str = f"<h2>Mer</h2><p>{HARD}</p>") -> Item:
    published = PublishedEpisodeFiles(
        enclosure=Enclosure(
            url=f"{ADDRESS}/media/{one.slug}.mp3",
            length_bytes=1_234_567,
            mime="audio/mpeg",
            duration_ms=61_500,
        ),
        notes_html=notes_html,
        cover_path="pictures/cover-1.png",
        person_pictures={"vera": "pictures/vera-1.png"},
        chapter_pictures={"a.png": "pictures/a-1.png"},
    )
    return assemble_item(of, one, published, read_strings(one.language, "feed"))


@cache
def whole() -> tuple[Channel, tuple[Item, ...]]:
    """The head and the items of a show with three episodes."""
    of = show(*(episode(number) for number in (1, 2, 3)))
    return channel(of), tuple(item(of, one) for one in reversed(of.episodes))
