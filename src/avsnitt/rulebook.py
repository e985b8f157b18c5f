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

LEDGER: Final[dict[str, RuleFacts]] = {
    "IT-004": RuleFacts(
        "error",
        ("apple", "namespace"),
        'Apple, "A Podcaster\'s Guide to RSS", guid; podcast-namespace, other-recommendations',
    ),
    "MED-012": RuleFacts("error", ("avsnitt",), "docs/publishing.md, What must not change"),
    "CH-016": RuleFacts("error", ("namespace",), "podcast-namespace, docs/tags/guid.md"),
    "CH-025": RuleFacts(
        "warning", ("apple",), 'Apple, "A Podcaster\'s Guide to RSS", itunes:new-feed-url'
    ),
    "NET-009": RuleFacts(
        "error", ("apple",), 'Apple, "A Podcaster\'s Guide to RSS", itunes:new-feed-url'
    ),
    "LEDGER-001": RuleFacts("error", ("avsnitt",), "docs/files.md, site/published.lock"),
    "LEDGER-002": RuleFacts("error", ("avsnitt",), "docs/publishing.md, What must not change"),
    "LEDGER-003": RuleFacts("error", ("avsnitt",), "docs/publishing.md, What must not change"),
    "LEDGER-004": RuleFacts("warning", ("avsnitt",), "docs/publishing.md, What must not change"),
    "LEDGER-005": RuleFacts("error", ("avsnitt",), "docs/files.md, episode.md"),
    "LEDGER-006": RuleFacts("info", ("namespace",), "podcast-namespace, docs/tags/txt.md"),
}
"""What is told by what was published before, and LEDGER-: the record of it."""

RULEBOOK: Final[dict[str, RuleFacts]] = {**FEED, **PODCAST, **LINKED, **LEDGER}
