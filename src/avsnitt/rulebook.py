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

PODCAST: Final[dict[str, RuleFacts]] = {}
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

RULEBOOK: Final[dict[str, RuleFacts]] = {**FEED, **PODCAST, **LINKED}
