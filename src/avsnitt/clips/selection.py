"""The selection of clips: the parts of an episode to cut, their file names and their tags."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

import msgspec

from avsnitt.audio.tag_plan import TagPlan, clean_line, clean_text, clean_url
from avsnitt.i18n import clock
from avsnitt.model.show import Episode
from avsnitt.model.value import Value
from avsnitt.problems.errors import UsageError

LONGEST_FILM_MS: Final = 600_000
"""Of an audiogram: nobody looks at bars for longer."""
MARK: Final = "#t="
"""Between an episode's guid and the times of a clip (W3C Media Fragments, temporal)."""


class ClipRange(Value, frozen=True, kw_only=True):
    """A part of an episode's sound. `title` is its own, or empty."""

    start_ms: int
    end_ms: int
    title: str = ""

    @property
    def duration_ms(self) -> int:
        """The length of the clip in ms."""
        return self.end_ms - self.start_ms

    @property
    def fragment(self) -> str:
        """`#t=60.6,80`: the part as it stands at the end of an address."""
        return f"{MARK}{seconds(self.start_ms)},{seconds(self.end_ms)}"


class ClipRequest(Value, frozen=True, kw_only=True):
    """
    The clips that a user asks for: a part by its times, one `soundbite` by its number from 1,
    or neither: then all the soundbites of the episode. `title` goes before a soundbite's own.
    """

    slug: str
    start_ms: int | None = None
    end_ms: int | None = None
    soundbite: int | None = None
    title: str = ""
    film: bool = False


def find_episode(slug: str, episodes: Iterable[Episode]) -> Episode:
    """Raises UsageError, with the names that are near, when there is none."""
    by_slug = {episode.slug: episode for episode in episodes}
    if slug in by_slug:
        return by_slug[slug]
    near = difflib.get_close_matches(slug, by_slug, 3, 0.5)
    if near:
        values = {"slug": slug, "near": ", ".join(near)}
        raise UsageError(slug, key="clip.near-episode", values=values)
    raise UsageError(slug, key="clip.no-episode", values={"slug": slug})


def choose_parts(order: ClipRequest, episode: Episode, duration_ms: int) -> tuple[ClipRange, ...]:
    """The parts that were asked for, each inside the sound. Raises UsageError."""
    parts = _asked(order, episode)
    for part in parts:
        _check(part, duration_ms, film=order.film)
    if not order.title:
        return parts
    return tuple(msgspec.structs.replace(part, title=order.title) for part in parts)


def _asked(order: ClipRequest, episode: Episode) -> tuple[ClipRange, ...]:
    times = (order.start_ms, order.end_ms)
    if order.soundbite is not None and times != (None, None):
        raise UsageError("times and a soundbite", key="clip.either")
    if order.start_ms is not None and order.end_ms is not None:
        return (ClipRange(start_ms=order.start_ms, end_ms=order.end_ms),)
    if times != (None, None):
        raise UsageError("one time of two", key="clip.both-times")
    return _soundbites(order.soundbite, episode)


def _soundbites(number: int | None, episode: Episode) -> tuple[ClipRange, ...]:
    bites = tuple(
        ClipRange(start_ms=one.start_ms, end_ms=one.start_ms + one.duration_ms, title=one.title)
        for one in episode.soundbites
    )
    if not bites:
        raise UsageError(episode.slug, key="clip.no-soundbites", values={"slug": episode.slug})
    if number is None:
        return bites
    if not 1 <= number <= len(bites):
        values = {"number": str(number), "count": str(len(bites)), "slug": episode.slug}
        raise UsageError(str(number), key="clip.no-such-soundbite", values=values)
    return (bites[number - 1],)


def _check(part: ClipRange, duration_ms: int, *, film: bool) -> None:
    values = {
        "start": spell_moment(part.start_ms),
        "end": spell_moment(part.end_ms),
        "duration": spell_moment(duration_ms),
    }
    if part.start_ms >= part.end_ms:
        raise UsageError("no part", key="clip.backwards", values=values)
    if part.end_ms > duration_ms:
        raise UsageError("after the end", key="clip.beyond", values=values)
    if film and part.duration_ms > LONGEST_FILM_MS:
        minutes = str(LONGEST_FILM_MS // 60_000)
        raise UsageError("too long", key="clip.too-long", values={**values, "minutes": minutes})


def spell_moment(at_ms: int) -> str:
    """`1:00.6`: as it can be written to `--from` again."""
    rest = at_ms % 1000
    return clock(at_ms) + (f".{rest:03}".rstrip("0") if rest else "")


def seconds(at_ms: int) -> str:
    """`60.6`: seconds without needless zeros."""
    return f"{at_ms // 1000}.{at_ms % 1000:03}".rstrip("0").rstrip(".")


def clip_name(slug: str, part: ClipRange) -> str:
    """The name of a clip's files, without an ending: `vem-svarar-1m00.6s-1m20s`."""
    return f"{slug}-{_in_a_name(part.start_ms)}-{_in_a_name(part.end_ms)}"


def _in_a_name(at_ms: int) -> str:
    """No file system takes a colon everywhere."""
    hours, rest_ms = divmod(at_ms, 3_600_000)
    minutes, rest_ms = divmod(rest_ms, 60_000)
    whole, _, decimals = seconds(rest_ms).partition(".")
    tail = f"{int(whole):02}{'.' if decimals else ''}{decimals}s"
    return f"{hours}h{minutes:02}m{tail}" if hours else f"{minutes}m{tail}"


def clip_tags(whole: TagPlan, episode: Episode, part: ClipRange, description: str) -> TagPlan:
    """
    The tags of a clip's file: the episode's `whole` plan, with the clip's own name and
    description, the page at the time where it begins, and an identity that differs from the
    episode's.
    """
    return msgspec.structs.replace(
        whole,
        title=clean_line(part.title) or whole.title,
        guid=clip_mark(episode.guid, part),
        page_url=clean_url(f"{whole.page_url}{MARK}{seconds(part.start_ms)}"),
        duration_ms=part.duration_ms,
        number=None,
        season=None,
        description=clean_text(description),
        notes="",
        chapters=(),
    )


def clip_mark(guid: str, part: ClipRange) -> str:
    """The identity of a clip."""
    return clean_line(f"{guid}{part.fragment}")


def is_clip_of(mark: str, guid: str) -> bool:
    """True when the identity in a file is that of a clip of this episode."""
    return mark.startswith(clean_line(f"{guid}{MARK}"))
