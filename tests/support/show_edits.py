"""Everything that may happen to a show between two builds, each as a small function."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.support import shows
from tests.support.paths import GOLDEN

from avsnitt.workflow.build.build import build_show

Change = Callable[[Path], None]

FIRST = "episodes/001-forsta"
SECOND = "episodes/002-andra"
THIRD = "episodes/003-tredje"


def _editing(path: str, old: str, new: str) -> Change:
    return lambda root: shows.edit(root, path, old, new)


def _writing(path: str, content: str | bytes) -> Change:
    def change(root: Path) -> None:
        shows.write(root, path, content)

    return change


def _removing(path: str) -> Change:
    def change(root: Path) -> None:
        if (root / path).is_dir():
            shutil.rmtree(root / path)
        else:
            (root / path).unlink()

    return change


def _person_renamed(root: Path) -> None:
    (root / "site/people/ake.md").rename(root / "site/people/ove.md")
    shows.edit(root, "site/people/ake.md".replace("ake", "ove"), "Åke Ö", "Ove Å")
    shows.edit(root, f"{FIRST}/episode.md", "id: ake", "id: ove")


def _person_removed(root: Path) -> None:
    (root / "site/people/ake.md").unlink()
    shows.edit(root, f"{FIRST}/episode.md", "  - {id: ake, role: guest}\n", "")
    shows.edit(root, f"{FIRST}/episode.md", "people:\n", "")


def _nobody_left(root: Path) -> None:
    _person_removed(root)
    shutil.rmtree(root / "site/people")
    shows.edit(root, "site/show.toml", 'hosts = [{ id = "vera", speaks_as = "i tjänsten" }]\n', "")


def _episode_added(root: Path) -> None:
    text = shows.EPISODES["002-andra"].replace("2222", "5555").replace("2026-02", "2026-04")
    shows.write(root, "episodes/005-ny/episode.md", text)
    shows.write(root, "episodes/005-ny/samtal.mp3", shows.mp3(root, 770))


def _episode_between(root: Path) -> None:
    text = shows.EPISODES["002-andra"].replace("2222", "6666").replace("2026-02-05", "2026-02-15")
    shows.write(root, "episodes/006-mellan/episode.md", text)
    shows.write(root, "episodes/006-mellan/samtal.mp3", shows.mp3(root, 770))


def _slug_renamed(root: Path) -> None:
    (root / SECOND).rename(root / "episodes/002-ny-adress")


def _slugs_swapped(root: Path) -> None:
    (root / SECOND).rename(root / "episodes/x")
    (root / THIRD).rename(root / "episodes/003-andra")
    (root / "episodes/x").rename(root / "episodes/002-tredje")


def _unpublished(root: Path) -> None:
    shows.edit(root, f"{SECOND}/episode.md", "status: published", "status: planned")


def _all_unpublished(root: Path) -> None:
    for folder in (FIRST, SECOND):
        shows.edit(root, f"{folder}/episode.md", "status: published", "status: planned")
    shows.edit(root, f"{THIRD}/episode.md", "status: followed-up", "status: recorded")


def _sound_replaced(root: Path) -> None:
    shows.write(root, f"{SECOND}/samtal.mp3", shows.mp3(root, 880))


def _sound_to_wav(root: Path) -> None:
    (root / f"{SECOND}/samtal.mp3").unlink()
    shows.write(root, f"{SECOND}/samtal.wav", shows.wav(330))


def _made(*settings: str) -> Change:
    """A master with three seconds of silence before the tone, and how it is to be made."""

    def change(root: Path) -> None:
        _sound_to_wav(root)
        data = shows.wav(330)
        silence = bytes(2 * 3 * shows.RATE_HZ)
        sizes = (len(data) + len(silence) - 8).to_bytes(4, "little")
        samples = (len(data) - 44 + len(silence)).to_bytes(4, "little")
        padded = data[:4] + sizes + data[8:40] + samples + silence + data[44:]
        shows.write(root, f"{SECOND}/samtal.wav", padded)
        shows.edit(root, SHOW, "hosts", f"making = {{ {', '.join(settings)} }}\nhosts")

    return change


def _made_then(change: Change, *settings: str) -> Change:
    """Built with a sound that was made, and then changed."""

    def both(root: Path) -> None:
        _made(*settings)(root)
        build_show(str(root))
        change(root)

    return both


def _tracks(root: Path) -> None:
    (root / f"{SECOND}/samtal.mp3").unlink()
    for name, tone_hz in (("vera", 330), ("ake", 440)):
        shows.write(root, f"{SECOND}/{name}.wav", shows.wav(tone_hz))
    rows = "tracks: [{file: vera.wav, person: vera}, {file: ake.wav, at_s: 1}]\nstatus:"
    shows.edit(root, f"{SECOND}/episode.md", "status:", rows)


def _intro(root: Path) -> None:
    _made('intro = "intro.wav"', "crossfade_s = 0.5")(root)
    shows.write(root, "site/intro.wav", shows.wav(220, 1.0))


def _sound_marked(root: Path) -> None:
    sound = shows.marked(shows.mp3(root, 660), "Början", "Mer")
    shows.write(root, f"{THIRD}/samtal.mp3", sound)


def _sound_marked_anew(root: Path) -> None:
    _sound_marked(root)
    sound = shows.marked(shows.mp3(root, 440), "Aldrig läst")
    shows.write(root, f"{FIRST}/samtal.mp3", sound)
    sound = shows.marked(shows.mp3(root, 660), "Början", "Ännu mer", "")
    shows.write(root, f"{THIRD}/samtal.mp3", sound)


def _master_marked(root: Path) -> None:
    (root / f"{THIRD}/samtal.mp3").unlink()
    shows.write(root, f"{THIRD}/samtal.wav", shows.marked_wav("Början", "Mer"))


def _sounds_swapped(root: Path) -> None:
    one, other = root / f"{SECOND}/samtal.mp3", root / f"{THIRD}/samtal.mp3"
    one.rename(root / "kept")
    other.rename(one)
    (root / "kept").rename(other)


def _first_language_feed(root: Path) -> None:
    shows.edit(root, SHOW, "hosts", f"{FEEDS}\nhosts")
    shows.edit(root, f"{SECOND}/episode.md", "status:", "language: en\nstatus:")


def _format_feed(root: Path) -> None:
    feed = FEEDS.replace('"en"', '"m4a"', 1).replace("language", "format").replace('"en"', '"m4a"')
    shows.edit(root, SHOW, "hosts", f"{feed}\nhosts")
    shows.write(root, f"{SECOND}/liten.m4a", M4A.read_bytes())
    text = "sound: samtal.mp3\nalternates: [{file: liten.m4a}]\nstatus:"
    shows.edit(root, f"{SECOND}/episode.md", "status:", text)


def _everything_out(root: Path) -> None:
    folder = "episodes/004-fraga"
    shows.edit(root, f"{folder}/episode.md", "planned", "published\npublished: 2020-01-05")
    shows.write(root, f"{folder}/samtal.mp3", shows.mp3(root, 880))


def _output_edited(root: Path) -> None:
    shows.write(root, "public/episodes/andra.html", "<p>ändrad för hand")
    shows.write(root, "public/feed.xml", "")
    shows.write(root, "public/media/andra.mp3", "inte ljud")


def _output_lost(root: Path) -> None:
    for name in ("index.html", "feed.xml", "media/andra.mp3", "transcripts/forsta.vtt"):
        (root / "public" / name).unlink()


def _published(root: Path) -> None:
    """As `publish` would leave it, and with an episode that it has not seen."""
    rows = (
        '{"version":1}',
        '{"title":"x","guid":"0f5a3a3e-5f0b-5c0e-9a5e-6c1f0f6d1a2b","feed":""}',
        '{"slug":"andra","guid":"22222222-2222-4222-8222-222222222222","title":"Annan",'
        '"published":"2025-02-05T07:00:00+01:00","enclosure":"media/andra.mp3","sound":""}',
    )
    shows.write(root, "site/published.lock", "\n".join(rows))


def _moved(root: Path) -> None:
    (root / SECOND).rename(root / "episodes/002-ny-adress")
    text = "formerly: [andra, annan]\nstatus:"
    shows.edit(root, "episodes/002-ny-adress/episode.md", "status:", text)


def _moved_to_anothers_address(root: Path) -> None:
    """The old page becomes another episode's own, and the other way round."""
    (root / SECOND).rename(root / "episodes/002-ny-adress")
    (root / THIRD).rename(root / "episodes/003-andra")
    text = "formerly: [tredje]\nstatus:"
    shows.edit(root, "episodes/003-andra/episode.md", "status:", text)


