"""The feed that a build would write, judged in memory before anything is written.

Each finding is reported at the place in the user's own files that the element came from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from avsnitt import routes
from avsnitt.digests import combine, digest
from avsnitt.i18n import Strings, ui_language
from avsnitt.model.selection import published
from avsnitt.model.show import AudioFacts, Episode, Show
from avsnitt.problems.codes import problem_of
from avsnitt.problems.feed_rules import CHOICES, RULEBOOK, WRITTEN_BY_US
from avsnitt.problems.finding import DOCUMENT, Finding, finding_in_file
from avsnitt.problems.problem import Problem, Severity, Where
from avsnitt.show_files import SETTINGS_PATH, episode_file
from avsnitt.site.views import PublishedAudio
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.files import stat_of
from avsnitt.work.fork_map import map_jobs
from avsnitt.workflow.build.chapters import with_one_list
from avsnitt.workflow.build.context import FeedContext
from avsnitt.workflow.build.feed_items import episode_notes, feed_head, make_item
from avsnitt.workflow.build.images import PublishedImages
from avsnitt.workflow.load.locate import locate_finding
from avsnitt.workflow.load.published_audio import published_path, published_sound
from avsnitt.workflow.load.show import Loaded

JUDGED: Final = "judged"
ITEMS: Final = "judged-item"

_encode = msgspec.msgpack.Encoder(order="deterministic").encode

CHANNEL_KEYS: Final[dict[str, str]] = {
    "title": "title",
    "description": "description",
    "link": "address",
    "language": "language",
    "copyright": "copyright",
    "atom:link": "address",
    "itunes:author": "author",
    "itunes:block": "block",
    "itunes:category": "categories",
    "itunes:complete": "complete",
    "itunes:explicit": "explicit",
    "itunes:image": "cover",
    "itunes:new-feed-url": "new_feed_url",
    "itunes:type": "type",
    "podcast:block": "block",
    "podcast:chat": "chat",
    "podcast:funding": "funding",
    "podcast:guid": "guid",
    "podcast:image": "images",
    "podcast:license": "license",
    "podcast:location": "locations",
    "podcast:locked": "locked",
    "podcast:medium": "medium",
    "podcast:person": "hosts",
    "podcast:podping": "podping",
    "podcast:podroll": "podroll",
    "podcast:publisher": "publisher",
    "podcast:remoteItem": "remote_items",
    "podcast:socialInteract": "social",
    "podcast:trailer": "title",
    "podcast:txt": "txt",
    "podcast:updateFrequency": "update_frequency",
    "podcast:value": "value",
    "podcast:valueRecipient": "value",
}
"""The key in `show.toml` that an element of the channel is made of."""

ITEM_KEYS: Final[dict[str, str]] = {
    "title": "title",
    "description": "summary",
    "enclosure": "sound",
    "guid": "guid",
    "pubDate": "published",
    "itunes:block": "block",
    "itunes:episode": "number",
    "itunes:episodeType": "type",
    "itunes:explicit": "explicit",
    "itunes:image": "cover",
    "itunes:season": "season",
    "itunes:title": "title",
    "podcast:alternateEnclosure": "alternates",
    "podcast:chapters": "chapters",
    "podcast:chat": "chat",
    "podcast:contentLink": "live",
    "podcast:episode": "number",
    "podcast:funding": "funding",
    "podcast:image": "images",
    "podcast:integrity": "alternates",
    "podcast:license": "license",
    "podcast:liveItem": "live",
    "podcast:location": "locations",
    "podcast:person": "people",
    "podcast:season": "season",
    "podcast:socialInteract": "social",
    "podcast:soundbite": "soundbites",
    "podcast:source": "alternates",
    "podcast:transcript": "transcript",
    "podcast:txt": "txt",
    "podcast:value": "value",
    "podcast:valueRecipient": "value",
    "podcast:valueTimeSplit": "value",
    "psc:chapter": "chapters",
    "psc:chapters": "chapters",
}
"""The key in an episode's front matter that an element of its item is made of."""

LISTED_KEYS: Final = {"IT-028": "chapters"}
"""The same for a rule on the list of chapters that a build puts in the description."""


class RenderedItem(Struct, frozen=True):
    """An item of the feed as XML, under the key of its inputs."""

    key: str
    data: bytes


class FeedJob(Struct, frozen=True):
    """An episode whose item is to be rendered, under the key of its inputs."""

    key: str
    episode: Episode
    sound: PublishedAudio


def check_built_feed(
    root: str,
    loaded: Loaded,
    images: PublishedImages,
    cache: BuildCache,
    *,
    now: dt.datetime,
    read: Callable[[str], str],
) -> tuple[Problem, ...]:
    """
    Return the problems of the feed of a show without errors. Results are remembered for an
    hour, since some rules ask the clock. `read` gives a text of the show by its path. A feed
    that is paged is checked by the size of its pages, though here it is whole.
    """
    if loaded.show is None:
        return ()
    findings = BuiltFeed(root, loaded, loaded.show, images, cache).findings(now)
    shown = [finding for finding in findings if not _is_silent(finding, loaded.show)]
    return tuple(_place(shown, loaded.show, read))


def check_published_feed(show: Show, read: Callable[[str], str]) -> tuple[Problem, ...]:
    """
    Return the problems that the servers' answers show, for a published show.

    Raises ExternalError when there is no answer at all.
    """
    from avsnitt.workflow.check import online

    url = routes.absolute(show.address, routes.FEED)
    return tuple(_place(online.check_served_show(url), show, read))


