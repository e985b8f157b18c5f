"""One episode's files: the tagged sound, chapters, transcripts, its page and its feed item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from avsnitt import routes
from avsnitt.digests import digest
from avsnitt.feed.values import Item
from avsnitt.formats.plain_text import strip_markup
from avsnitt.model.audio import Analysis
from avsnitt.model.podcast20 import Alternate
from avsnitt.model.show import AudioFacts
from avsnitt.site.episode import episode_page
from avsnitt.site.images import image_in_notes
from avsnitt.site.pages import entry_view
from avsnitt.site.views import PublishedAudio, PublishedVideo
from avsnitt.system.build_cache import OutputRecord
from avsnitt.system.disk import read_file
from avsnitt.system.files import Stat, copy_file, integrity_of, stat_of
from avsnitt.workflow.build.alternates import AlternateSource, alternate_changes, find_alternate
from avsnitt.workflow.build.chapters import (
    chapters_text,
    embedded_pictures,
    small_pictures,
    with_one_list,
)
from avsnitt.workflow.build.context import (
    AudioSource,
    BuildContext,
    EpisodeBuilt,
    EpisodeJob,
    EpisodeResult,
)
from avsnitt.workflow.build.feed_fragments import FeedFragment, make_fragments
from avsnitt.workflow.build.feed_items import (
    PublishedAlternate,
    episode_notes,
    make_item,
    other_enclosures,
    pictures_in_notes,
)
from avsnitt.workflow.build.transcripts import make_transcripts
from avsnitt.workflow.load.published_audio import file_path, published_sound

if TYPE_CHECKING:
    from avsnitt.workflow.build.video import PublishedVideoFiles

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class MediaOnPage(NamedTuple):
    """The media that an episode's page plays, and its waveform."""

    sound: PublishedAudio | None
    film: PublishedVideo | None
    analysis: Analysis | None


def build_episode(context: BuildContext, job: EpisodeJob) -> EpisodeBuilt:
    """Make, or leave alone, every file of one episode."""
    return _EpisodeBuilder(context, job).run()


