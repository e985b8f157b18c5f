"""Rules on the elements of Podcasting 2.0 about people, licences, places, numbers and frequency."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed.tree import Feed
from avsnitt.checks.podcast20.reading import ElementRule, attribute, children, shown, text_of
from avsnitt.formats.recurrence import parse_moment, parse_recurrence, same_form
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Severity
from avsnitt.vocabulary.countries import COUNTRIES
from avsnitt.vocabulary.podcast20_values import (
    AI_CONTENT,
    LIST_MEDIUMS,
    LISTED_LICENSES,
    LOCATION_RELS,
    MEDIUMS,
    SERVICES,
)
from avsnitt.vocabulary.roles import ROLE_NAMES, ROLES

PRECISE_DECIMALS: Final = 5
"""Five decimals of a degree are about a metre, which identifies a house and its residents."""

_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)
_COORDINATE: Final = r"-?[0-9]{1,4}(?:\.[0-9]{1,20})?"
_GEO = re.compile(
    rf"geo:({_COORDINATE}),({_COORDINATE})(?:,-?[0-9]{{1,9}}(?:\.[0-9]{{1,20}})?)?"
    r"((?:;[A-Za-z0-9-]{1,40}(?:=[A-Za-z0-9\[\]:&+$._~!*'()%-]{1,100})?){0,20})",
    re.ASCII | re.IGNORECASE,
)
_CRS = re.compile(r";crs=(?!wgs84(?:;|$))", re.IGNORECASE)
_OSM = re.compile(r"[NWR][0-9]{1,18}(?:#[0-9]{1,18})?", re.ASCII)
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{1,63}", re.ASCII)
_OPERATORS: Final = frozenset({"and", "or", "with"})


def _person(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """
    P20-006 for a person without a name, or with a role or group that the taxonomy does not
    have.
    """
    if not text_of(element):
        yield feed.finding(
            "P20-006", element, "podcast:person", what=message("podcast.person.blank")
        )
    role = (attribute(element, "role") or "host").lower()
    group = (attribute(element, "group") or "cast").lower()
    values = {"role": shown(role), "group": shown(group)}
    if group not in ROLES:
        what, part = message("podcast.person.group"), "group"
        values["groups"] = ", ".join(ROLES)
    elif role not in ROLE_NAMES:
        what, part = message("podcast.person.role"), "role"
    elif role not in ROLES[group]:
        what, part = message("podcast.person.pair"), "group"
        values["groups"] = ", ".join(name for name, roles in ROLES.items() if role in roles)
    else:
        return
    yield feed.finding("P20-006", element, f"podcast:person@{part}", "warning", what=what, **values)


def _license(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """
    P20-007 for a licence without a name, or one of no known list without an address. The
    namespace's list is compared without regard to case.
    """
    name = text_of(element)
    if not name:
        yield feed.finding(
            "P20-007", element, "podcast:license", what=message("podcast.license.blank")
        )
    elif not attribute(element, "url") and name.lower() not in _LISTED:
        open_one = _is_spdx(name)
        what = message("podcast.license.spdx") if open_one else message("podcast.license.custom")
        severity: Severity | None = "info" if open_one else None
        values = {"value": shown(name), "listed": ", ".join(LISTED_LICENSES)}
        yield feed.finding("P20-007", element, "podcast:license@url", severity, what=what, **values)


_LISTED: Final = frozenset(name.lower() for name in LISTED_LICENSES)


def _is_spdx(name: str) -> bool:
    """True for one identifier of SPDX's list, in any case."""
    if not _SPDX.fullmatch(name) or name.lower() in _OPERATORS:
        return False
    if name.lower().startswith("licenseref-"):
        return False
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        canonicalize_license_expression(name)
    except InvalidLicenseExpression:
        return False
    return True


def _medium(feed: Feed, channel: etree._Element) -> Iterator[Finding]:
    """P20-008. Without the element a feed is of medium `podcast` (medium.md, "Node Value")."""
    found = children(channel, "medium")
    element = found[0] if found else channel
    medium = text_of(found[0]) if found else "podcast"
    if medium not in MEDIUMS:
        right = next((one for one in MEDIUMS if one.lower() == medium.lower()), "")
        values: MessageValues = {
            "what": message("podcast.medium.case" if right else "podcast.medium.unknown"),
            "value": shown(medium),
            "known": ", ".join(MEDIUMS),
            "right": right,
        }
        yield feed.finding("P20-008", element, "podcast:medium", **values)
        return
    has_items = bool(feed.items or feed.live_items)
    lists = medium in LIST_MEDIUMS
    if lists and has_items:
        what = message("podcast.medium.list-with-items")
    elif not lists and medium != "publisher" and not has_items and children(channel, "remoteItem"):
        what = message("podcast.medium.only-remote")
    else:
        return
    yield feed.finding("P20-008", element, "podcast:medium", "warning", what=what, value=medium)


