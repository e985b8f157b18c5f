"""A film beside the sound: what is published of it, and what the feeds and the page say."""

from __future__ import annotations

import base64
import hashlib
import shutil
from pathlib import Path

import msgspec
import pytest
from tests.support import video_files

from avsnitt.feed.values import Enclosure
from avsnitt.model.podcast20 import Alternate
from avsnitt.model.show import AudioFacts, Cue, Episode, License, Transcript
from avsnitt.preview.server import PreviewServer
from avsnitt.system.locales import read_strings
from avsnitt.workflow.build.context import VideoSource
from avsnitt.workflow.build.feed_items import feed_alternates, other_enclosures
from avsnitt.workflow.build.video import (
    PublishedVideoFiles,
    VideoWriter,
    publish_video,
    video_paths,
)

BASE = "https://podd.exempel.se"
SWEDISH = Transcript(
    language="sv",
    cues=(Cue(start_ms=1000, end_ms=3000, text="Hej & välkommen", speaker="Vera"),),
)
ENGLISH = Transcript(language="en", cues=(Cue(start_ms=1000, end_ms=3000, text="Hello"),))
UNTIMED = Transcript(language="de", cues=(Cue(start_ms=0, end_ms=0, text="Hallo"),), timed=False)
EPISODE = Episode(
    slug="samtal",
    guid="11111111-1111-4111-8111-111111111111",
    title="Samtal",
    folder="episodes/001-samtal",
    language="sv",
    license=License(id="CC-BY-4.0", name="CC BY 4.0", url="https://exempel.se/"),
    status="published",
    transcripts=(SWEDISH, ENGLISH, UNTIMED),
)
STRINGS = read_strings("sv", "feed")