class _EpisodeBuilder:
    def __init__(self, context: BuildContext, job: EpisodeJob) -> None:
        self.context = context
        self.job = job
        duration_ms = job.sound.facts.duration_ms if job.sound else 0
        self.episode = with_one_list(job.episode, duration_ms, context.feed.feed_words)
        self.paths: list[str] = []
        self.made: list[OutputRecord] = []
        self.changed: list[str] = []

    def run(self) -> EpisodeBuilt:
        episode = self.episode
        notes = host_note_html, notes_html = episode_notes(self.context.images, episode)
        sound = self._sound(notes) if episode.is_out else None
        if episode.is_out:
            make_transcripts(episode, self._want)
            self._chapters()
        analysis = self._waveform()
        alternates = self._alternates(notes) if sound else ()
        forms = self._film(notes) if sound else None
        shown = MediaOnPage(sound, forms.film if forms else None, analysis)
        self._page(notes_html, host_note_html, shown)
        alternates += forms.alternates if forms else ()
        assembled = (
            make_item(self.context.feed, episode, sound, notes, alternates) if sound else None
        )
        item = _rendered(assembled)
        outcome = EpisodeResult(
            episode.slug,
            self.job.parts,
            tuple(self.paths),
            item,
            digest(item),
            self._lines(sound),
            sound,
            self._fragments(assembled, alternates),
        )
        return EpisodeBuilt(outcome, tuple(self.made), tuple(self.changed))

    def _fragments(
        self, item: Item | None, alternates: Sequence[PublishedAlternate]
    ) -> tuple[FeedFragment, ...]:
        if item is None:
            return ()
        others = other_enclosures(self.context.show.address, alternates)
        return make_fragments(item, self.episode, others, self.context.formats)

    def _lines(self, sound: PublishedAudio | None) -> tuple[str, str]:
        if not self.episode.is_out:
            return "", ""
        context = self.context
        view = entry_view(context.frame, self.episode, sound)
        in_folder = context.templates.render("line.html", view).decode()
        return in_folder.replace(f'href="{context.frame.root}', 'href="', 1), in_folder

    def _want(self, path: str, parts: Mapping[str, str], make: Callable[[], bytes]) -> None:
        self.paths.append(path)
        if self.context.output.is_current(path, parts):
            return
        stat, changed = self.context.output.write(path, make())
        self._record(path, stat, parts, changed=changed)

    def _record(self, path: str, stat: Stat, parts: Mapping[str, str], *, changed: bool) -> None:
        self.made.append(OutputRecord(path, stat, self.episode.slug, parts))
        if changed:
            self.changed.append(path)

    def _sound(self, texts: Sequence[str]) -> PublishedAudio | None:
        source = self.job.sound
        if source is None:
            return None
        made = published_sound(file_path(self.episode.slug, source.facts), source.facts, 0)
        size_bytes = self._tag(made.path, source, _plain(texts))
        return msgspec.structs.replace(made, size_bytes=size_bytes)

    def _alternates(self, texts: Sequence[str]) -> tuple[PublishedAlternate, ...]:
        return tuple(self._alternate(source, _plain(texts)) for source in self.job.alternates)

    def _alternate(self, source: AlternateSource, notes: str) -> PublishedAlternate:
        """The published copy of another form, made now or before."""
        alternate = find_alternate(self.episode, source)
        path, facts = source.published, source.facts
        mime = routes.media_type(path) if facts else alternate.type
        if facts is None:
            length, integrity = self._copy(path, source), source.integrity
            return PublishedAlternate(alternate, path, mime, length, integrity)
        sound = self.job.sound
        changes = alternate_changes(alternate, facts, sound.facts if sound else None)
        length = self._tag(path, AudioSource(source.path, facts), notes, changes)
        integrity = integrity_of(f"{self.context.output.folder}/{path}")
        return PublishedAlternate(
            alternate, path, mime, length, integrity, facts.bitrate_bps, facts.duration_ms
        )

    def _film(self, texts: Sequence[str]) -> PublishedVideoFiles | None:
        """The film beside the sound, where one was made."""
        if self.job.film is None:
            return None
        from avsnitt.workflow.build.video import VideoWriter, publish_video

        def copy(path: str, file: str, name: str) -> int:
            return self._copy(path, AlternateSource(file, path, name, None))

        def tag(path: str, file: str, facts: AudioFacts) -> int:
            sound = self.job.sound
            changes = alternate_changes(Alternate(), facts, sound.facts if sound else None)
            return self._tag(path, AudioSource(file, facts), _plain(texts), changes)

        def integrity(path: str) -> str:
            return integrity_of(f"{self.context.output.folder}/{path}")

        strings = self.context.feed.feed_words(self.episode.language)
        writer = VideoWriter(self._want, copy, tag, integrity)
        return publish_video(self.job.film, self.episode, strings, writer)

    def _copy(self, path: str, source: AlternateSource) -> int:
        parts = {"file": source.integrity}
        target = f"{self.context.output.folder}/{path}"
        self.paths.append(path)
        if not self.context.output.is_current(path, parts):
            self.context.output.make_folder_of(path)
            self._record(path, copy_file(source.path, target), parts, changed=True)
        stat = stat_of(target)
        return stat[0] if stat else 0

    def _tag(
        self,
        path: str,
        source: AudioSource,
        notes: str,
        changes: Mapping[str, object] | None = None,
    ) -> int:
        """The length in bytes of the tagged copy, made now or before."""
        from avsnitt.audio.io.tags.write import write_tagged
        from avsnitt.audio.tag_plan import plan_tags

        show, episode = self.context.show, self.episode
        plan = plan_tags(
            show,
            episode,
            source.facts,
            feed_url=routes.absolute(show.address, routes.FEED),
            page_url=routes.absolute(show.address, routes.episode_page(episode.slug)),
            notes=notes,
        )
        if changes:
            plan = msgspec.structs.replace(plan, **changes)
        cover = self._cover_source()
        parts = {
            "tags": digest(msgspec.json.encode(plan)),
            "sound": source.facts.digest,
            "cover": self.context.images.digest(cover),
        }
        pictures = embedded_pictures(plan.chapters, source.facts, self.context.images)
        if pictures:
            parts["pictures"] = " ".join(map(self.context.images.digest, pictures))
        self.paths.append(path)
        target = f"{self.context.output.folder}/{path}"
        if not self.context.output.is_current(path, parts):
            self.context.output.make_folder_of(path)
            write_tagged(
                Path(source.path),
                Path(target),
                plan,
                self.context.embedded(cover),
                source.facts,
                {image: self.context.chapter_picture(image) for image in pictures},
            )
            self._record(path, stat_of(target) or (0, 0, 0), parts, changed=True)
        stat = stat_of(target)
        return stat[0] if stat else 0

    def _waveform(self) -> Analysis | None:
        """The shape of the sound, in files and for the page, where it was measured."""
        source = self.job.sound
        if source is None or not source.waveform or not self.episode.is_out:
            return None
        from avsnitt.workflow.build.waveform import make_waveforms

        data = read_file(source.waveform)
        analysis = msgspec.msgpack.decode(data, type=Analysis)
        make_waveforms(self.episode.slug, analysis, self._want)
        return analysis

    def _cover_source(self) -> str:
        episode = self.episode
        return episode.cover.path if episode.cover else self.context.show.cover.path

    def _chapters(self) -> None:
        if not self.episode.chapters:
            return
        text = chapters_text(self.context.show, self.episode, self.context.images)
        self._want_text(routes.chapters(self.episode.slug), text)

    def _want_text(self, path: str, text: str) -> None:
        data = text.encode()
        self._want(path, {"text": digest(data)}, lambda: data)

    def _page(
        self,
        notes_html: str,
        host_note_html: str,
        shown: MediaOnPage,
    ) -> None:
        context, episode = self.context, self.episode
        pictures = pictures_in_notes(context.images, episode)
        page = episode_page(
            context.show,
            episode,
            site=context.frame,
            notes_html=image_in_notes(notes_html, context.frame.root, pictures),
            host_note_html=image_in_notes(host_note_html, context.frame.root, pictures),
            sound=shown.sound,
            film=shown.film,
            analysis=shown.analysis,
            cover=context.images.shown(episode.cover.path, "cover") if episode.cover else None,
            chapter_pictures=small_pictures(episode, context.images),
            previous=self.job.previous,
            next_=self.job.next,
        )
        fields = [getattr(page, name) for name in page.__struct_fields__ if name != "site"]
        parts = {
            "page": digest(_encode(fields)),
            "site": context.frame_key,
            "templates": context.templates_key,
        }
        path = routes.episode_page(episode.slug)
        self._want(path, parts, lambda: context.templates.render("episode.html", page))
        self._old_addresses(parts)

    def _old_addresses(self, page_parts: Mapping[str, str]) -> None:
        """A page that leads on, at each address that the episode has had."""
        if not self.episode.formerly:
            return
        from avsnitt.site.redirects import moved_page

        page = moved_page(self.episode, site=self.context.frame)
        shown = [getattr(page, name) for name in page.__struct_fields__ if name != "site"]
        parts = {**page_parts, "page": digest(_encode(shown))}
        for slug in self.episode.formerly:
            path = routes.episode_page(slug)
            self._want(path, parts, lambda: self.context.templates.render("moved.html", page))


def _plain(texts: Iterable[str]) -> str:
    """Some HTML as the plain notes of a sound file."""
    return "\n\n".join(strip_markup(text) for text in texts if text)


def _rendered(item: Item | None) -> bytes:
    from avsnitt.feed.rss_item import render_item

    return render_item(item) if item else b""
