"""A film beside the sound, in a real browser: played, captioned, and asked for by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.support import site_values, video_files

from avsnitt import routes
from avsnitt.i18n import ui_language
from avsnitt.preview.server import PreviewServer
from avsnitt.site.episode import episode_page
from avsnitt.site.io.templates import Templates, theme_files
from avsnitt.site.layout import FrameImages, site_frame
from avsnitt.site.views import PublishedAudio, PublishedVideo
from avsnitt.system.locales import read_strings
from avsnitt.workflow.build.transcripts import make_transcripts
from avsnitt.workflow.build.video import publish_video

pytestmark = pytest.mark.browser

SLUG = "fragan-fore-svaret"
FILM = "section.film video"
PLAYED = """async () => {
  const film = document.querySelector('section.film video');
  const before = film.readyState;
  film.muted = true;
  await film.play();
  await new Promise(done => setTimeout(done, 1500));
  return {
    before, state: film.readyState, duration: film.duration, time: film.currentTime,
    size: [film.videoWidth, film.videoHeight], error: film.error && film.error.message,
    tracks: [...film.textTracks].map(t => [t.kind, t.language, t.label, t.mode]),
    said: [...film.textTracks[0].cues].map(cue => cue.text),
  };
}"""
STREAMED = """async () => {
  const film = document.createElement('video');
  if (!film.canPlayType('application/vnd.apple.mpegurl')) return null;
  film.muted = true;
  film.src = '../media/fragan-fore-svaret.video/index.m3u8';
  document.body.append(film);
  await film.play();
  await new Promise(done => setTimeout(done, 1500));
  return [film.error && film.error.message, film.duration, film.videoWidth > 0,
          film.currentTime > 0.5, film.webkitAudioDecodedByteCount > 0];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One episode's page with everything on it that a film has."""
    root, work = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("film")
    plan = video_files.make(video_files.make_film(work, "short.mp4"), work / "artifacts")
    show = site_values.swedish_show()
    episode = next(one for one in show.episodes if one.slug == SLUG)
    source = video_files.source_of(plan, work / "artifacts", episode.transcripts)

    def write(path: str, data: bytes) -> int:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.write_bytes(data)

    def copy(path: str, file: str, *_: object) -> int:
        return write(path, Path(file).read_bytes())

    from avsnitt.workflow.build.video import VideoWriter

    writer = VideoWriter(
        lambda path, _, make: write(path, make()) and None, copy, copy, lambda _: ""
    )
    forms = publish_video(source, episode, read_strings("sv", "feed"), writer)
    make_transcripts(episode, lambda path, _, make: write(path, make()) and None)
    sound = PublishedAudio(
        path="media/sound.m4a", mime="audio/x-m4a", duration_ms=8000, size_bytes=9
    )
    copy(sound.path, str(video_files.make_sound(work / "short.mp4")))
    page = page_of(show, episode, sound, forms.film)
    write(routes.episode_page(SLUG), Templates().render("episode.html", page))
    for name, path in theme_files().items():
        if name.startswith("static/"):
            write(name, path.read_bytes())
    return root


def page_of(show: Any, episode: Any, sound: PublishedAudio, film: PublishedVideo) -> Any:
    strings = read_strings(ui_language(show.language), "site", "time")
    plain = msgspec.structs.replace(episode, credits=(), cover=None)
    frame = site_frame(show, strings, root="../", images=FrameImages())
    return episode_page(show, plain, site=frame, sound=sound, film=film)


@pytest.fixture
def served(site: Path, chromium: Any) -> Iterator[Callable[..., Any]]:
    contexts = []
    with PreviewServer(site, port=0) as server:

        def opened(**options: Any) -> Any:
            context = chromium.new_context(**options)
            contexts.append(context)
            page = context.new_page()
            page.requested = []
            page.on("request", lambda request: page.requested.append(request.url))
            page.goto(f"{server.address.rstrip('/')}/{routes.episode_page(SLUG)}")
            return page

        yield opened
        for context in contexts:
            context.close()


def test_a_film_plays_with_its_captions(served: Callable[..., Any]) -> None:
    page = served()
    assert not any("video.mp4" in url for url in page.requested)
    shown = page.evaluate(PLAYED)
    assert shown["error"] is None
    assert (shown["before"], shown["size"]) == (0, [320, 180])
    assert shown["state"] >= 2
    assert shown["time"] > 0.5
    assert abs(shown["duration"] - video_files.SECONDS) < 0.1
    assert shown["tracks"][0] == ["captions", "sv", "svenska", "showing"]
    assert shown["said"]


def test_a_browser_that_plays_streams_plays_ours(served: Callable[..., Any]) -> None:
    shown = served().evaluate(STREAMED)
    if shown is None:
        pytest.skip("this Chromium plays no HLS by itself")
    assert shown[0] is None
    assert abs(shown[1] - video_files.SECONDS) < 0.3
    assert shown[2:] == [True, True, True]


def test_a_film_has_a_name_and_can_be_reached_and_played_without_a_script(
    served: Callable[..., Any], axe: Any
) -> None:
    page = served()
    assert axe(page) == []
    plain = served(java_script_enabled=False)
    film = plain.locator(FILM)
    assert film.get_attribute("controls") is not None
    assert film.get_attribute("aria-label").startswith("Spela filmen ")
    assert film.get_attribute("preload") == "none"
    assert any(url.endswith(".video.jpg") for url in plain.requested)
    assert "Ladda ner filmen (MP4, " in plain.locator("section.film .actions").inner_text()


def test_a_film_fits_the_smallest_screen(served: Callable[..., Any]) -> None:
    page = served(viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
