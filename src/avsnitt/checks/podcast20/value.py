"""Rules on payments in Podcasting 2.0: `value`, its recipients and its splits over time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed.tree import Feed
from avsnitt.checks.podcast20.reading import (
    ElementRule,
    attribute,
    children,
    number_of,
    shown,
)
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding

_SHARES = re.compile(r"0{0,9}[1-9][0-9]{0,17}", re.ASCII)
_LIGHTNING = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,10}", re.ASCII
)
_NODE = re.compile(r"0[23][0-9a-f]{64}", re.ASCII | re.IGNORECASE)
_TIMES: Final = ("startTime", "duration", "remoteStartTime")


def _value(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-025 for a `value` without recipients."""
    if not children(element, "valueRecipient"):
        yield feed.finding(
            "P20-025", element, "podcast:value", what=message("podcast.value.nobody")
        )


def _recipient(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-025 for a recipient with a bad share, address or fee."""
    name = "podcast:valueRecipient"
    split, kind = attribute(element, "split"), attribute(element, "type")
    address = attribute(element, "address")
    if split and not _SHARES.fullmatch(split):
        values: MessageValues = {"what": message("podcast.value.split"), "value": shown(split)}
        yield feed.finding("P20-025", element, f"{name}@split", **values)
    values = {"value": shown(address)}
    if kind == "lnaddress" and address and not _LIGHTNING.fullmatch(address):
        what = message("podcast.value.lnaddress")
        yield feed.finding("P20-025", element, f"{name}@address", what=what, **values)
    elif kind == "node" and address and not _NODE.fullmatch(address):
        what = message("podcast.value.node")
        yield feed.finding("P20-025", element, f"{name}@address", "warning", what=what, **values)
    if attribute(element, "fee") not in ("", "true", "false"):
        values = {"what": message("podcast.value.fee"), "value": shown(attribute(element, "fee"))}
        yield feed.finding("P20-025", element, f"{name}@fee", "warning", **values)


def _time_split(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """
    P20-025 for a split with bad times, or without exactly one of a remote item and recipients
    (value-time-split.md).
    """
    name = "podcast:valueTimeSplit"
    recipients, remotes = children(element, "valueRecipient"), children(element, "remoteItem")
    if bool(recipients) == bool(remotes) or len(remotes) > 1:
        yield feed.finding("P20-025", element, name, what=message("podcast.value.mixed"))
    for part in _TIMES:
        value = attribute(element, part)
        if value and number_of(value) is None:
            values: MessageValues = {
                "what": message("podcast.value.time"),
                "part": part,
                "value": shown(value),
            }
            yield feed.finding("P20-025", element, f"{name}@{part}", **values)
    percentage = attribute(element, "remotePercentage")
    number = number_of(percentage)
    if percentage and (number is None or number > 100):
        values = {"what": message("podcast.value.percentage"), "value": shown(percentage)}
        yield feed.finding("P20-025", element, f"{name}@remotePercentage", "warning", **values)


RULES: Final[dict[str, tuple[ElementRule, ...]]] = {
    "value": (_value,),
    "valueRecipient": (_recipient,),
    "valueTimeSplit": (_time_split,),
}
