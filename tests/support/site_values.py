"""A show made of model values alone, with everything a page can have, and its whole site."""

from __future__ import annotations

import datetime as dt
import struct
import wave
import zlib
from pathlib import Path

import msgspec

from avsnitt import routes
from avsnitt.i18n import ui_language
from avsnitt.model.audio import PEAKS_PER_SECOND, Analysis, Loudness
from avsnitt.model.podcast20 import Extras, Funding
from avsnitt.model.selection import appearances, published
from avsnitt.model.show import (
    Ask,
    Category,
    Chapter,
    Correction,
    Credit,
    Cue,
    Episode,
    License,
    Link,
    Person,
    Picture,
    Show,
    ShowPage,
    Source,
    Transcript,
)
from avsnitt.site.episode import episode_page
from avsnitt.site.images import ImageFiles
from avsnitt.site.io.templates import Templates, theme_files
from avsnitt.site.layout import FrameImages, SiteFrame, site_frame
from avsnitt.site.pages import (
    archive_page,
    entry_view,
    follow_page,
    home_page,
    people_page,
    person_page,
    show_page,
)
from avsnitt.site.views import PublishedAudio
from avsnitt.system.locales import read_strings
from avsnitt.workflow.build.transcripts import make_transcripts

CC_BY = License(
    id="CC-BY-4.0",
    name="CC BY 4.0",
    url="https://creativecommons.org/licenses/by/4.0/",
)
SUMMER = dt.timezone(dt.timedelta(hours=2))
SOUND_SECONDS = 60

VERA = Person(
    id="vera",
    name="Vera Lind",
    pronouns="hon",
    title="Kommunikatör",
    links=(
        Link(title="Mastodon", url="https://social.exempel.se/@vera"),
        Link(title="En fälla", url="javascript:alert(1)"),
    ),
    picture="vera.png",
    picture_alt="En tecknad kvinna med runda glasögon.",
)
AMINA = Person(id="amina", name="Amina Östlund", title="Chef för kontaktcenter")
BO = Person(id="bo", name="Bo Ek")

LINES = (
    ("Vera Lind", "Hej och välkomna till Öppen kanal."),
    ("Vera Lind", "I dag börjar vi i fel ände, med det vi inte vet."),
    ("Amina Östlund", "Det är ju där man borde börja, egentligen. [skratt]"),
    ("Amina Östlund", "Vi hade mätt svarstiderna i tre år, men ingen hade frågat vad de sa."),
    ("Bo Ek", "Och när vi frågade blev det tyst i rummet."),
    ("Vera Lind", "Hur tyst då?"),
    ("Amina Östlund", "Så tyst att vi bestämde oss för att berätta det för alla."),
    ("Bo Ek", "Det kom fyrahundra svar på en vecka. 🎉"),
)


def cues() -> tuple[Cue, ...]:
    """Sixty seconds of talk, line after line."""
    return tuple(
        Cue(
            start_ms=start_ms,
            end_ms=start_ms + 2_500,
            speaker=LINES[turn % len(LINES)][0],
            text=LINES[turn % len(LINES)][1],
        )
        for turn, start_ms in enumerate(range(0, SOUND_SECONDS * 1000, 2_500))
    )