def _memory_damaged(root: Path) -> None:
    shows.write(root, ".avsnitt/store.sqlite", "not a database at all" * 100)


def _alternate(root: Path) -> None:
    shows.edit(root, f"{SECOND}/episode.md", "status:", "alternates: [{file: film.mp3}]\nstatus:")
    shows.edit(root, f"{SECOND}/episode.md", "status:", "sound: samtal.mp3\nstatus:")
    shows.write(root, f"{SECOND}/film.mp3", shows.mp3(root, 770))


def _alternate_then(change: Change) -> Change:
    """Built once with another form, then changed."""

    def both(root: Path) -> None:
        _alternate(root)
        build_show(str(root))
        change(root)

    return both


def _alternate_replaced(root: Path) -> None:
    shows.write(root, f"{SECOND}/film.mp3", shows.mp3(root, 880))


def _alternate_copied(root: Path) -> None:
    shows.edit(root, f"{SECOND}/episode.md", "film.mp3", "blad.pdf")
    shows.write(root, f"{SECOND}/blad.pdf", b"%PDF-1.4 ett blad")


def _alternate_gone(root: Path) -> None:
    shows.edit(root, f"{SECOND}/episode.md", "alternates: [{file: film.mp3}]\n", "")


def _alternate_lost(root: Path) -> None:
    (root / "public/media/andra--film.mp3").unlink()


