"""
Rules for Podcasting 2.0's elements that the types of their fields cannot express.

Each check is a small function from one value to its findings; the tables say which key it is for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from avsnitt.content.schema import podcast20 as keys
from avsnitt.digests import show_guid
from avsnitt.formats.timecode import parse_time
from avsnitt.formats.validation import spell_key_path
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding, KeyPath, below, finding_at_key
from avsnitt.routes import media_type
from avsnitt.vocabulary.countries import COUNTRIES
from avsnitt.vocabulary.podcast20_values import AI_CONTENT, SERVICES
from avsnitt.vocabulary.roles import ROLES

PRECISE: Final = re.compile(r"\.\d{5}")
"""Five decimals of a degree are about a metre: a door, and perhaps somebody's home."""
BEST_MS: Final = (15_000, 120_000)
"""The shortest and the longest good soundbite (podcast-namespace, docs/tags/soundbite.md)."""
MOST_NUMBER: Final = 65_535
PLAYLISTS: Final = ("application/x-mpegURL",)
"""Files that only point at others, which would not be published with them."""


Findings = Iterator[Finding]


def wrong(path: KeyPath, expected: str) -> Finding:
    """A finding for a value that is not what its key expects; `expected` is a message key."""
    return finding_at_key("MATTER-004", path, {"expected": message(f"expected.{expected}")})


def missing(path: KeyPath, key: str) -> Finding:
    """A finding for a required key that is absent."""
    return finding_at_key("MATTER-005", path, {"key": key})


def clash(path: KeyPath, reason: str) -> Finding:
    """Two keys, or two values in a list, that cannot both be meant."""
    return finding_at_key("PODCAST-001", path, {"reason": message(f"clash.{reason}")})


def find_value_problems(fields: Any) -> Findings:
    """Everything wrong in the elements of a show's settings or an episode's front matter."""
    for key, check in OF_EACH.items():
        for number, one in enumerate(getattr(fields, key, ())):
            for finding in check(one):
                yield _named(below(finding, key, number))
    for key, check_all in OF_ALL.items():
        value = getattr(fields, key, None)
        if value:
            for finding in check_all(value):
                yield _named(below(finding, key))


def find_feed_list_problems(feeds: Sequence[keys.ExtraFeedFields], address: str) -> Findings:
    """Yield findings for a show's other feeds. One without a GUID is offered a new one."""
    names = [feed.name for feed in feeds]
    for number, feed in enumerate(feeds):
        if feed.guid is None:
            guid = show_guid(f"{address.rstrip('/')}/feed-{feed.name}.xml")
            yield finding_at_key(
                "PODCAST-005", ("feeds", number), {"name": feed.name, "guid": guid}
            )
        if names.index(feed.name) < number:
            yield clash(("feeds", number, "name"), "feed-name")
        if not (feed.format or feed.language):
            yield clash(("feeds", number), "same-feed")


def _named(finding: Finding) -> Finding:
    if finding.code != "MATTER-004":
        return finding
    values: MessageValues = {"key": spell_key_path(finding.place.key), **finding.values}
    return msgspec.structs.replace(finding, values=values)


def is_time(value: str | int | float) -> bool:
    """True when a value is a time that authors may write, like 1:02:03."""
    try:
        parse_time(value)
    except ValueError:
        return False
    return True


def _times(**values: str | int | float) -> Findings:
    return (wrong((key,), "time") for key, value in values.items() if not is_time(value))


# One by one


def credit(one: Any) -> Findings:
    """
    Check that a person's group is one of the taxonomy of Podcasting 2.0 (namespace, "person").
    """
    group = one.group.strip().lower()
    if group and group not in ROLES:
        choices = ", ".join(ROLES)
        yield finding_at_key(
            "MATTER-004", ("group",), {"expected": message("expected.one-of"), "choices": choices}
        )


def location(one: keys.LocationFields) -> Findings:
    """
    Check the country and the coordinates. Precise coordinates of a creator may be somebody's
    home.
    """
    if one.country and one.country not in COUNTRIES:
        yield wrong(("country",), "country")
    if not one.geo:
        return
    latitude, longitude = one.geo.removeprefix("geo:").partition(";")[0].split(",")[:2]
    if abs(float(latitude)) > 90 or abs(float(longitude)) > 180:
        yield wrong(("geo",), "geo")
    elif one.rel == "creator" and PRECISE.search(f"{latitude} {longitude}"):
        yield finding_at_key("PODCAST-004", ("geo",), {"name": one.name})


def social(one: keys.SocialFields) -> Findings:
    """Check that a post has an address, and that `disabled` stands alone."""
    alone = keys.SocialFields(protocol="disabled")
    if one.protocol == "disabled" and one != alone:
        yield clash(("protocol",), "disabled")
    if one.protocol != "disabled" and one.uri is None:
        yield missing((), "uri")


def txt(one: keys.TxtFields) -> Findings:
    """Check that a statement on AI content is true or false."""
    if one.purpose == AI_CONTENT and one.text not in ("true", "false"):
        yield wrong(("text",), "true-or-false")