def _location(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-009 for a location without a name, or with a value that cannot be read."""
    if not text_of(element):
        yield feed.finding(
            "P20-009", element, "podcast:location", what=message("podcast.location.blank")
        )
    geo, osm, country = (attribute(element, name) for name in ("geo", "osm", "country"))
    tests = (
        ("geo", geo, not geo or _is_geo(geo)),
        ("osm", osm, not osm or _OSM.fullmatch(osm)),
        ("country", country, not country or country.upper() in COUNTRIES),
    )
    for name, value, good in tests:
        if not good:
            what = "britain" if (name, value.upper()) == ("country", "UK") else name
            values: MessageValues = {
                "what": message(f"podcast.location.{what}"),
                "value": shown(value),
            }
            yield feed.finding("P20-009", element, f"podcast:location@{name}", **values)
    rel = attribute(element, "rel")
    if rel and rel not in LOCATION_RELS:
        values = {"what": message("podcast.location.rel"), "value": shown(rel)}
        yield feed.finding("P20-009", element, "podcast:location@rel", "warning", **values)


def _is_geo(text: str) -> bool:
    """A geo URI (RFC 5870 section 3.3); the ranges are those of WGS 84, its only system so far."""
    match = _GEO.fullmatch(text)
    if match is None:
        return False
    latitude, longitude, parameters = match.groups()
    elsewhere = _CRS.search(parameters) is not None
    return elsewhere or (abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180)


def _privacy(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-010 for a location without `rel`, and for a creator's that is exact to about a metre."""
    rel = attribute(element, "rel")
    if not rel:
        what = message("podcast.location.no-rel")
        yield feed.finding("P20-010", element, "podcast:location@rel", "info", what=what)
    match = _GEO.fullmatch(attribute(element, "geo")) if rel == "creator" else None
    if match is None:
        return
    if all(len(part.partition(".")[2]) >= PRECISE_DECIMALS for part in match.groups()[:2]):
        what, value = message("podcast.location.precise"), shown(attribute(element, "geo"))
        yield feed.finding("P20-010", element, "podcast:location@geo", what=what, value=value)


def _season(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-011 for a season that is no whole number."""
    if not _INTEGER.fullmatch(text_of(element)):
        values: MessageValues = {
            "what": message("podcast.season"),
            "value": shown(text_of(element)),
        }
        yield feed.finding("P20-011", element, "podcast:season", **values)


def _episode(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-011 for an episode number that is no decimal number."""
    if not _DECIMAL.fullmatch(text_of(element)):
        values: MessageValues = {
            "what": message("podcast.episode"),
            "value": shown(text_of(element)),
        }
        yield feed.finding("P20-011", element, "podcast:episode", **values)


def _block(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-021 for a value other than `yes` and `no`, and for an unknown service."""
    value, service = text_of(element), attribute(element, "id")
    if value not in ("yes", "no"):
        values: MessageValues = {"what": message("podcast.block.value"), "value": shown(value)}
        yield feed.finding("P20-021", element, "podcast:block", **values)
    if service and service not in SERVICES:
        right = service.lower() if service.lower() in SERVICES else ""
        what = message("podcast.block.case") if right else message("podcast.block.id")
        values = {"what": what, "value": shown(service), "right": right}
        yield feed.finding("P20-021", element, "podcast:block@id", "warning", **values)


def _frequency(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-024 for an update frequency with a bad `complete`, `dtstart` or `rrule` (RFC 5545)."""
    if attribute(element, "complete") not in ("", "true", "false"):
        values: MessageValues = {
            "what": message("podcast.frequency.complete"),
            "value": shown(attribute(element, "complete")),
        }
        yield feed.finding(
            "P20-024", element, "podcast:updateFrequency@complete", "warning", **values
        )
    start, rule = attribute(element, "dtstart"), attribute(element, "rrule")
    began = parse_moment(start)
    if start and began is None:
        values = {"what": message("podcast.frequency.dtstart"), "value": shown(start)}
        yield feed.finding("P20-024", element, "podcast:updateFrequency@dtstart", **values)
    elif rule:
        yield from _rrule(feed, element, rule, began)


def _rrule(
    feed: Feed, element: etree._Element, rule: str, began: dt.date | dt.datetime | None
) -> Iterator[Finding]:
    parsed = parse_recurrence(rule)
    severity: Severity | None = None
    if parsed is None:
        what = message("podcast.frequency.rrule")
    elif "COUNT" in parsed.parts and began is None:
        what = message("podcast.frequency.count")
    elif parsed.until is not None and began is not None and not same_form(parsed.until, began):
        what = message("podcast.frequency.until")
    elif parsed.until_is_iso:
        what, severity = message("podcast.frequency.until-iso"), "warning"
    else:
        return
    where = "podcast:updateFrequency@rrule"
    yield feed.finding("P20-024", element, where, severity, what=what, value=shown(rule))


def _txt(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-026 for a text on AI content other than `true` and `false`."""
    ai = attribute(element, "purpose").lower() == AI_CONTENT
    if ai and text_of(element) not in ("true", "false"):
        yield feed.finding("P20-026", element, "podcast:txt", value=shown(text_of(element)))


RULES: Final[dict[str, tuple[ElementRule, ...]]] = {
    "person": (_person,),
    "license": (_license,),
    "location": (_location, _privacy),
    "season": (_season,),
    "episode": (_episode,),
    "block": (_block,),
    "updateFrequency": (_frequency,),
    "txt": (_txt,),
}
IN_CHANNEL: Final[tuple[ElementRule, ...]] = (_medium,)