def _live(root: Path) -> None:
    shows.edit(root, "episodes/004-fraga/episode.md", "status:", f"{LIVE}\nstatus:")


def _live_then(old: str, new: str) -> Change:
    def both(root: Path) -> None:
        _live(root)
        build_show(str(root))
        shows.edit(root, "episodes/004-fraga/episode.md", old, new)

    return both


def _own_image(root: Path) -> None:
    shows.edit(root, f"{SECOND}/episode.md", "status:", f"images: [{IMAGE}]\nstatus:")
    shows.write(root, f"{SECOND}/delad.png", shows.png("plum"))


def _own_image_replaced(root: Path) -> None:
    _own_image(root)
    build_show(str(root))
    shows.write(root, f"{SECOND}/delad.png", shows.png("navy"))


def _image_of_the_show(root: Path) -> None:
    text = (root / SHOW).read_text(encoding="utf-8")
    shows.write(root, SHOW, f"{text}images = [{{ file = 'bred.png', alt = 'Bred.' }}]\n")
    shows.write(root, "site/bred.png", shows.png("plum", 48))


def _photo(side_px: int = 900) -> bytes:
    """A telephone's photo, taken standing up."""
    import io

    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    Image.new("RGB", (side_px, side_px * 3 // 4), "plum").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def _photo_in_notes(root: Path) -> None:
    shows.write(root, f"{SECOND}/foto.jpg", _photo())
    shows.edit(root, f"{SECOND}/episode.md", "Mer om svar.", "Mer. ![Ett foto](foto.jpg)")


def _photo_for_a_drawing(root: Path) -> None:
    _photo_in_notes(root)
    build_show(str(root))
    shows.write(root, f"{SECOND}/foto.jpg", _photo(320))


def _chapter_picture_in_notes(root: Path) -> None:
    """A picture that was shown in one place is shown in two."""
    shows.write(root, f"{FIRST}/bild.png", shows.png("plum", 900))
    shows.edit(root, f"{FIRST}/episode.md", "![En bild](bild.png)\n", "")
    build_show(str(root))
    shows.edit(root, f"{FIRST}/episode.md", "Anteckningar", "![En bild](bild.png)\n\nAnteckningar")


def _cover_added(root: Path) -> None:
    shows.write(root, f"{SECOND}/cover.png", shows.png("plum", 640))
    shows.edit(root, f"{SECOND}/episode.md", "status:", "cover_alt: Ett svar.\nstatus:")


def _cover_of_another_kind(root: Path) -> None:
    """The file is a JPEG now, whatever it is called."""
    shows.write(root, f"{FIRST}/cover.png", _photo(640))


def _picture_forms_lost(root: Path) -> None:
    for path in sorted((root / "public/pictures").iterdir())[::2]:
        path.unlink()


JSON = '{"segments": [{"startTime": 0, "endTime": 1, "speaker": "Vera", "body": "Hej du."}]}'
ENGLISH = f"{FIRST}/transcript.en.txt"


def _build_with(root: Path, path: str, content: str) -> None:
    """One more file, and a build that knows of it."""
    from avsnitt.workflow.build.build import build_show

    shows.write(root, path, content)
    build_show(str(root))


def _english_changed(root: Path) -> None:
    _build_with(root, ENGLISH, "Hello.\n")
    shows.edit(root, ENGLISH, "Hello", "Good day")


def _english_removed(root: Path) -> None:
    _build_with(root, ENGLISH, "[00:00] Hello.\n")
    (root / ENGLISH).unlink()


def _english_named(root: Path) -> None:
    _build_with(root, f"{FIRST}/words.html", "<p>Hello.</p>")
    text = "transcripts: [{file: words.html, language: en}]\nstatus:"
    shows.edit(root, f"{FIRST}/episode.md", "status:", text)


def _better_form(root: Path) -> None:
    _build_with(root, f"{THIRD}/transcript.txt", "Hej.\n")
    shows.write(root, f"{THIRD}/transcript.json", JSON)


def _times_lost(root: Path) -> None:
    (root / f"{FIRST}/transcript.vtt").unlink()
    shows.write(root, f"{FIRST}/transcript.txt", "Vera: Hej.\n\nÅke: Tack.\n")


SHOW = "site/show.toml"
LIVE = "live: {start: 2026-05-05 18:00, stream: 'https://x.se/1.mp3', status: pending}"
IMAGE = "{file: delad.png, alt: Delad., purpose: social}"
TRAILER = "type: trailer\nstatus:"
OWN_PAGE = '{% extends "plain/page.html" %}{% block content %}<p>egen</p>{% endblock %}'
FEEDS = 'feeds = [{ name = "en", guid = "3f1f7a0e-8f8f-5d0a-9a57-0c4b1a3a8e11", language = "en" }]'
M4A = GOLDEN / "video/in/episodes/002-ljud/samtal.m4a"
NETWORK = 'network = [{ title = "Lunch", feed_url = "https://lunch.se/feed.xml" }]'
LINKED = "title: Om oss\nmenu: false"

CHANGES: dict[str, Change] = {
    "a title": _editing(f"{SECOND}/episode.md", "Vem svarar?", "Vem svarar nu?"),
    "a title of the same length": _editing(f"{SECOND}/episode.md", "Vem svarar?", "Hur svarar?"),
    "notes": _editing(f"{SECOND}/episode.md", "Mer om svar.", "Mer om **svar**."),
    "a summary": _editing(f"{THIRD}/episode.md", "Ett tredje samtal.", "Ett annat samtal."),
    "a number": _editing(f"{SECOND}/episode.md", "status:", "number: 7\nstatus:"),
    "a season": _editing(f"{SECOND}/episode.md", "status:", "season: 2\nstatus:"),
    "a date": _editing(f"{FIRST}/episode.md", "2026-01-05", "2026-02-25"),
    "a language": _editing(f"{SECOND}/episode.md", "status:", "language: en\nstatus:"),
    "an explicit episode": _editing(f"{SECOND}/episode.md", "status:", "explicit: true\nstatus:"),
    "an episode's licence": _editing(
        f"{SECOND}/episode.md", "status:", "license: CC0-1.0\nstatus:"
    ),
    "an ask": _editing("episodes/004-fraga/episode.md", "Hur gör ni?", "Hur mäter ni?"),
    "a correction": _editing(f"{THIRD}/episode.md", '"47"', '"48"'),
    "a chapter": _editing(f"{FIRST}/episode.md", "title: Frågan", "title: Svaret"),
    "a chapters file": _editing(f"{SECOND}/chapters.json", "Början", "Slutet"),
    "a chapters file removed": _removing(f"{SECOND}/chapters.json"),
    "a chapters file of Podlove's": _writing(f"{THIRD}/chapters.psc", shows.PSC),
    "a file of Audacity's labels": _writing(f"{THIRD}/labels.txt", "0\t0\tBörjan\n1,5\t2\tMer\n"),
    "a chapters file beside another": _writing(f"{SECOND}/chapters.txt", "00:00 Annan\n"),
    "no chapters, and said so": _editing(f"{THIRD}/episode.md", "status:", "chapters: []\nstatus:"),
    "chapters in a recording": _sound_marked,
    "chapters in a recording that has some": _sound_marked_anew,
    "a recording with markers for a master": _master_marked,
    "a chapter's picture": _writing(f"{FIRST}/bild.png", shows.png("plum")),
    "a transcript": _editing(f"{FIRST}/transcript.vtt", "Tack", "Stort tack"),
    "a transcript added": _writing(f"{THIRD}/transcript.vtt", shows.VTT),
    "a transcript removed": _removing(f"{FIRST}/transcript.vtt"),
    "a transcript in another language": _writing(f"{FIRST}/transcript.en.vtt", shows.VTT),
    "a transcript in another language, changed": _english_changed,
    "a transcript in another language, removed": _english_removed,
    "a transcript in another language, named": _english_named,
    "a transcript in JSON": _writing(f"{THIRD}/transcript.json", JSON),
    "a transcript that gets a better form": _better_form,
    "a transcript without times": _writing(f"{THIRD}/transcript.txt", "Vera: Hej.\n"),
    "a transcript that loses its times": _times_lost,
    "a bio": _editing("site/people/ake.md", "Jag är gäst.", "Jag är **ofta** gäst."),
    "a person's name": _editing("site/people/ake.md", "Åke Ö", "Åke Öman"),
    "a person's title": _editing("site/people/vera.md", "name:", "title: Redaktör\nname:"),
    "a portrait": _writing("site/people/vera.png", shows.png("plum")),
    "a person renamed": _person_renamed,
    "a person removed": _person_removed,
    "everybody removed": _nobody_left,
    "a person added": _writing("site/people/bo.md", "---\nname: Bo\n---\nNy.\n"),
    "an episode added": _episode_added,
    "an episode added between": _episode_between,
    "an episode removed": _removing(SECOND),
    "the newest episode removed": _removing(THIRD),
    "a slug renamed": _slug_renamed,
    "two slugs swapped": _slugs_swapped,
    "an old address that leads on": _moved,
    "an old address taken over by another episode": _moved_to_anothers_address,
    "the show published": _published,
    "published becomes planned": _unpublished,
    "nothing published": _all_unpublished,
    "a cover": _writing(f"{FIRST}/cover.png", shows.png("plum")),
    "a cover added": _cover_added,
    "a cover removed": _removing(f"{FIRST}/cover.png"),
    "a cover in more sizes": _writing(f"{FIRST}/cover.png", shows.png("maroon", 700)),
    "a cover of another kind": _cover_of_another_kind,
    "a photo in the notes": _photo_in_notes,
    "a photo in the notes for a smaller one": _photo_for_a_drawing,
    "a chapter's picture in the notes too": _chapter_picture_in_notes,
    "some pictures lost": _picture_forms_lost,
    "the show's cover": _writing("site/cover.png", shows.png("plum")),
    "the show's cover in more sizes": _writing("site/cover.png", shows.png("plum", 700)),
    "the show's title": _editing(SHOW, "Öppen kanal", "Öppnare kanal"),
    "the show's subtitle": _editing(SHOW, "Ett samtal", "Två samtal"),
    "the show's address": _editing(SHOW, "podd.exempel.se", "radio.exempel.se/p"),
    "the show's licence": _editing(SHOW, "CC-BY-4.0", "CC-BY-SA-4.0"),
    "the show's language": _editing(SHOW, 'language = "sv"', 'language = "en"'),
    "the show's host": _editing(SHOW, '"vera", speaks_as = "i tjänsten"', '"ake"'),
    "the show's author": _editing(SHOW, '"Exempelköping"', '"Ö kommun"'),
    "the show's time zone": _editing(SHOW, "hosts", 'timezone = "UTC"\nhosts'),
    "a demonstration": _editing(SHOW, "hosts", 'demonstration = "På låtsas."\nhosts'),
    "support": _editing(SHOW, "hosts", 'funding = [{url = "https://x.se", text = "S"}]\nhosts'),
    "a feed in pages": _editing(SHOW, "hosts", "feed_page_kb = 4\nhosts"),
    "a feed for a language": _first_language_feed,
    "a feed for a format": _format_feed,
    "a network": _editing(SHOW, "hosts", f"{NETWORK}\nhosts"),
    "an expected day": _editing(
        "episodes/004-fraga/episode.md", "status:", "expected: 2026-12-01\nstatus:"
    ),
    "keywords": _editing(f"{SECOND}/episode.md", "status:", "keywords: [svar]\nstatus:"),
    "the last plan fulfilled": _everything_out,
    "a template of one's own": _writing("site/templates/page.html", OWN_PAGE),
    "a static file": _writing("site/static/own.css", "p{color:red}"),
    "the theme's style replaced": _writing("site/static/plain.css", "p{color:red}"),
    "a page": _editing("site/pages/about.md", "Vi frågar.", "Vi svarar."),
    "a page off the menu": _editing("site/pages/about.md", "title: Om oss", LINKED),
    "a page added": _writing("site/pages/contact.md", "---\ntitle: Kontakt\n---\nSkriv.\n"),
    "a page removed": _removing("site/pages/about.md"),
    "another form": _alternate,
    "another form replaced": _alternate_then(_alternate_replaced),
    "another form that is copied": _alternate_then(_alternate_copied),
    "another form taken away": _alternate_then(_alternate_gone),
    "another form lost": _alternate_then(_alternate_lost),
    "another form of an episode with a new title": _alternate_then(
        _editing(f"{SECOND}/episode.md", "Vem svarar?", "Vem svarar nu?")
    ),
    "a picture that only the feed shows": _own_image,
    "a picture that only the feed shows replaced": _own_image_replaced,
    "a picture of the show's": _image_of_the_show,
    "a live stream": _live,
    "a live stream that begins": _live_then("status: pending", "status: live"),
    "a live stream that is off": _live_then(f"{LIVE}\n", ""),
    "a trailer": _editing(f"{FIRST}/episode.md", "status:", TRAILER),
    "a soundbite": _editing(
        f"{SECOND}/episode.md", "status:", "soundbites: [{start: 0, duration: 1}]\nstatus:"
    ),
    "a place": _editing(
        f"{SECOND}/episode.md", "status:", "locations: [{name: Ö, rel: subject}]\nstatus:"
    ),
    "a season's name": _editing(SHOW, "hosts", 'season_names = { 1 = "Ett" }\nhosts'),
    "sound replaced": _sound_replaced,
    "sound replaced by a master": _sound_to_wav,
    "sound made in several forms": _made('forms = ["mp3", "opus-small"]'),
    "another form no longer wanted": _made_then(
        _editing(SHOW, 'forms = ["mp3", "opus"]', 'forms = ["mp3"]'), 'forms = ["mp3", "opus"]'
    ),
    "another enclosure": _made_then(
        _editing(SHOW, 'forms = ["mp3"]', 'forms = ["m4a"]'), 'forms = ["mp3"]'
    ),
    "dead air cut, and chapters moved": _made("trim = true"),
    "dead air left after all": _made_then(
        _editing(SHOW, "trim = true", "trim = false"), "trim = true"
    ),
    "a new title for sound that was made": _made_then(
        _editing(f"{SECOND}/episode.md", "Vem svarar?", "Vem svarar nu?"), "trim = true"
    ),
    "what was made is lost": _made_then(_removing(".avsnitt/sound"), "trim = true"),
    "tracks instead of a recording": _tracks,
    "an intro": _intro,
    "finished sound made after all": _editing(
        SHOW, "hosts", "making = { finished = false }\nhosts"
    ),
    "two sounds swapped": _sounds_swapped,
    "the memory deleted": _removing(".avsnitt"),
    "the memory damaged": _memory_damaged,
    "the output deleted": _removing("public"),
    "some output lost": _output_lost,
    "output edited by hand": _output_edited,
}