class Folder:
    """A published tree, as plain as it can be."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.paths: list[str] = []

    @property
    def writer(self) -> VideoWriter:
        return VideoWriter(self.want, self.copy, self.tag, self.integrity)

    def place(self, path: str) -> Path:
        self.paths.append(path)
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def want(self, path, _parts, make):
        self.place(path).write_bytes(make())

    def copy(self, path: str, file: str, _name: str) -> int:
        return shutil.copyfile(file, self.place(path)).stat().st_size

    def tag(self, path: str, file: str, _facts: AudioFacts) -> int:
        return self.copy(path, file, "")

    def integrity(self, path: str) -> str:
        return sri((self.root / path).read_bytes())


def sri(data: bytes) -> str:
    return f"sha384-{base64.b64encode(hashlib.sha384(data).digest()).decode()}"


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> VideoSource:
    folder = tmp_path_factory.mktemp("film")
    plan = video_files.make(video_files.make_film(folder, "tall.mkv"), folder / "artifacts")
    return video_files.source_of(plan, folder / "artifacts", (SWEDISH, ENGLISH, UNTIMED))


@pytest.fixture(scope="session")
def published(source, tmp_path_factory) -> tuple[Folder, PublishedVideoFiles]:
    folder = Folder(tmp_path_factory.mktemp("public"))
    return folder, publish_video(source, EPISODE, STRINGS, folder.writer)


def test_a_film_is_published_in_its_own_places(published, source):
    folder, _ = published
    assert [path.partition("-")[0] if "mp4" in path else path for path in sorted(folder.paths)] == [
        "media/samtal.video.jpg",
        "media/samtal.video.mp4",
        "media/samtal.video/360",
        "media/samtal.video/360.m3u8",
        "media/samtal.video/500",
        "media/samtal.video/500.m3u8",
        "media/samtal.video/captions-en.m3u8",
        "media/samtal.video/captions-en.vtt",
        "media/samtal.video/captions-sv.m3u8",
        "media/samtal.video/captions-sv.vtt",
        "media/samtal.video/index.m3u8",
        "media/samtal.video/sound",
        "media/samtal.video/sound.m3u8",
    ]
    assert video_paths(source, EPISODE, STRINGS) == tuple(folder.paths)


def test_the_feed_shows_of_both_forms_with_their_true_sums(published):
    folder, forms = published
    enclosure = Enclosure(url=f"{BASE}/media/samtal.mp3", length_bytes=1, mime="", duration_ms=2000)
    whole, stream = feed_alternates(BASE, EPISODE, enclosure, forms.alternates)
    assert whole.sources == ((f"{BASE}/media/samtal.video.mp4", ""),)
    assert (whole.type, whole.height, whole.title, whole.lang) == ("video/mp4", 500, "Film", "sv")
    data = (folder.root / "media/samtal.video.mp4").read_bytes()
    assert (whole.length_bytes, whole.integrity) == (len(data), sri(data))
    assert stream.type == "application/x-mpegURL"
    assert stream.sources == ((f"{BASE}/media/samtal.video/index.m3u8", ""),)
    playlist = (folder.root / "media/samtal.video/index.m3u8").read_bytes()
    assert (stream.length_bytes, stream.integrity) == (0, sri(playlist))
    assert stream.codecs.startswith("avc1.")
    assert len(stream.title) <= 32


def test_what_the_author_wrote_still_comes_first(published):
    _, forms = published
    own = Alternate(sources=(("https://video.exempel.se/1.m3u8", ""),), type="video/mp4")
    episode = msgspec.structs.replace(EPISODE, alternates=(own,))
    enclosure = Enclosure(url=f"{BASE}/media/samtal.mp3", length_bytes=1, mime="", duration_ms=2000)
    found = feed_alternates(BASE, episode, enclosure, forms.alternates)
    assert [one.title for one in found] == ["", "Film", "Film, strömmad"]


def test_the_feed_of_films_has_the_mp4_as_its_enclosure(published):
    _, forms = published
    found = other_enclosures(BASE, forms.alternates)["mp4"]
    assert (found.url, found.mime) == (f"{BASE}/media/samtal.video.mp4", "video/mp4")
    assert abs(found.duration_ms - 2000) < 100


def test_a_player_gets_films_sound_and_captions_over_http(published):
    folder, _ = published
    with PreviewServer(folder.root, port=0) as server:
        place = f"{server.address.rstrip('/')}/media/samtal.video"
        reported = video_files.probe(f"{place}/index.m3u8")["streams"]
        sizes = [(one["width"], one["height"]) for one in reported if "width" in one]
        assert sizes == [(640, 500), (460, 360)]
        assert "audio" in {one["codec_type"] for one in reported}
        printed = video_files.run(
            "ffmpeg", "-v", "error", "-i", f"{place}/captions-sv.vtt", "-f", "srt", "-"
        )
    assert "00:00:01,000 --> 00:00:03,000" in printed
    assert "Hej & välkommen" in printed.replace("&amp;", "&")


def test_the_page_gets_the_published_transcripts_and_the_still(published):
    _, forms = published
    film = forms.film
    assert (film.path, film.mime) == ("media/samtal.video.mp4", "video/mp4")
    assert film.poster == "media/samtal.video.jpg"
    assert film.captions == (
        ("transcripts/samtal.vtt", "sv"),
        ("transcripts/samtal.en.vtt", "en"),
    )


def test_where_the_sound_was_cut_the_film_has_captions_of_its_own(source, tmp_path):
    moved = msgspec.structs.replace(source, moved=True)
    forms = publish_video(moved, EPISODE, STRINGS, Folder(tmp_path).writer)
    assert forms.film.captions == (
        ("media/samtal.video/captions-sv.vtt", "sv"),
        ("media/samtal.video/captions-en.vtt", "en"),
    )
    assert moved.parts != source.parts


def test_a_new_transcript_changes_the_captions_and_no_film(source, tmp_path, published):
    before, _ = published
    later = msgspec.structs.replace(source, transcripts=(SWEDISH,))
    folder = Folder(tmp_path)
    publish_video(later, EPISODE, STRINGS, folder.writer)
    gone = {path for path in before.paths if path not in folder.paths}
    assert gone == {f"media/samtal.video/captions-en.{ending}" for ending in ("vtt", "m3u8")}
    for path in folder.paths:
        same = (before.root / path).read_bytes() == (tmp_path / path).read_bytes()
        assert same == (not path.endswith("index.m3u8")), path


def test_a_stream_alone_is_shown_as_one(source, tmp_path):
    alone = msgspec.structs.replace(source, mp4="", facts=None)
    forms = publish_video(alone, EPISODE, STRINGS, Folder(tmp_path).writer)
    assert len(forms.alternates) == 1
    assert (forms.film.path, forms.film.size_bytes) == ("media/samtal.video/index.m3u8", 0)


def test_without_any_form_nothing_is_published(source, tmp_path):
    nothing = msgspec.structs.replace(source, mp4="", facts=None, pictures=(), sound="")
    folder = Folder(tmp_path)
    forms = publish_video(nothing, EPISODE, STRINGS, folder.writer)
    assert (forms.alternates, forms.film.path, folder.paths) == ((), "", [])