def full_episode() -> Episode:
    return Episode(
        slug="fragan-fore-svaret",
        guid="6b1f0c52-6d2c-4c0e-9a5e-6c1f0f6d1a2b",
        title="Vågar vi visa frågan före svaret?",
        folder="episodes/002-fragan-fore-svaret",
        language="sv",
        license=CC_BY,
        status="published",
        number=2,
        season=1,
        published=dt.datetime(2026, 10, 5, 7, 0, tzinfo=SUMMER),
        summary="Om att berätta vad vi inte vet, innan någon annan gör det åt oss.",
        question="Vad händer om vi berättar innan vi vet?",
        unknowns=("Hur många läser egentligen?", "Vem vågar svara först?"),
        host_note="Jag var nervös.",
        disclosure="Rösterna är syntetiska. Personerna finns inte.",
        credits=(
            Credit(person=VERA, speaks_as="i tjänsten"),
            Credit(person=AMINA, role="guest", speaks_as="i tjänsten"),
            Credit(person=BO, role="Fact Checker", speaks_as="som privatperson"),
        ),
        chapters=(
            Chapter(start_ms=0, title="Välkommen"),
            Chapter(start_ms=12_500, title="Frågan", url="https://exempel.se/fragan"),
            Chapter(start_ms=30_000, title="Det tysta rummet"),
            Chapter(start_ms=41_000, title="Dold", hidden=True),
            Chapter(start_ms=48_250, title="Fyrahundra svar"),
        ),
        transcripts=(Transcript(language="sv", cues=cues()),),
        cover=Picture(path="cover.png", alt="Två pratbubblor, en med ett frågetecken."),
        asks=(
            Ask(id="matt", text="Hur mäter ni svarstid i er kommun?", until="2026-12-15"),
            Ask(
                id="namn",
                text="Vad ska vi kalla det här?",
                status="answered",
                outcome="Frågan först, föreslog en lyssnare.",
            ),
        ),
        corrections=(
            Correction(
                date=dt.date(2026, 10, 9),
                at_ms=12_500,
                was="74 procent",
                now="47 procent",
                thanks="en lyssnare",
            ),
        ),
        sources=(
            Source(title="Rapporten om svarstider", url="https://exempel.se/rapport", at_ms=30_000),
            Source(title="En bok utan adress", url=""),
        ),
        thanks=("Bibliotekets lyssnarcirkel", "Alla som svarade"),
    )


def short_episode(slug: str, title: str, number: int, **changes: object) -> Episode:
    made = Episode(
        slug=slug,
        guid=f"guid-{slug}",
        title=title,
        folder=f"episodes/{number:03}-{slug}",
        language="sv",
        license=CC_BY,
        status="published",
        number=number,
        published=dt.datetime(2026, 9, 1, 7, 0, tzinfo=SUMMER) - dt.timedelta(days=9 * number),
        summary="En kort sammanfattning på ett par rader, så att det går att välja.",
    )
    return msgspec.structs.replace(made, **changes)


def hostile_episode() -> Episode:
    """Somebody typed markup in every field there is."""
    trap = "<script>document.title='owned'</script>\"'&{{ 7*7 }}]]>"
    person = Person(id="fara", name=trap, title=trap, links=(Link(title=trap, url=trap),))
    return msgspec.structs.replace(
        full_episode(),
        slug="fientligt",
        guid="guid-fientligt",
        number=3,
        published=dt.datetime(2025, 12, 31, 7, 0, tzinfo=SUMMER),
        title=trap,
        summary=trap,
        question=trap,
        unknowns=(trap,),
        disclosure=trap,
        credits=(Credit(person=person, role=trap, speaks_as=trap),),
        chapters=(Chapter(start_ms=0, title=trap, url="javascript:alert(1)"),),
        transcripts=(
            Transcript(language="sv", cues=(Cue(start_ms=0, end_ms=1, text=trap, speaker=trap),)),
        ),
        asks=(Ask(id=trap, text=trap, until=trap),),
        corrections=(Correction(date=dt.date(2026, 10, 9), was=trap, now=trap, thanks=trap),),
        sources=(Source(title=trap, url="javascript:alert(1)"),),
        thanks=(trap,),
        license=License(id=trap, name=trap, url="javascript:alert(1)"),
        cover=Picture(path="cover.png", alt=trap),
    )


