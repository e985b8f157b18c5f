"""Judges the files that a feed points at, where they can be had without a network.

pictures      of the channel and of each item
sound         each enclosure and alternate: the file, its tags, its chapters, and whether it is the
              very file that the feed says
chapters      the JSON file, and whether every list of chapters is the same
transcripts   each form of them
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
from lxml import etree

from avsnitt.audio.containers.reader import ProbeResult
from avsnitt.checks.feed.tree import ATOM, ITUNES, Feed
from avsnitt.checks.files import audio, chapters, images, same_file, tags, transcripts
from avsnitt.checks.files.facts import (
    CarriedChapters,
    ChapterFile,
    CopyFile,
    ImageFile,
    TranscriptSource,
)
from avsnitt.checks.files.links import (
    FeedLink,
    channel_links,
    channel_texts,
    declared_digests,
    declared_duration_ms,
    file_name,
    inline_chapters,
    is_default,
    item_links,
    item_texts,
    people_in,
    podcast,
    suffix_of,
    transcript_kind,
    whole_number,
)
from avsnitt.checks.files.run_rules import run_rules
from avsnitt.checks.io.files import (
    are_same,
    audio_file,
    digest_file,
    probe_file,
    read_head,
    read_image,
)
from avsnitt.checks.io.tags import read_tags
from avsnitt.checks.podcast20.media import differing
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding, finding_in_text
from avsnitt.problems.problem import Severity

Locate = Callable[[str], str | None]
"""The local path of the file at an address, or None when there is none."""

SLACK_MS: Final = 2000


def check_linked_files(feed: Feed, locate: Locate) -> tuple[Finding, ...]:
    """
    Every fault of the files that a feed's channel and items point at, in the feed's order.

    A file that `locate` does not have is a fault when its address is under the feed's own, and
    passed over when it is anywhere else.
    """
    return tuple(_LinkedFileCheck(feed, locate).run())


def feed_address(feed: Feed) -> str:
    """The address of a feed: as given, or as its own `atom:link` says; empty when neither does."""
    own = feed.channel.find(f"{ATOM}link[@rel='self']")
    return feed.address or (own.get("href", "").strip() if own is not None else "")


def local_locator(address: str, folder: str) -> Locate:
    """
    Finds what lies under the feed's `address` in the `folder` of the feed. Nothing outside that
    folder is ever named, whatever an address or a link on the disk says.
    """
    base = _base(address)
    root = os.path.realpath(folder)
    folder_of = cache(os.path.realpath)

    def locate(url: str) -> str | None:
        path = _below(base, url)
        if not path or "\\" in path or "\0" in path or ".." in path.split("/"):
            return None
        within, _, name = f"{root}/{path}".rpartition("/")
        found = f"{folder_of(within)}{os.sep}{name}"
        if os.path.islink(found):
            found = os.path.realpath(found)
        inside = found.startswith(f"{root}{os.sep}")
        return found if inside and os.path.isfile(found) else None

    return locate


def _base(address: str) -> str:
    """The folder that an address is in, with the slash at its end; empty for no address."""
    return urljoin(address, ".") if "://" in address else ""


def _below(base: str, url: str) -> str:
    """The path of `url` below `base`, unquoted; empty when it is not there."""
    try:
        top, own = urlsplit(base), urlsplit(url)
        same = bool(base) and (top.hostname, top.port) == (own.hostname, own.port)
    except ValueError:
        return ""
    if not same or own.scheme not in ("http", "https") or not own.path.startswith(top.path):
        return ""
    return unquote(own.path[len(top.path) :])


class _LinkedFileCheck:
    def __init__(self, feed: Feed, locate: Locate) -> None:
        self.feed = feed
        self.locate = locate
        self.base = _base(feed_address(feed))
        self.texts = channel_texts(feed)
        self.people = people_in(feed.channel)
        self.images_read: dict[str, ImageFile] = {}
        self.checked: set[tuple[str, str]] = set()

    def run(self) -> Iterator[Finding]:
        for link in channel_links(self.feed):
            yield from self._picture(link)
        for item in self.feed.items:
            yield from self._item(item)

    def _item(self, item: etree._Element) -> Iterator[Finding]:
        links = list(item_links(item))
        duration_ms = declared_duration_ms(item)
        lists: list[CarriedChapters] = []
        for link in (one for one in links if one.kind in ("enclosure", "alternate")):
            seen, missing = self._sound(item, link, lists)
            yield from missing
            if link.kind == "enclosure" and seen.duration_ms:
                yield from self._duration(item, seen.duration_ms, duration_ms)
                duration_ms = seen.duration_ms
        inline = inline_chapters(item)
        if inline is not None:
            lists.insert(0, inline)
        for link in links:
            yield from self._beside(item, link, duration_ms, lists)
        own = [one for one in links if one.kind == "chapters"]
        yield from self._located(next(iter(own + links), None), chapters.lists_differ(tuple(lists)))

    def _beside(
        self, item: etree._Element, link: FeedLink, duration_ms: int, lists: list[CarriedChapters]
    ) -> Iterator[Finding]:
        if link.kind == "picture":
            yield from self._picture(link)
        elif link.kind == "chapters":
            yield from self._chapters(link, duration_ms, lists)
        elif link.kind == "transcript":
            yield from self._transcript(item, link, duration_ms)
        elif link.kind == "alternate":
            yield from self._copy(item, link)

    # Where a file is

    def _path(self, link: FeedLink) -> tuple[str | None, list[Finding]]:
        """The path of a linked file; one that is missing under our own address is a finding."""
        path = self.locate(link.url) if link.url else None
        if path is None and link.url and _below(self.base, link.url):
            return None, [
                self._at_link(link, finding_in_text("MED-004", {"what": message("linked.missing")}))
            ]
        return path, []

    def _located(self, link: FeedLink | None, findings: Iterable[Finding]) -> Iterator[Finding]:
        if link is not None:
            yield from (self._at_link(link, one) for one in findings)

    def _at_link(self, link: FeedLink, finding: Finding, name: str = "") -> Finding:
        """The finding at the feed's link: the line in the file itself is part of its name."""
        file = name or file_name(link.url)
        line = finding.place.line
        values: MessageValues = {"file": f"{file}:{line}" if line else file, **finding.values}
        return self.feed.finding(finding.code, link.element, link.name, finding.severity, **values)

    # Sound

    def _sound(
        self, item: etree._Element, link: FeedLink, lists: list[CarriedChapters]
    ) -> tuple[ProbeResult, list[Finding]]:
        path, missing = self._path(link)
        if path is None:
            return ProbeResult(), missing
        seen, size = probe_file(path)
        file = audio_file(
            seen,
            size,
            suffix=suffix_of(file_name(link.url)),
            declared_type=link.type,
            declared_bytes=_declared_bytes(link),
            is_enclosure=link.kind == "enclosure",
        )
        findings = list(run_rules(audio.RULES, file))
        found = read_tags(path, seen.kind) if size else None
        if found is not None:
            found = msgspec.structs.replace(found, feed=item_texts(self.texts, item))
            rules = (*tags.RULES, *chapters.CARRIED_RULES)
            findings += run_rules(rules, found)
            if link.kind == "enclosure":
                lists += found.chapters
        return seen, [self._at_link(link, one) for one in findings]

    def _duration(self, item: etree._Element, found_ms: int, declared_ms: int) -> Iterator[Finding]:
        """`itunes:duration` is in whole seconds, so half a second is no difference."""
        apart = abs(found_ms - declared_ms)
        element = item.find(f"{ITUNES}duration")
        if element is None or not declared_ms or apart < SLACK_MS // 2:
            return
        values = {"said": f"{declared_ms / 1000:g}", "found": f"{round(found_ms / 1000)}"}
        severity: Severity | None = "info" if apart <= SLACK_MS else None
        yield self.feed.finding("IT-017", element, "itunes:duration", severity, **values)

    def _copy(self, item: etree._Element, link: FeedLink) -> Iterator[Finding]:
        path, form = self.locate(link.url) if link.url else None, link.element.getparent()
        if path is None or form is None:
            return
        whole = FeedLink("alternate", link.url, form, "podcast:alternateEnclosure@default")
        digests = declared_digests(form)
        algorithm = next(iter(digests), "")
        copy = CopyFile(
            digests=digests.get(algorithm, ()),
            digest=digest_file(path, algorithm) if algorithm else b"",
            default=is_default(form),
            same=self._is_enclosure(item, form, path) if is_default(form) else None,
        )
        yield from self._located(whole, run_rules(same_file.RULES, copy))

    def _is_enclosure(self, item: etree._Element, form: etree._Element, path: str) -> bool | None:
        """None where there is no enclosure to read, or where the feed itself says it is not."""
        enclosure = item.find("enclosure")
        if enclosure is None or differing(form, enclosure):
            return None
        other = self.locate(enclosure.get("url", "").strip())
        return are_same(path, other) if other else None

    # Pictures

    def _picture(self, link: FeedLink) -> Iterator[Finding]:
        path, missing = self._path(link)
        yield from missing
        if path is None:
            return
        if link.role != "other":
            key = (path, "cover" if link.role in images.COVERS else link.role)
            if key in self.checked:
                return
            self.checked.add(key)
        yield from self._located(link, run_rules(images.RULES, self._read_image(path, link)))

    def _read_image(self, path: str, link: FeedLink) -> ImageFile:
        """A picture is looked at once, however many items show it."""
        if path not in self.images_read:
            self.images_read[path] = read_image(path)
        element = link.element
        return msgspec.structs.replace(
            self.images_read[path],
            suffix=suffix_of(file_name(link.url)),
            role=link.role,
            declared_width=whole_number(element.get("width")),
            declared_height=whole_number(element.get("height")),
            declared_ratio=element.get("aspect-ratio", ""),
        )

    # Chapters and transcripts

    def _chapters(
        self, link: FeedLink, duration_ms: int, lists: list[CarriedChapters]
    ) -> Iterator[Finding]:
        path, missing = self._path(link)
        yield from missing
        if path is None:
            return
        text = read_head(path).decode("utf-8", "replace")
        marks = chapters.parse_marks(ChapterFile(text=text, duration_ms=duration_ms))
        yield from self._located(link, run_rules(chapters.JSON_RULES, marks))
        if marks.shown:
            lists.insert(0, chapters.carried(marks))
        for url in dict.fromkeys(chapters.images(marks)):
            yield from self._picture(_picture_link(link, url))

    def _transcript(
        self, item: etree._Element, link: FeedLink, duration_ms: int
    ) -> Iterator[Finding]:
        kind = transcript_kind(link)
        path, missing = self._path(link)
        yield from missing
        if path is None or not kind:
            return
        file = TranscriptSource(
            kind=kind,
            data=read_head(path),
            duration_ms=duration_ms,
            people=people_in(item) or self.people,
        )
        reading = transcripts.parse_transcript(file)
        yield from self._located(link, run_rules(transcripts.RULES, reading))


def _declared_bytes(link: FeedLink) -> int | None:
    """An enclosure's own length; an alternate's when it has one source."""
    element: etree._Element | None = link.element
    if link.kind == "alternate" and element is not None:
        element = element.getparent()
        if element is None or len(list(podcast(element, "source"))) != 1:
            return None
    return whole_number(element.get("length")) if element is not None else None


def _picture_link(link: FeedLink, url: str) -> FeedLink:
    return FeedLink("picture", url, link.element, link.name, role="chapter")