def _is_silent(finding: Finding, show: Show) -> bool:
    if finding.code == "XML-011":
        return show.feed_page_kb > 0
    if finding.code in CHOICES:
        return _severity(finding) == "info"
    return finding.code in WRITTEN_BY_US


def _severity(finding: Finding) -> Severity:
    return finding.severity or RULEBOOK[finding.code].severity


class BuiltFeed:
    """The podcast feed that a build of this show would write."""

    def __init__(
        self, root: str, loaded: Loaded, show: Show, images: PublishedImages, cache: BuildCache
    ) -> None:
        self.root = root
        self.loaded = loaded
        self.show = show
        self.images = images
        self.cache = cache
        self.sizes = {found.path: found.stat[0] for found in loaded.inputs}
        self.context = FeedContext(show, images, _feed_words)
        self.jobs = self._jobs()
        self.channel = feed_head(self.context, {job.episode.slug: job.sound for job in self.jobs})

    def document(self) -> bytes:
        """The whole feed. Items that were made before are remembered."""
        from avsnitt.feed.rss_document import render_feed_frame

        head, tail = render_feed_frame(self.channel)
        return b"".join((head, *self._items(), tail))

    def findings(self, now: dt.datetime) -> tuple[Finding, ...]:
        """The findings of the feed, made now or earlier in the same hour."""
        name = combine(
            {
                "channel": digest(msgspec.json.encode(self.channel)),
                "items": "".join(job.key for job in self.jobs),
                "hour": now.isoformat()[:13],
            }
        )
        kept = self.cache.read_kept(JUDGED)
        if name in kept:
            return msgspec.msgpack.decode(kept[name], type=tuple[Finding, ...])
        from avsnitt.checks.check_feed import check_feed

        _, findings = check_feed(self.document(), now=now, address=self.channel.self_url)
        self.cache.forget(JUDGED, kept)
        self.cache.keep(JUDGED, [(name, _encode(findings))])
        return findings

    def _items(self) -> list[bytes]:
        kept = self.cache.read_kept(ITEMS)
        stale = [job for job in self.jobs if job.key not in kept]
        fresh = {one.key: one.data for one in map_jobs(self._render, stale, RenderedItem)}
        self.cache.keep(ITEMS, fresh.items())
        self.cache.forget(ITEMS, set(kept).difference(job.key for job in self.jobs))
        return [fresh[job.key] if job.key in fresh else kept[job.key] for job in self.jobs]

    def _render(self, one: FeedJob) -> RenderedItem:
        from avsnitt.feed.rss_item import render_item

        listed = with_one_list(one.episode, one.sound.duration_ms, self.context.feed_words)
        notes = episode_notes(self.images, one.episode)
        return RenderedItem(one.key, render_item(make_item(self.context, listed, one.sound, notes)))

    def _jobs(self) -> list[FeedJob]:
        people = digest(_encode((self.show.people, self.show.hosts)))
        pictures = " ".join(self.images.digest(one.picture) for one in self.show.people)
        shared = combine({"people": people, "pictures": pictures, "cover": self._cover()})
        return [
            self._job(episode, shared)
            for episode in published(self.show)
            if episode.slug in self.loaded.sounds
        ]

    def _cover(self) -> str:
        return self.images.digest(self.show.cover.path)

    def _job(self, episode: Episode, shared: str) -> FeedJob:
        facts = self.loaded.sounds[episode.slug]
        sound = self._sound(episode, facts)
        key = combine(
            {
                "shared": shared,
                "texts": self.loaded.keys[episode.slug],
                "sound": f"{facts.digest} {facts.duration_ms} {sound.size_bytes}",
                "pictures": self.images.of_episode(episode),
            }
        )
        return FeedJob(key, episode, sound)

    def _sound(self, episode: Episode, facts: AudioFacts) -> PublishedAudio:
        """As long as the copy that was published, which has tags, or else as the recording."""
        made = published_sound(
            published_path(episode, facts), facts, self.sizes.get(episode.sound, 0)
        )
        stat = stat_of(f"{self.root}/public/{made.path}")
        return msgspec.structs.replace(made, size_bytes=stat[0]) if stat else made


def _feed_words(language: str) -> Strings:
    from avsnitt.system.locales import read_strings

    return read_strings(ui_language(language), "feed")


def _place(
    findings: Iterable[Finding], show: Show, read: Callable[[str], str]
) -> Iterable[Problem]:
    episodes = {one.guid: one for one in show.episodes}
    for finding in findings:
        yield problem_of(finding, _where(finding, episodes, read))


def _where(finding: Finding, episodes: Mapping[str, Episode], read: Callable[[str], str]) -> Where:
    """The line is looked up for what is shown; a note stands at its file."""
    subject = finding.subject or DOCUMENT
    of_item = subject.kind in ("item", "live")
    episode = episodes.get(subject.id) if of_item else None
    path = episode_file(episode.folder) if episode else "" if of_item else SETTINGS_PATH
    element = finding.place.element.partition("@")[0]
    key = (ITEM_KEYS if of_item else CHANNEL_KEYS).get(element, "")
    if episode and episode.chapters:
        key = LISTED_KEYS.get(finding.code, key)
    if not path or not key or _severity(finding) == "info":
        return Where(path or SETTINGS_PATH)
    return locate_finding(finding_in_file(finding.code, path, (key,)), read).where