def swedish_show() -> Show:
    long_word = "Realisationsvinstbeskattningsutredningskommissionens sammanträdesprotokoll"
    episodes = (
        full_episode(),
        short_episode("personligt", "Det spelar roll vem du är för vad du gör", 1),
        short_episode("lang", long_word, 4, type="bonus"),
        short_episode(
            "in-english", "What we learned, in English", 5, language="en", summary="Short."
        ),
        short_episode("emoji", "Emoji 🎙️ & <b>hakar</b> i titeln", 6, status="followed-up"),
        *(
            short_episode(f"nr-{n}", f"Avsnitt om sådant vi glömt, del {n}", n)
            for n in range(7, 32)
        ),
        hostile_episode(),
        short_episode(
            "plan",
            "Vem svarar på kvällen?",
            40,
            status="planned",
            published=None,
            question="Vem ska svara när kommunen har stängt, och med vilken rätt?",
            unknowns=("Vad det kostar", "Om någon vill"),
            asks=(Ask(id="kvall", text="Har ni kvällsbemanning? Berätta hur det gick."),),
        ),
        short_episode(
            "inspelat", "Inspelat men inte klippt", 41, status="recorded", published=None
        ),
    )
    return Show(
        title="Öppen kanal",
        subtitle="Samtal om sociala medier i det offentliga",
        address="https://podd.exempel.se",
        language="sv",
        description="Vi visar problemet innan vi har lösningen.\n\n"
        "Ett samtal varannan vecka om hur det är att svara, lyssna och ändra sig inför öppen ridå.",
        guid="show",
        author="Exempelköpings kommun",
        license=CC_BY,
        categories=(Category(name="Government"),),
        cover=Picture(path="cover.png", alt="En pratbubbla med en ljudvåg på grön botten."),
        contact="mailto:podd@exempel.se",
        demonstration="Personerna och kommunen är påhittade.",
        extras=Extras(funding=(Funding(url="https://exempel.se/stod", text="Stöd oss"),)),
        hosts=(Credit(person=VERA, speaks_as="i tjänsten"),),
        people=(AMINA, BO, VERA),
        episodes=tuple(map(_with_host, episodes)),
        pages=(
            ShowPage(name="about", title="Om programmet", body=""),
            ShowPage(name="hidden", title="Dold sida", body="", in_menu=False),
        ),
    )


def _with_host(episode: Episode) -> Episode:
    if any(credit.person.id == VERA.id for credit in episode.credits):
        return episode
    host = Credit(person=VERA, speaks_as="i tjänsten")
    return msgspec.structs.replace(episode, credits=(host, *episode.credits))


def english_show() -> Show:
    """No address, no contact, no subtitle, nobody with a page: the least there can be."""
    swedish = swedish_show()
    return msgspec.structs.replace(
        swedish,
        title="Open Channel",
        subtitle="",
        address="",
        language="en",
        description="We show the problem before we have the solution.",
        contact="",
        demonstration="",
        extras=Extras(),
        pages=(),
        people=(),
        hosts=(),
        episodes=(
            msgspec.structs.replace(
                full_episode(), language="en", transcripts=(), season=None, corrections=()
            ),
            short_episode("pa-svenska", "Ett avsnitt på svenska", 1),
        ),
    )


NOTES = """<p>Vi pratar om <a href="https://exempel.se/">svarstider</a> och om mod.</p>
<h1>En rubrik</h1><p>Text med <em>betoning</em> och <code>kod</code>.</p>
<h3>En underrubrik</h3><ul><li>Ett</li><li>Två</li></ul>
<blockquote><p>Man måste våga fråga.</p></blockquote>
<table><thead><tr><th scope="col">År</th><th scope="col">Inom ett dygn</th></tr></thead>
<tbody><tr><td>2025</td><td>47 %</td></tr></tbody></table>"""


def _lines(
    templates: Templates, site: SiteFrame, show: Show, sounds: dict[str, PublishedAudio]
) -> dict[str, str]:
    return {
        one.slug: templates.render(
            "line.html", entry_view(site, one, sounds.get(one.slug))
        ).decode()
        for one in published(show)
    }


def in_one_size(path: str) -> ImageFiles:
    return ImageFiles(width=60, height=60, files=((path, 60),))