def image(one: keys.ImageFields) -> Findings:
    """Check that an image has one place, a file or an address, and a type of images or video."""
    if one.file and one.url:
        yield clash(("url",), "file-and-url")
    if not one.file and not one.url:
        yield missing((), "file")
    if one.type and not one.type.startswith(("image/", "video/")):
        yield wrong(("type",), "picture-type")


def value(one: keys.ValueFields) -> Findings:
    """Check the recipients, the times of splits, and that a split has one kind of recipient."""
    yield from _recipients(one.recipients)
    for number, split in enumerate(one.time_splits):
        here: KeyPath = ("time_splits", number)
        inner = (
            *_times(start=split.start, duration=split.duration, remote_start=split.remote_start),
            *_recipients(split.recipients),
        )
        yield from (below(finding, *here) for finding in inner)
        if split.recipients and split.remote:
            yield clash((*here, "remote"), "recipients-and-remote")
        if not split.recipients and not split.remote:
            yield missing(here, "recipients")


def _recipients(recipients: Sequence[keys.RecipientFields]) -> Findings:
    for number, one in enumerate(recipients):
        if one.type == "lnaddress" and not re.fullmatch(r"[^@]+@[^@]+\.[^@]+", one.address):
            yield wrong(("recipients", number, "address"), "lnaddress")


def soundbite(one: keys.SoundbiteFields) -> Findings:
    """
    Check the times, and that the length is the 15 to 120 seconds that the namespace recommends.
    """
    yield from _times(start=one.start, duration=one.duration)
    if is_time(one.duration):
        length_ms = parse_time(one.duration)
        if not BEST_MS[0] <= length_ms <= BEST_MS[1]:
            yield finding_at_key("PODCAST-003", ("duration",), {"seconds": f"{length_ms / 1000:g}"})


def alternate(one: keys.AlternateFields) -> Findings:
    """Check that an alternate enclosure has a source and a media type."""
    if one.default and (one.file or one.type or one.integrity):
        yield clash(("default",), "default")
    if not (one.default or one.file or one.sources):
        yield missing((), "file")
        return
    named = one.file or (one.sources[0].uri if one.sources else "")
    if not (one.default or one.type or media_type(named)):
        yield missing((), "type")
    if one.file and media_type(one.file) in PLAYLISTS:
        yield clash(("file",), "playlist")


def service(one: str) -> Findings:
    """Check that a listing is on a service that is known."""
    if one not in SERVICES:
        yield finding_at_key("PODCAST-006", (), {"name": one})


# All of a list, or what stands alone


def order_of_social(many: Sequence[keys.SocialFields]) -> Findings:
    """Check that several posts have priorities, and that none of them is `disabled`."""
    if len(many) > 1:
        for number, one in enumerate(many):
            if one.protocol == "disabled":
                yield clash((number, "protocol"), "disabled")
            elif one.priority is None:
                yield finding_at_key("PODCAST-007", (number,), {"protocol": one.protocol})


def alternates(many: Sequence[keys.AlternateFields]) -> Findings:
    """Check that one alternate enclosure is the default, and that no file is named twice."""
    defaults = [number for number, one in enumerate(many) if one.default]
    yield from (clash((number, "default"), "two-defaults") for number in defaults[1:])
    files = [one.file for one in many]
    for number, name in enumerate(files):
        if name and files.index(name) < number:
            yield clash((number, "file"), "same-file")


def season_names(names: dict[str, str]) -> Findings:
    """Check that the keys are numbers of seasons."""
    for name in names:
        if not re.fullmatch("[1-9][0-9]{0,4}", name) or int(name) > MOST_NUMBER:
            yield wrong((name,), "season")


def live(one: keys.LiveFields) -> Findings:
    """Check that the media type of a stream is given or known from its address."""
    if one.stream and not (one.stream_type or media_type(one.stream)):
        yield missing((), "stream_type")


def update_frequency(one: keys.UpdateFrequencyFields) -> Findings:
    """
    Check the start and the rule (RFC 5545, section 3.3.10): same form, and a start for a count.
    """
    from avsnitt.formats.recurrence import parse_moment, parse_recurrence, same_form

    start, rule = parse_moment(one.dtstart), parse_recurrence(one.rrule)
    if one.dtstart and start is None:
        yield wrong(("dtstart",), "start")
    if one.rrule and rule is None:
        yield wrong(("rrule",), "rrule")
    if rule is not None and "COUNT" in rule.parts and not one.dtstart:
        yield missing((), "dtstart")
    if rule is not None and rule.until and start and not same_form(rule.until, start):
        yield clash(("dtstart",), "until")


OF_EACH: Final[dict[str, Callable[[Any], Findings]]] = {
    "people": credit,
    "locations": location,
    "social": social,
    "txt": txt,
    "images": image,
    "value": value,
    "soundbites": soundbite,
    "alternates": alternate,
    "blocked_on": service,
    "allowed_on": service,
}
"""Keys whose values are lists, and the check of one in them."""

OF_ALL: Final[dict[str, Callable[[Any], Findings]]] = {
    "social": order_of_social,
    "alternates": alternates,
    "live": live,
    "season_names": season_names,
    "update_frequency": update_frequency,
}
"""Keys that are looked at as a whole."""
