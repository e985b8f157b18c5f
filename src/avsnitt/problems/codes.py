"""The table of problem codes with their severities, and the functions that make a Problem."""

from __future__ import annotations

from typing import Final

from avsnitt.model.message import Message
from avsnitt.problems.feed_rules import RULEBOOK
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Problem, Severity, Where

SEVERITIES: Final[dict[str, Severity]] = {
    # Files
    "FILE-001": "error",  # not UTF-8
    "FILE-002": "error",  # empty
    "FILE-003": "error",  # larger than the limit
    "FILE-004": "error",  # path leaves the show's folder
    "FILE-005": "error",  # named file does not exist
    "FILE-006": "error",  # cannot be read
    "FILE-007": "error",  # is a link out of the show's folder
    # Front matter and show.toml
    "MATTER-001": "error",  # no front matter
    "MATTER-002": "error",  # YAML or TOML does not parse
    "MATTER-003": "error",  # unknown key
    "MATTER-004": "error",  # wrong type or value
    "MATTER-005": "error",  # required key is missing
    "MATTER-006": "error",  # anchors, aliases or tags: refused
    "MATTER-007": "error",  # nested too deep
    # The show as a whole
    "SHOW-001": "error",  # no show.toml here
    "SHOW-002": "error",  # duplicate slug
    "SHOW-003": "error",  # duplicate GUID
    "SHOW-004": "error",  # unknown person
    "SHOW-005": "error",  # folder name is not a slug
    "SHOW-006": "error",  # two episodes of one season share a number
    "SHOW-007": "warning",  # nothing published yet
    "SHOW-008": "error",  # no cover
    "SHOW-009": "error",  # category is not one of Apple's
    "SHOW-011": "error",  # page name is taken by the program
    "SHOW-012": "warning",  # the address is an example
    # Episodes
    "EPISODE-001": "error",  # published without sound
    "EPISODE-002": "error",  # several sound files, none named
    "EPISODE-003": "error",  # published without a date
    "EPISODE-004": "warning",  # no transcript
    "EPISODE-005": "error",  # cover without alternative text
    "EPISODE-006": "warning",  # no people
    "EPISODE-007": "warning",  # title repeats the number or the show's title
    "EPISODE-008": "warning",  # publication date lies ahead
    "EPISODE-010": "warning",  # no summary
    "EPISODE-011": "warning",  # role is not in the taxonomy
    # Chapters and transcripts
    "CHAPTER-001": "error",  # file does not parse
    "CHAPTER-002": "error",  # not in time order, or two at the same time
    "CHAPTER-003": "error",  # starts after the sound ends
    "CHAPTER-004": "warning",  # more than a format's list can hold
    "CHAPTER-005": "warning",  # title is shortened in an MP4
    "CHAPTER-006": "warning",  # two in the same second
    "CHAPTER-007": "warning",  # more pictures than an MP3 has room for
    "CHAPTER-008": "error",  # chapter file of an unknown kind
    "TRANSCRIPT-001": "error",  # file does not parse
    "TRANSCRIPT-002": "warning",  # goes on after the sound ends
    "TRANSCRIPT-003": "error",  # of a kind that is not read
    "TRANSCRIPT-004": "warning",  # speaker is not among the people
    # What only Podcasting 2.0 knows
    "PODCAST-001": "error",  # keys or values that cannot both be meant
    "PODCAST-002": "error",  # a soundbite goes on after the sound ends
    "PODCAST-003": "warning",  # a soundbite is not 15 to 120 seconds
    "PODCAST-004": "warning",  # where it is made is given to the metre
    "PODCAST-005": "error",  # another feed has no GUID
    "PODCAST-006": "warning",  # a service that podcast:block cannot name
    "PODCAST-007": "warning",  # several places to talk, and no order among them
    "PODCAST-008": "error",  # an alternate that is a master
    "PODCAST-009": "warning",  # an alternate that is copied with all that is in it
    "TRANSCRIPT-005": "error",  # two for one language
    "TRANSCRIPT-006": "warning",  # its name says no language
    # Sound
    "SOUND-001": "error",  # not sound, or damaged
    "SOUND-002": "error",  # the name says one format, the bytes another
    "SOUND-003": "warning",  # a format that Apple does not take as an enclosure
    "SOUND-004": "error",  # protected (DRM)
    "SOUND-005": "error",  # no samples at all
    "SOUND-006": "error",  # an MP4 without its index: it was never finished
    "SOUND-007": "error",  # a film without sound
    "SOUND-008": "error",  # a sample rate or a number of channels that cannot be
    "SOUND-009": "error",  # nothing here can decode it
    "SOUND-010": "warning",  # ends before it says it does
    "SOUND-011": "warning",  # goes on after it says it ends
    "SOUND-012": "warning",  # parts could not be read
    "SOUND-013": "warning",  # samples that are not numbers
    "SOUND-014": "warning",  # more than two channels
    "SOUND-015": "warning",  # stops without the mark that ends it
    "SOUND-020": "warning",  # silent throughout
    "SOUND-021": "warning",  # clipped
    "SOUND-022": "warning",  # DC offset
    "SOUND-023": "warning",  # a dead channel
    "SOUND-024": "warning",  # channels that cancel each other out
    "SOUND-025": "warning",  # hum from the mains
    "SOUND-026": "info",  # long silence at an end
    "SOUND-027": "info",  # long gaps
    "SOUND-028": "warning",  # very quiet
    "SOUND-030": "error",  # both one recording and tracks
    "SOUND-040": "error",  # a process that worked on it died
    "SOUND-041": "error",  # work on it hung
    "SOUND-042": "error",  # work on it took too much memory
    "SOUND-043": "error",  # the disk failed it
    "SOUND-044": "error",  # our bug
    "SOUND-045": "error",  # a cluster lost it
    # Films
    "VIDEO-001": "info",  # the pictures are encoded anew
    "VIDEO-002": "warning",  # pictures and sound are not equally long
    "VIDEO-003": "error",  # the pictures cannot be read
    # Pictures
    "PICTURE-001": "error",  # not a JPEG or PNG
    "PICTURE-002": "error",  # too many pixels to open safely
    "PICTURE-003": "warning",  # cover not square, or outside 1400 to 3000 pixels
    "PICTURE-004": "error",  # colours for print
    "PICTURE-005": "warning",  # greys or a palette
    "PICTURE-006": "warning",  # can be seen through
    "PICTURE-007": "info",  # the name says another format
    "PICTURE-008": "info",  # stored lying down
    "PICTURE-009": "error",  # heavier than anyone should have to fetch
    # The feeds
    "FEED-001": "info",  # a feed is in pages
    **{code: facts.severity for code, facts in RULEBOOK.items()},
}


def problem(code: str, where: Where, **values: object) -> Problem:
    """
    A Problem of a listed code; a value that is None is left out. Raises KeyError for an unknown
    code.
    """
    return Problem(
        code=code,
        severity=SEVERITIES[code],
        where=where,
        values={
            name: value if isinstance(value, Message) else str(value)
            for name, value in values.items()
            if value is not None
        },
    )


def problem_of(finding: Finding, where: Where) -> Problem:
    """The Problem that a finding is, once its place in the user's own files is known."""
    return Problem(
        code=finding.code,
        severity=finding.severity or SEVERITIES[finding.code],
        where=where,
        values=finding.values,
    )
