"""
The rules on feeds: the severity of each, who asks for it, and the source that says so.

A code is the same wherever it is reported: on a show's own files, on its feed, or on anybody's
feed. The words are in `locale/<language>/rules_<family>.json`, under `problems.<CODE>` as for every
other code. The tests fail for a rule here that no check finds.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from avsnitt.problems.problem import Severity


class RuleFacts(NamedTuple):
    """
    `severity` is the gravest that the rule can have; a finding of it may weigh less. `asked_by`
    names who asks for it: `psp` (PSP-1), `apple`, `spotify`, `namespace` (Podcasting 2.0),
    `rss` (RSS 2.0 and the W3C's validator), `clients` (what podcast apps do), `avsnitt` (our
    own advice). `source` is the document and the section in it.
    """

    severity: Severity
    asked_by: tuple[str, ...]
    source: str


FEED: Final[dict[str, RuleFacts]] = {
    # The document
    "XML-001": RuleFacts("error", ("rss",), "XML 1.0; W3C feed validator, SAXError"),
    "XML-002": RuleFacts("error", ("psp", "apple"), 'PSP-1 "RSS feed encoding"; Apple 823'),
    "XML-003": RuleFacts("error", ("psp", "apple", "rss"), "RSS 2.0; Apple 4115 on Atom"),
    "XML-004": RuleFacts("error", ("psp", "apple"), 'PSP-1 "namespace declarations"'),
    "XML-005": RuleFacts("error", ("rss",), 'XML 1.0, 2.2 "Characters"; Unicode TR 36, 3.3'),
    "XML-006": RuleFacts("warning", ("rss",), "W3C feed validator, MisplacedItem"),
    "XML-007": RuleFacts("warning", ("rss", "apple"), "W3C feed validator, UndefinedElement"),
    "XML-008": RuleFacts("warning", ("rss",), "W3C feed validator, DuplicateElement"),
    "XML-009": RuleFacts("warning", ("psp", "apple"), "PSP-1; Apple, A Podcaster's Guide to RSS"),
    "XML-010": RuleFacts("warning", ("psp", "apple"), "PSP-1; Apple, A Podcaster's Guide to RSS"),
    "XML-011": RuleFacts("error", ("clients", "avsnitt"), "Podcast Index aggregator, aggrivate.js"),
    "XML-012": RuleFacts("warning", ("namespace",), "podcast-namespace, docs/1.0.md"),
    "XML-013": RuleFacts("error", ("rss",), "W3C feed validator, InvalidFullLink, ContainsRelRef"),
    "XML-014": RuleFacts("error", ("apple",), "Apple 823, file names and addresses"),
    "XML-015": RuleFacts("warning", ("rss",), "W3C feed validator, NotHtml and BadCharacters"),
    # The channel
    "CH-001": RuleFacts("error", ("psp", "apple", "rss"), 'PSP-1 "channel title"; RSS 2.0'),
    "CH-002": RuleFacts("warning", ("psp", "apple"), "Apple, A Podcaster's Guide to RSS, title"),
    "CH-003": RuleFacts("error", ("psp", "apple", "rss"), 'PSP-1 "channel description"; RSS 2.0'),
    "CH-004": RuleFacts("error", ("psp", "apple"), 'PSP-1 "channel description"'),
    "CH-005": RuleFacts("error", ("psp", "rss"), 'PSP-1 "channel link"; RSS 2.0'),
    "CH-006": RuleFacts("error", ("psp", "apple"), 'PSP-1 "channel language"; ISO 639'),
    "CH-007": RuleFacts("error", ("psp", "apple"), "Apple Podcasts categories; PSP-1"),
    "CH-008": RuleFacts("warning", ("apple",), "Apple Podcasts categories of 2019"),
    "CH-009": RuleFacts("info", ("apple",), "Apple, A Podcaster's Guide to RSS, category"),
    "CH-010": RuleFacts("error", ("psp", "apple"), 'PSP-1 "channel itunes:explicit"'),
    "CH-011": RuleFacts("error", ("psp", "apple"), 'PSP-1 "channel itunes:image"'),
    "CH-012": RuleFacts("error", ("psp", "rss"), 'PSP-1 "channel atom:link"; W3C, SelfDoesntMatch'),
    "CH-013": RuleFacts("warning", ("psp", "apple"), 'PSP-1 "channel itunes:author"'),
    "CH-014": RuleFacts("warning", ("psp", "namespace"), "podcast-namespace, docs/tags/guid.md"),
    "CH-015": RuleFacts("error", ("namespace",), "podcast-namespace, docs/tags/guid.md"),
    "CH-017": RuleFacts("error", ("psp", "namespace"), "podcast-namespace, docs/tags/locked.md"),
    "CH-018": RuleFacts("error", ("psp", "namespace"), "podcast-namespace, docs/tags/funding.md"),
    "CH-019": RuleFacts("error", ("psp", "apple"), 'PSP-1 "channel itunes:type"'),
    "CH-020": RuleFacts("warning", ("psp", "apple"), 'PSP-1 "channel itunes:complete"'),
    "CH-021": RuleFacts("info", ("psp",), 'PSP-1 "channel copyright"'),
    "CH-022": RuleFacts("info", ("apple",), "Apple 4115, itunes:owner"),
    "CH-023": RuleFacts("info", ("apple",), "podcast-namespace, docs/other-recommendations.md"),
    "CH-024": RuleFacts("warning", ("rss",), "W3C feed validator, image.py"),
    "CH-026": RuleFacts("error", ("rss",), "RSS 2.0, lastBuildDate; W3C, InvalidRFC2822Date"),
    "CH-027": RuleFacts("error", ("apple",), "Apple 823, at least one episode"),
    "CH-028": RuleFacts("warning", ("rss",), "RSS 2.0, ttl; W3C, InvalidPositiveInteger"),
    # The items
    "IT-001": RuleFacts("error", ("psp", "apple"), 'PSP-1 "item title"'),
    "IT-002": RuleFacts("warning", ("psp", "apple"), 'PSP-1 "item title"; Apple, title'),
    "IT-003": RuleFacts("error", ("psp", "apple"), 'PSP-1 "item guid"; Apple 4115'),
    "IT-005": RuleFacts("error", ("rss",), "RSS 2.0, guid; W3C feed validator, InvalidHttpGUID"),
    "IT-006": RuleFacts("warning", ("rss", "clients"), "W3C, NotSufficientlyUnique; Podcast Index"),
    "IT-007": RuleFacts("error", ("psp", "apple"), 'PSP-1 "item enclosure"; Apple 823'),
    "IT-008": RuleFacts("error", ("apple",), "Apple 823, each enclosure's address is unique"),
    "IT-009": RuleFacts("error", ("psp", "apple", "rss"), "RFC 2822, 3.3; W3C, IncorrectDOW"),
    "IT-010": RuleFacts("warning", ("clients",), "AntennaPod, DateUtils.parseOrNullIfFuture"),
    "IT-011": RuleFacts("info", ("avsnitt",), "apps sort by date alone"),
    "IT-012": RuleFacts("error", ("psp", "apple"), 'PSP-1 "item description"'),
    "IT-013": RuleFacts("warning", ("psp", "apple"), 'PSP-1 "item description"'),
    "IT-014": RuleFacts("error", ("rss",), "W3C feed validator, SecurityRisk"),
    "IT-015": RuleFacts("warning", ("rss",), "W3C feed validator, NeedDescriptionBeforeContent"),
    "IT-016": RuleFacts("error", ("psp", "apple", "rss"), 'PSP-1 "item itunes:duration"; W3C'),
    "IT-018": RuleFacts("error", ("psp",), 'PSP-1 "item itunes:explicit"'),
    "IT-019": RuleFacts("error", ("psp", "apple"), 'PSP-1 "item itunes:episode"'),
    "IT-020": RuleFacts("error", ("psp", "apple"), 'PSP-1 "item itunes:episode", itunes:season'),
    "IT-021": RuleFacts("error", ("psp", "apple"), 'PSP-1 "item itunes:episodeType"'),
    "IT-022": RuleFacts("warning", ("avsnitt",), "apps sort serial shows by number"),
    "IT-023": RuleFacts("error", ("apple",), "Apple, A Podcaster's Guide to RSS, episodeType"),
    "IT-024": RuleFacts(
        "warning", ("apple", "namespace"), "podcast-namespace, docs/tags/season.md"
    ),
    "IT-025": RuleFacts("error", ("psp", "rss"), 'PSP-1 "item link"; W3C, InvalidFullLink'),
    "IT-026": RuleFacts("warning", ("psp", "namespace"), 'PSP-1 "item podcast:transcript"'),
    "IT-027": RuleFacts("info", ("namespace",), "podcast-namespace, docs/tags/chapters.md"),
    "IT-028": RuleFacts("warning", ("apple", "spotify"), "Apple 5482; Spotify, podcast chapters"),
    "IT-029": RuleFacts("warning", ("namespace",), "podcast-namespace, docs/tags/person.md"),
    # How it is served
    "NET-007": RuleFacts("error", ("rss",), "RFC 5005, section 3"),
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

LINKED: Final[dict[str, RuleFacts]] = {
    # The sound
    "MED-001": RuleFacts("error", ("apple",), "Apple, A Podcaster's Guide to RSS, enclosure"),
    "MED-002": RuleFacts(
        "error",
        ("apple", "psp"),
        'Apple, A Podcaster\'s Guide to RSS, enclosure; PSP-1 "item enclosure"',
    ),
    "MED-003": RuleFacts("error", ("rss", "apple"), "RSS 2.0, enclosure; AntennaPod Rss20"),
    "MED-004": RuleFacts("error", ("avsnitt",), "a file that is not there cannot be played"),
    "MED-005": RuleFacts("warning", ("apple",), "Apple 893, Audio requirements"),
    "MED-006": RuleFacts("info", ("apple",), "Apple 893, Audio requirements"),
    "MED-007": RuleFacts(
        "warning", ("clients",), "AntennaPod M4AChapterReader; QuickTime File Format, movie atoms"
    ),
    "MED-008": RuleFacts(
        "warning", ("clients",), "mutagen, MPEGInfo; players guess the length by the first bitrate"
    ),
    "MED-010": RuleFacts(
        "warning", ("avsnitt",), "ISO/IEC 11172-3; ISO/IEC 14496-12; RFC 3533, section 6"
    ),
    "IT-017": RuleFacts(
        "error", ("avsnitt",), 'PSP-1 "item itunes:duration", held to the sound itself'
    ),
    # Pictures
    "IMG-001": RuleFacts(
        "error", ("psp", "apple"), 'Apple 896, Artwork requirements; PSP-1 "channel itunes:image"'
    ),
    "IMG-002": RuleFacts(
        "error", ("psp", "apple"), 'Apple 896, Artwork requirements; PSP-1 "channel itunes:image"'
    ),
    "IMG-003": RuleFacts("error", ("apple",), "Apple 896, Artwork requirements"),
    "IMG-004": RuleFacts("info", ("psp",), 'PSP-1 "channel itunes:image"'),
    "IMG-005": RuleFacts("error", ("avsnitt",), "advice of hosting services: at most 512 kB"),
    "IMG-008": RuleFacts("error", ("namespace",), "podcast-namespace, docs/tags/image.md"),
    "IMG-009": RuleFacts("warning", ("namespace",), "podcast-namespace, docs/tags/image.md"),
    "IMG-010": RuleFacts("warning", ("namespace",), "podcast-namespace, docs/tags/images.md"),
    # Chapters
    "CHP-001": RuleFacts("error", ("namespace",), "podcast-namespace, jsonChapters.md"),
    "CHP-002": RuleFacts("error", ("namespace",), "podcast-namespace, jsonChapters.md"),
    "CHP-003": RuleFacts("warning", ("clients",), "AntennaPod PodcastIndexChapterParser"),
    "CHP-004": RuleFacts("warning", ("spotify", "apple"), "Apple 5482; Spotify, podcast chapters"),
    "CHP-005": RuleFacts("info", ("apple",), "Apple 5482"),
    "CHP-006": RuleFacts("error", ("namespace",), "podcast-namespace, jsonChapters.md"),
    "CHP-007": RuleFacts("error", ("namespace",), "podcast-namespace, jsonChapters.md"),
    "CHP-008": RuleFacts(
        "error", ("clients",), "AntennaPod ChapterMerger; Pocket Casts ShowNotesProcessor"
    ),
    "CHP-009": RuleFacts("error", ("rss",), "Podlove Simple Chapters 1.2"),
    "CHP-010": RuleFacts(
        "error", ("clients",), "AntennaPod M4AChapterReader; id3v2-chapters-1.0, 3.2"
    ),
    "CHP-011": RuleFacts("warning", ("clients",), "id3v2-chapters-1.0, 3.1 and 3.2"),
    "CHP-013": RuleFacts(
        "info", ("avsnitt",), "apps show a chapter's picture in the place of the cover"
    ),
    # Transcripts
    "TRN-001": RuleFacts(
        "error", ("psp", "namespace"), "podcast-namespace, docs/tags/transcript.md"
    ),
    "TRN-002": RuleFacts("error", ("avsnitt",), "podcast-namespace, transcripts.md"),
    "TRN-003": RuleFacts("error", ("clients",), "W3C WebVTT; AntennaPod VttTranscriptParser"),
    "TRN-004": RuleFacts(
        "warning", ("apple",), "W3C WebVTT, voice span; podcast-namespace, transcripts.md"
    ),
    "TRN-005": RuleFacts("warning", ("namespace",), "podcast-namespace, transcripts.md"),
    "TRN-006": RuleFacts("error", ("namespace",), "podcast-namespace, transcripts.md"),
    "TRN-007": RuleFacts(
        "error", ("clients",), "podcast-namespace, transcripts.md; AntennaPod JsonTranscriptParser"
    ),
    "TRN-008": RuleFacts("warning", ("namespace",), "podcast-namespace, transcripts.md"),
    "TRN-009": RuleFacts(
        "warning", ("namespace",), "BCP 47; podcast-namespace, docs/tags/transcript.md"
    ),
    "TRN-011": RuleFacts("warning", ("avsnitt",), "WCAG 2.2, 1.2.1: the whole of what is said"),
    # Tags
    "TAG-001": RuleFacts("warning", ("avsnitt",), "id3.org, ID3v2.3, 4.2.1"),
    "TAG-002": RuleFacts("warning", ("avsnitt",), "id3.org, ID3v2.3, 4.15"),
    "TAG-003": RuleFacts("warning", ("clients",), "id3.org, ID3v2.4.0-changes"),
    "TAG-004": RuleFacts("warning", ("clients",), "id3.org, ID3v1; APEv2"),
    "TAG-005": RuleFacts("warning", ("clients",), "id3.org, ID3v2.3, 4.2.1; ID3v2.4.0-changes"),
    "TAG-006": RuleFacts(
        "error", ("clients",), "id3.org, ID3v2.3, 4.3; TagLib PodcastFrame and WFED"
    ),
    "TAG-007": RuleFacts(
        "info", ("avsnitt",), "Apple's podcast frames TGID and WFED, egid and purl"
    ),
    "TAG-008": RuleFacts(
        "warning", ("avsnitt",), "a player reads the whole tag before the first sound"
    ),
    "TAG-009": RuleFacts("warning", ("avsnitt",), "id3.org, ID3v2.3, 4.28; Exif, GPS IFD"),
}
"""
MED-, IMG-, CHP-, TRN- and TAG-: the files that a feed points at; and IT-017, which holds an item's
duration to the sound itself.
"""

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
"""Rules that compare with what was published before, and LEDGER-: rules on the record of it."""

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
"""Rules on the answers of servers, which only `check --online` asks."""

RULEBOOK: Final[dict[str, RuleFacts]] = {**FEED, **PODCAST, **LINKED, **LEDGER, **ONLINE}

FEED_RULES_REPORTED_BY: Final[dict[str, tuple[str, ...]]] = {
    "CH-007": ("SHOW-009",),
    "CH-011": ("SHOW-008",),
    "CH-027": ("SHOW-007",),
    "IT-002": ("EPISODE-007",),
    "IT-003": ("SHOW-003",),
    "IT-008": ("SHOW-002",),
    "IT-009": ("EPISODE-003",),
    "IT-010": ("EPISODE-008",),
    "IT-012": ("EPISODE-010",),
    "IT-022": ("SHOW-006",),
    "IT-026": ("EPISODE-004",),
    "MED-001": ("SOUND-003",),
    "P20-006": ("EPISODE-011",),
    "P20-010": ("PODCAST-004",),
    "P20-016": ("PODCAST-002", "PODCAST-003"),
    "P20-019": ("PODCAST-007",),
    "P20-021": ("PODCAST-006",),
}
"""
Rules on a feed, and the codes under which the checks of a show's content report the same thing.
In the feed of the author's own show such a finding is left out where the content's was reported.
"""

FILE_RULES_REPORTED_BY: Final[dict[str, tuple[str, ...]]] = {
    "MED-002": ("SOUND-002",),
    "MED-004": ("FILE-005", "SOUND-001"),
    "IMG-001": ("PICTURE-003",),
    "IMG-002": ("PICTURE-001", "PICTURE-007"),
    "IMG-003": ("PICTURE-004", "PICTURE-005", "PICTURE-006"),
    "IMG-005": ("PICTURE-009",),
    "CHP-001": ("CHAPTER-001",),
    "CHP-002": ("CHAPTER-002",),
    "CHP-003": ("CHAPTER-006",),
    "CHP-005": ("CHAPTER-004", "CHAPTER-005", "IT-028"),
    "CHP-010": ("CHAPTER-004", "CHAPTER-005"),
    "TRN-002": ("TRANSCRIPT-001",),
    "TRN-003": ("TRANSCRIPT-001", "TRANSCRIPT-002"),
    "TRN-004": ("TRANSCRIPT-004",),
    "TRN-006": ("TRANSCRIPT-001",),
    "TRN-007": ("TRANSCRIPT-001",),
}
"""
The same for rules on linked files, when they check what the author recorded and wrote: a finding is
left out where a check of the content has reported that file, or its episode. IT-028 is a rule on
the feed: it checks the list of chapters that a build puts in the description.
"""

CHOICES: Final = frozenset({"CH-009", "CH-018"})
"""Rules whose notes are on an author's choice: a show without funding has forgotten nothing."""

WRITTEN_BY_US: Final = frozenset({"MED-003"})
"""Rules on values that a build computes by itself: an author cannot change them."""