def write_site(show: Show, folder: Path, templates: Templates | None = None) -> list[str]:
    """The whole site of a show in a folder; returns the pages' paths, sorted."""
    templates = templates or Templates()
    strings = read_strings(ui_language(show.language), "site", "time")
    _write_media(folder)
    _write_theme(folder)
    images = FrameImages(
        cover="pictures/show.png",
        card=in_one_size("pictures/show.png"),
        shown=in_one_size("pictures/show.png"),
        portraits={"vera": in_one_size("pictures/vera.png")},
        covers={"fragan-fore-svaret": in_one_size("pictures/episode.png")},
    )
    outer = site_frame(show, strings, images=images)
    inner = site_frame(show, strings, root="../", images=images)
    sound = PublishedAudio(
        path="media/sound.wav",
        mime="audio/wav",
        duration_ms=SOUND_SECONDS * 1000,
        size_bytes=(folder / "media/sound.wav").stat().st_size,
    )
    sounds = {episode.slug: sound for episode in show.episodes if episode.is_out}
    at_root = _lines(templates, outer, show, sounds)
    in_folder = _lines(templates, inner, show, sounds)
    made = {
        routes.HOME: ("home.html", home_page(show, site=outer, sounds=sounds)),
        routes.ARCHIVE: (
            "archive.html",
            archive_page(show, site=outer, sounds=sounds, lines=at_root),
        ),
        routes.FOLLOW: ("follow.html", follow_page(show, site=outer)),
    }
    known = appearances(show)
    if show.people:
        people = people_page(show, site=outer, appearances=known)
        made[routes.PEOPLE] = ("people.html", people)
    for page in show.pages:
        own = show_page(page, site=outer, body_html=NOTES)
        made[routes.show_page(page.name)] = ("page.html", own)
    named = {host.person.id: host.person for host in show.hosts}
    named |= {person.id: person for person in show.people}
    named |= {c.person.id: c.person for episode in show.episodes for c in episode.credits}
    for person in named.values():
        view = person_page(
            person,
            site=inner,
            bio_html="<p>Jag heter det jag heter.</p>",
            episodes=known.get(person.id, ()),
            sounds=sounds,
            lines=in_folder,
        )
        made[routes.person_page(person.id)] = ("person.html", view)
    out = published(show)
    for episode in show.episodes:
        at = out.index(episode) if episode in out else -1
        full = bool(episode.transcript)
        if full:
            make_transcripts(episode, lambda path, _, make: _write(folder / path, make()))
        view = episode_page(
            show,
            episode,
            site=inner,
            notes_html=NOTES if episode.is_out else "",
            host_note_html="<p>Jag var nervös före det här samtalet.</p>" if full else "",
            sound=sounds.get(episode.slug),
            cover=images.covers.get(episode.slug),
            analysis=talk(SOUND_SECONDS) if full else None,
            previous=out[at + 1] if 0 <= at < len(out) - 1 else None,
            next_=out[at - 1] if at > 0 else None,
        )
        made[routes.episode_page(episode.slug)] = ("episode.html", view)
    for path, (name, value) in made.items():
        _write(folder / path, templates.render(name, value))
    return sorted(made)


def talk(seconds: int) -> Analysis:
    """Louder and softer, as talk is."""
    sizes = [abs(place * 37 % 200 - 100) + 1 for place in range(seconds * PEAKS_PER_SECOND)]
    return Analysis(
        sample_rate_hz=48_000,
        channels=1,
        samples=seconds * 48_000,
        digest="talk",
        loudness=Loudness(integrated_lufs=-16.0, range_lu=4.0, true_peak_dbtp=-1.0),
        peaks=b"".join(bytes((256 - size, size)) for size in sizes),
    )


def page_with_waveform(analysis: Analysis | None) -> str:
    """The page of the fullest episode, whose sound has been analysed or not."""
    show = swedish_show()
    site = site_frame(show, read_strings("sv", "site", "time"), root="../")
    sound = PublishedAudio(
        path="media/x.mp3", mime="audio/mpeg", duration_ms=60_000, size_bytes=960_000
    )
    page = episode_page(show, full_episode(), site=site, sound=sound, analysis=analysis)
    return Templates().render("episode.html", page).decode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _write_theme(folder: Path) -> None:
    for name, path in theme_files().items():
        if name.startswith("static/"):
            _write(folder / name, path.read_bytes())


def _write_media(folder: Path) -> None:
    _write(folder / "feed.xml", b"<rss version='2.0'/>")
    for path in (routes.JSON_FEED, routes.COMING, routes.CALENDAR, routes.NETWORK):
        _write(folder / path, b"")
    _write(folder / "pictures/show.png", png(400, (15, 69, 65), (255, 221, 125)))
    _write(folder / "pictures/episode.png", png(400, (255, 221, 125), (140, 47, 27)))
    _write(folder / "pictures/vera.png", png(200, (140, 47, 27), (251, 248, 240)))
    (folder / "media").mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / "media/sound.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * SOUND_SECONDS)


def png(size: int, ground: tuple[int, int, int], figure: tuple[int, int, int]) -> bytes:
    """A disc on a ground: a picture that is really a picture."""
    middle, reach = size // 2, (size // 3) ** 2
    rows = b"".join(
        b"\0"
        + b"".join(
            bytes(figure if (x - middle) ** 2 + (y - middle) ** 2 < reach else ground)
            for x in range(size)
        )
        for y in range(size)
    )
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
