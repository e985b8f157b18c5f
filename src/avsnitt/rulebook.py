"""The rules that a feed is judged by: what each weighs, who asks for it, and where it says so.

The codes are the same wherever they are told: of a show's own files, of its feed, or of anybody's
feed. The words are in `locale/<language>/rules_<family>.json`, under `problems.<CODE>` as for every
other code. A rule that is written down here and found by nobody fails the tests.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from avsnitt.errors import Severity


class RuleFacts(NamedTuple):
    """
    `severity` is the gravest that the rule knows; a fault of it may weigh less. `asked_by` names
    who wants it: `psp` (PSP-1), `apple`, `spotify`, `namespace` (Podcasting 2.0), `rss` (RSS 2.0
    and the W3C's validator), `clients` (what podcast apps do), `avsnitt` (our own advice).
    `source` is the document and the section in it.
    """

    severity: Severity
    asked_by: tuple[str, ...]
    source: str


FEED: Final[dict[str, RuleFacts]] = {
    "XML-001": RuleFacts("error", ("rss",), "XML 1.0; W3C feed validator, SAXError"),
}
"""XML-, CH-, IT- and NET-: the document, its channel, its items, and how it is served."""

PODCAST: Final[dict[str, RuleFacts]] = {
    "P20-001": RuleFacts("error", ("namespace",), 'podcast-namespace, docs/tags, "Parent"'),
    "P20-002": RuleFacts("error", ("namespace",), 'podcast-namespace, docs/tags, "Count"'),
    "P20-003": RuleFacts("error", ("namespace",), 'podcast-namespace, docs/1.0.md, "Podcast Tags"'),
    "P20-004": RuleFacts("warning", ("namespace",), 'podcast-namespace, docs/tags, "Node value"'),
    "P20-005": RuleFacts("warning", ("namespace",), 'podcast-namespace, docs/tags, "Attributes"'),
    "P20-006": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/person.md; taxonomy.json"
    ),
    "P20-007": RuleFacts("error", ("namespace",), "podcast-namespace, docs/tags/license.md"),
    "P20-008": RuleFacts("error", ("namespace",), "podcast-namespace, docs/tags/medium.md"),
    "P20-009": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/location.md; RFC 5870"
    ),
    "P20-010": RuleFacts(
        "warning", ("namespace",), "podcast-namespace, docs/examples/location/location.md"
    ),
    "P20-011": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/season.md, episode.md"
    ),
    "P20-012": RuleFacts("error", ("namespace",), "podcast-namespace, docs/tags/trailer.md"),
    "P20-013": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/alternate-enclosure.md"
    ),
    "P20-014": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/alternate-enclosure.md"
    ),
    "P20-015": RuleFacts("error", ("namespace",), "podcast-namespace, docs/tags/integrity.md"),
    "P20-016": RuleFacts("error", ("namespace",), "podcast-namespace, docs/tags/soundbite.md"),
    "P20-017": RuleFacts("error", ("namespace",), "podcast-namespace, docs/tags/live-item.md"),
    "P20-018": RuleFacts("warning", ("avsnitt",), "apps list what is live first"),
    "P20-019": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/social-interact.md"
    ),
    "P20-020": RuleFacts("warning", ("namespace",), "podcast-namespace, docs/tags/chat.md"),
    "P20-021": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/block.md; serviceslugs.txt"
    ),
    "P20-022": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/remote-item.md, publisher.md"
    ),
    "P20-023": RuleFacts("warning", ("namespace",), "podcast-namespace, docs/tags/podroll.md"),
    "P20-024": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/update-frequency.md; RFC 5545"
    ),
    "P20-025": RuleFacts(
        "error", ("namespace",), "podcast-namespace, docs/tags/value.md, value-time-split.md"
    ),
    "P20-026": RuleFacts(
        "warning", ("namespace",), 'podcast-namespace, docs/tags/txt.md, "Purposes"'
    ),
    "P20-027": RuleFacts("info", ("namespace",), "podcast-namespace, README.md; proposal-docs"),
}
"""P20-: the elements of Podcasting 2.0."""

LINKED: Final[dict[str, RuleFacts]] = {}
"""MED-, IMG-, CHP-, TRN- and TAG-: the files that a feed points at."""

ONLINE: Final[dict[str, RuleFacts]] = {
    "NET-001": RuleFacts("error", ("apple",), "Apple 823, a public address; RFC 9110"),
    "NET-002": RuleFacts("warning", ("apple",), "Apple 4115, conditional GET; RFC 9110, 13"),
    "NET-003": RuleFacts("info", ("rss",), "W3C feed validator, uncompressed"),
    "NET-004": RuleFacts("error", ("apple",), "RFC 9110, 15.4, redirection"),
    "NET-005": RuleFacts("warning", ("rss",), "W3C feed validator, SelfDoesntMatchLocation"),
    "NET-006": RuleFacts("warning", ("rss",), "W3C WebSub, 4, discovery"),
    "NET-010": RuleFacts("warning", ("namespace",), "WHATWG Fetch, CORS protocol"),
    "NET-011": RuleFacts("warning", ("avsnitt",), "apps show the link beside the episode"),
    "MED-011": RuleFacts("error", ("apple",), "Apple 823, HEAD and byte-range requests"),
    "IMG-007": RuleFacts("error", ("psp", "apple"), "Apple 823 and 896, artwork answers HEAD"),
    "CHP-012": RuleFacts("warning", ("namespace",), "podcast-namespace, jsonChapters.md"),
    "TRN-010": RuleFacts("warning", ("namespace",), "podcast-namespace, transcripts.md"),
}
"""What only the servers can answer, asked by `check --online`."""

RULEBOOK: Final[dict[str, RuleFacts]] = {**FEED, **PODCAST, **LINKED, **ONLINE}
