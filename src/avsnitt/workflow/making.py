"""One episode's files: the tagged sound, chapters, transcripts, its page and its feed item.

A job needs nothing from another, so jobs run on every processor; what all of them share is in
the Workshop, which a worker inherits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from avsnitt import addresses
from avsnitt.adapters.files import Stat, stat_of
from avsnitt.adapters.store import Made
from avsnitt.content.markdown import absolute_links, render_markdown
from avsnitt.feed.items import Published, absolute_chapters, assemble_item
from avsnitt.feed.values import Enclosure
from avsnitt.formats.plain import strip_markup
from avsnitt.i18n import Strings
from avsnitt.keys import digest
from avsnitt.model import Episode, Show, SoundFacts
from avsnitt.site.episode import episode_page
from avsnitt.site.frame import SiteFrame
from avsnitt.site.pages import entry_view
from avsnitt.site.views import PublishedSound
from avsnitt.workflow.output import Output
from avsnitt.workflow.pictures import Gallery, notes_pictures
from avsnitt.workflow.transcript_files import make_transcripts

if TYPE_CHECKING:
    from avsnitt.adapters.templates import Templates

EXTENSIONS: Final = {"mp3": "mp3", "m4a": "m4a", "opus": "opus", "ogg": "ogg", "flac": "flac"}
"""The ending of a published file by its format; a video in MP4 is `mp4`."""

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class SoundSource(Struct, frozen=True):
    """The file whose sound is published: the recording itself, or what was encoded from it."""

    path: str
    facts: SoundFacts


class EpisodeJob(Struct, frozen=True):
    """An episode, its sound, its neighbours in time, and all that its files depend on."""

    episode: Episode
    sound: SoundSource | None
    previous: Episode | None
    next: Episode | None
    parts: tuple[str, ...]


class Outcome(Struct, frozen=True):
    """
    What an episode came to, kept for the next build. `item` is its part of the feed, empty when
    it is not out; `lines` is its line in lists, for pages at the root and for those in a folder;
    `paths` are all its files; `parts` is the key it was made under.
    """

    slug: str
    parts: tuple[str, ...]
    paths: tuple[str, ...]
    item: bytes
    item_digest: str
    lines: tuple[str, str]
    sound: PublishedSound | None


class Finished(Struct, frozen=True):
    """A worker's answer: the outcome, what it wrote, and which of that differed from before."""

    outcome: Outcome
    made: tuple[Made, ...]
    changed: tuple[str, ...]


class Workshop:
    """What every job shares. Nothing in it changes while jobs run."""

    def __init__(  # noqa: PLR0913 - each is a different thing that was prepared
        self,
        *,
        show: Show,
        gallery: Gallery,
        top: SiteFrame,
        frame: SiteFrame,
        templates: Templates,
        templates_key: str,
        output: Output,
        embedded: Callable[[str], bytes | None],
        feed_words: Callable[[str], Strings],
    ) -> None:
        self.show = show
        self.gallery = gallery
        self.top = top
        self.frame = frame
        self.frame_key = frame_key(frame)
        self.templates = templates
        self.templates_key = templates_key
        self.output = output
        self.embedded = embedded
        self.feed_words = feed_words
        self.person_pictures = {
            person.id: gallery.whole(person.picture) for person in show.people if person.picture
        }

    def make(self, job: EpisodeJob) -> Finished:
        """Make, or leave alone, every file of one episode."""
        return _Making(self, job).run()


def frame_key(frame: SiteFrame) -> str:
    """Names all of a frame that a page shows; its pictures are named where they are used."""
    shown = {
        name: getattr(frame, name)
        for name in frame.__struct_fields__
        if name not in ("images", "strings")
    }
    return digest(_encode(shown))


def page_parts(page: Struct) -> dict[str, str]:
    """The digest of each field of a page's value but the frame, which has a key of its own."""
    return {
        name: digest(_encode(getattr(page, name)))[:8]
        for name in page.__struct_fields__
        if name != "site"
    }


