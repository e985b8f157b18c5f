"""One episode's files: the tagged sound, chapters, transcripts, its page and its feed item.

A job needs nothing from another, so jobs run on every processor; what all of them share is in
the Workshop, which a worker inherits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from avsnitt import addresses
from avsnitt.adapters.files import Stat, copy_file, integrity_of, stat_of
from avsnitt.adapters.store import Made
from avsnitt.content.markdown import render_markdown
from avsnitt.feed.items import absolute_chapters
from avsnitt.feed.values import Item
from avsnitt.formats.plain import strip_markup
from avsnitt.i18n import Strings
from avsnitt.keys import digest
from avsnitt.model import Episode, Show, SoundFacts, Transcript
from avsnitt.site.episode import episode_page
from avsnitt.site.frame import SiteFrame
from avsnitt.site.pages import entry_view
from avsnitt.site.views import PublishedSound
from avsnitt.workflow.alternates import (
    EXTENSIONS,
    AlternateSource,
    alternate_changes,
    find_alternate,
)
from avsnitt.workflow.fragments import Fragment, make_fragments
from avsnitt.workflow.items import (
    PublishedAlternate,
    chapter_pictures,
    make_item,
    other_enclosures,
)
from avsnitt.workflow.output import Output
from avsnitt.workflow.pictures import Gallery, notes_pictures

if TYPE_CHECKING:
    from avsnitt.adapters.templates import Templates

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
    alternates: tuple[AlternateSource, ...] = ()


class Outcome(Struct, frozen=True):
    """
    What an episode came to, kept for the next build. `item` is its part of the feed, empty when
    it is not out; `lines` is its line in lists, for pages at the root and for those in a folder;
    `paths` are all its files; `parts` is the key it was made under; `fragments` are its parts of
    the other feeds.
    """

    slug: str
    parts: tuple[str, ...]
    paths: tuple[str, ...]
    item: bytes
    item_digest: str
    lines: tuple[str, str]
    sound: PublishedSound | None
    fragments: tuple[Fragment, ...] = ()


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
        self.formats = frozenset(feed.format for feed in show.feeds if feed.format)
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
        transcripts = self._transcripts() if episode.is_out else ()
        if episode.is_out:
            self._chapters()
        self._page(notes_html, host_note_html, sound, transcripts)
        alternates = self._alternates(host_note_html, notes_html) if sound else ()
        notes = (host_note_html, notes_html)
        assembled = make_item(self.shop, episode, sound, notes, alternates) if sound else None
        item = _rendered(assembled)
        outcome = Outcome(
            episode.slug,
            self.job.parts,
            tuple(self.paths),
            item,
            digest(item),
            self._lines(sound),
            sound,
            self._fragments(assembled, alternates) if assembled else (),
        )
        return Finished(outcome, tuple(self.made), tuple(self.changed))

    def _fragments(
        self, item: Item, alternates: Iterable[PublishedAlternate]
    ) -> tuple[Fragment, ...]:
        others = other_enclosures(self.shop.show.address, alternates)
        return make_fragments(item, self.episode, others, self.shop.formats)

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
        size_bytes = self._tag(path, source, _plain(texts))
        return PublishedSound(
            path=path,
            mime=addresses.MIME_TYPES[f".{extension}"],
            duration_ms=facts.duration_ms,
            size_bytes=size_bytes,
            kind="video" if facts.video else "audio",
        )

    def _alternates(self, *texts: str) -> tuple[PublishedAlternate, ...]:
        return tuple(self._alternate(source, _plain(texts)) for source in self.job.alternates)

    def _alternate(self, source: AlternateSource, notes: str) -> PublishedAlternate:
        """The published copy of another form, made now or before."""
        alternate = find_alternate(self.episode, source.path)
        path, facts = source.published, source.facts
        mime = addresses.media_type(path) if facts else alternate.type
        if facts is None:
            length, integrity = self._copy(path, source), source.integrity
            return PublishedAlternate(alternate, path, mime, length, integrity)
        sound = self.job.sound
        changes = alternate_changes(alternate, facts, sound.facts if sound else None)
        length = self._tag(path, SoundSource(source.path, facts), notes, changes)
        integrity = integrity_of(f"{self.shop.output.folder}/{path}")
        return PublishedAlternate(
            alternate, path, mime, length, integrity, facts.bitrate_bps, facts.duration_ms
        )

    def _copy(self, path: str, source: AlternateSource) -> int:
        parts = {"file": source.integrity}
        target = f"{self.shop.output.folder}/{path}"
        self.paths.append(path)
        if not self.shop.output.is_current(path, parts):
            self.shop.output.make_folder_of(path)
            self._record(path, copy_file(source.path, target), parts, changed=True)
        stat = stat_of(target)
        return stat[0] if stat else 0

    def _tag(
        self,
        path: str,
        source: SoundSource,
        notes: str,
        changes: Mapping[str, object] | None = None,
    ) -> int:
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
        if changes:
            plan = msgspec.structs.replace(plan, **changes)
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
        images = (chapter.image for chapter in self.episode.chapters if chapter.image)
        pictures = chapter_pictures(self.shop.gallery, images)
        chapters = absolute_chapters(show.address, self.episode.chapters, pictures)
        text = render_chapters_json(
            chapters, title=self.episode.title, podcast_name=show.title, author=show.author
        )
        self._want_text(addresses.chapters(self.episode.slug), text)

    def _transcripts(self) -> tuple[str, ...]:
        transcript = self.episode.transcript
        if transcript is None or not transcript.cues:
            return ()
        paths = []
        key = {"text": digest(_encode(transcript))}
        for extension, render in _transcript_forms().items():
            path = addresses.transcript(self.episode.slug, extension)
            paths.append(path)
            self._want(path, key, partial(_render, render, transcript))
        return tuple(paths)

    def _want_text(self, path: str, text: str) -> None:
        data = text.encode()
        self._want(path, {"text": digest(data)}, lambda: data)

    def _page(
        self,
        notes_html: str,
        host_note_html: str,
        sound: PublishedSound | None,
        transcripts: tuple[str, ...],
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
            transcript_paths=transcripts,
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


def _plain(texts: Iterable[str]) -> str:
    """Some HTML as the plain notes of a sound file."""
    return "\n\n".join(strip_markup(text) for text in texts if text)


def _rendered(item: Item | None) -> bytes:
    from avsnitt.feed.document import render_item

    return render_item(item) if item else b""


def _render(render: Callable[[Transcript], str], transcript: Transcript) -> bytes:
    return render(transcript).encode()


def _transcript_forms() -> dict[str, Callable[[Transcript], str]]:
    from avsnitt.formats.srt import render_srt
    from avsnitt.formats.text import render_text
    from avsnitt.formats.vtt import render_vtt

    return {"vtt": render_vtt, "srt": render_srt, "txt": render_text}