class _Making:
    def __init__(self, shop: Workshop, job: EpisodeJob) -> None:
        self.shop = shop
        self.job = job
        self.episode = job.episode
        self.paths: list[str] = []
        self.made: list[Made] = []
        self.changed: list[str] = []

    def run(self) -> Finished:
        episode = self.episode
        notes_files = notes_pictures(episode)
        gallery = self.shop.gallery
        on_page = {name: f"../{gallery.whole(path)}" for name, path in notes_files.items()}
        notes_html = render_markdown(episode.notes, on_page)
        host_note_html = render_markdown(episode.host_note, on_page)
        sound = self._sound(host_note_html, notes_html) if episode.is_out else None
        if episode.is_out:
            make_transcripts(episode, self._want)
            self._chapters()
        self._page(notes_html, host_note_html, sound)
        item = self._item(notes_html, host_note_html, sound) if sound else b""
        outcome = Outcome(
            episode.slug,
            self.job.parts,
            tuple(self.paths),
            item,
            digest(item),
            self._lines(sound),
            sound,
        )
        return Finished(outcome, tuple(self.made), tuple(self.changed))

    def _lines(self, sound: PublishedSound | None) -> tuple[str, str]:
        if not self.episode.is_out:
            return "", ""
        shop = self.shop
        view = entry_view(shop.frame, self.episode, sound)
        in_folder = shop.templates.render("line.html", view).decode()
        return in_folder.replace(f'href="{shop.frame.root}', 'href="', 1), in_folder

    def _want(self, path: str, parts: Mapping[str, str], make: Callable[[], bytes]) -> None:
        self.paths.append(path)
        if self.shop.output.is_current(path, parts):
            return
        stat, changed = self.shop.output.write(path, make())
        self._record(path, stat, parts, changed=changed)

    def _record(self, path: str, stat: Stat, parts: Mapping[str, str], *, changed: bool) -> None:
        self.made.append(Made(path, stat, self.episode.slug, parts))
        if changed:
            self.changed.append(path)

    def _sound(self, *texts: str) -> PublishedSound | None:
        source = self.job.sound
        if source is None:
            return None
        facts = source.facts
        extension = "mp4" if facts.video else EXTENSIONS[facts.format]
        path = addresses.sound(self.episode.slug, extension)
        notes = "\n\n".join(strip_markup(text) for text in texts if text)
        size_bytes = self._tag(path, source, notes)
        return PublishedSound(
            path=path,
            mime=addresses.MIME_TYPES[f".{extension}"],
            duration_ms=facts.duration_ms,
            size_bytes=size_bytes,
            kind="video" if facts.video else "audio",
        )

    def _tag(self, path: str, source: SoundSource, notes: str) -> int:
        """The length in bytes of the tagged copy, made now or before."""
        from avsnitt.adapters.tagfile import write_tagged
        from avsnitt.media.tags import plan_tags

        show, episode = self.shop.show, self.episode
        plan = plan_tags(
            show,
            episode,
            source.facts,
            feed_url=addresses.absolute(show.address, addresses.FEED),
            page_url=addresses.absolute(show.address, addresses.episode_page(episode.slug)),
            notes=notes,
        )
        cover = self._cover_source()
        parts = {
            "tags": digest(msgspec.json.encode(plan)),
            "sound": source.facts.digest,
            "cover": self.shop.gallery.digest(cover),
        }
        self.paths.append(path)
        target = f"{self.shop.output.folder}/{path}"
        if not self.shop.output.is_current(path, parts):
            self.shop.output.make_folder_of(path)
            write_tagged(
                Path(source.path), Path(target), plan, self.shop.embedded(cover), source.facts
            )
            self._record(path, stat_of(target) or (0, 0, 0), parts, changed=True)
        stat = stat_of(target)
        return stat[0] if stat else 0

    def _cover_source(self) -> str:
        episode = self.episode
        return episode.cover.path if episode.cover else self.shop.show.cover.path

    def _chapters(self) -> None:
        if not self.episode.chapters:
            return
        from avsnitt.formats.chapters_json import render_chapters_json

        show = self.shop.show
        chapters = absolute_chapters(show.address, self.episode.chapters, self._chapter_pictures())
        text = render_chapters_json(
            chapters, title=self.episode.title, podcast_name=show.title, author=show.author
        )
        self._want_text(addresses.chapters(self.episode.slug), text)

    def _chapter_pictures(self) -> dict[str, str]:
        images = (chapter.image for chapter in self.episode.chapters if chapter.image)
        return {image: self.shop.gallery.whole(image) for image in images if "://" not in image}

    def _want_text(self, path: str, text: str) -> None:
        data = text.encode()
        self._want(path, {"text": digest(data)}, lambda: data)

    def _page(
        self,
        notes_html: str,
        host_note_html: str,
        sound: PublishedSound | None,
    ) -> None:
        shop, episode = self.shop, self.episode
        page = episode_page(
            shop.show,
            episode,
            site=shop.frame,
            notes_html=notes_html,
            host_note_html=host_note_html,
            sound=sound,
            cover_path=shop.gallery.small(episode.cover.path) if episode.cover else "",
            previous=self.job.previous,
            next_=self.job.next,
        )
        shown = [getattr(page, name) for name in page.__struct_fields__ if name != "site"]
        parts = {
            "page": digest(_encode(shown)),
            "site": shop.frame_key,
            "templates": shop.templates_key,
        }
        path = addresses.episode_page(episode.slug)
        self._want(path, parts, lambda: shop.templates.render("episode.html", page))

    def _item(self, notes_html: str, host_note_html: str, sound: PublishedSound) -> bytes:
        from avsnitt.feed.document import render_item

        shop, episode = self.shop, self.episode
        base = addresses.absolute(shop.show.address, addresses.episode_page(episode.slug))
        enclosure = Enclosure(
            url=addresses.absolute(shop.show.address, sound.path),
            length_bytes=sound.size_bytes,
            mime=sound.mime,
            duration_ms=sound.duration_ms,
        )
        published = Published(
            enclosure=enclosure,
            notes_html=absolute_links("\n".join(filter(None, (host_note_html, notes_html))), base),
            cover_path=shop.gallery.whole(self._cover_source()),
            person_pictures=shop.person_pictures,
            chapter_pictures=self._chapter_pictures(),
        )
        item = assemble_item(shop.show, episode, published, shop.feed_words(episode.language))
        return render_item(item)
