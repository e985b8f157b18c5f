"""`docs/reference/rules.md` from the rulebook; `python -m tests.support.rules_page` writes it."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.paths import DOCS

from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.problems.feed_rules import (
    CHOICES,
    FEED_RULES_REPORTED_BY,
    FILE_RULES_REPORTED_BY,
    RULEBOOK,
    WRITTEN_BY_US,
)
from avsnitt.system.locales import read_strings

PAGE = DOCS / "reference" / "rules.md"
WORDS = read_strings("en", "cli", *PROBLEM_DOMAINS)
HEAD = """\
# The rules for feeds

What a podcast feed is judged by: your own before it is written (`avsnitt check`), and anybody's
(`avsnitt check FEED`). What each message means, why, and what to do is in [problems](problems.md);
`avsnitt check --explain CODE` shows it too.

An error keeps listeners or directories out, by the words of those who ask for it. A warning costs
something in some app. A note (`info`) is worth knowing, and shown with `--all`. The weight here is
the gravest that a rule knows: `itunes:explicit` with a word that means nothing is an error, and
with the word of 2018 a warning.

<!-- Written by `python -m tests.support.rules_page` from src/avsnitt/problems/feed_rules.py. -->
"""
FAMILIES = {
    "XML": ("The document", "the feed"),
    "CH": ("The channel", "the feed"),
    "IT": ("The items", "the feed"),
    "P20": ("Podcasting 2.0", "the feed"),
    "MED": ("Sound and film", "the files"),
    "IMG": ("Pictures", "the files"),
    "CHP": ("Chapters", "the files"),
    "TRN": ("Transcripts", "the files"),
    "TAG": ("Tags in the sound", "the files"),
    "NET": ("How it is served", "the net"),
    "LEDGER": ("What was published before", "the record"),
}
"""A heading, and where a family's rules look, by how its codes begin."""
WAYS = {
    "the feed": "in the feed itself, and nothing else",
    "the files": "in the files that the feed points at, where they are on the disk",
    "the net": "by asking the servers, with `--online`",
    "the record": "by what `publish` wrote down in `site/published.lock`",
    "the pages": "in the feed's own pages, where they are in the same folder",
}
ELSEWHERE = {
    **dict.fromkeys(
        ("MED-001", "IMG-008", "IMG-010", "CHP-009", "TRN-001", "TRN-008", "TRN-009"), "the feed"
    ),
    "IT-017": "the files",
    "NET-007": "the pages",
    **dict.fromkeys(("IT-004", "MED-012", "CH-016", "CH-025", "NET-009"), "the record"),
}
"""Rules that look somewhere else than the others of their family."""
NOT_JUDGED = {
    "XML-016": "That the same input gives the same bytes cannot be seen in a feed. The project's "
    "own tests hold every build to it.",
    "CH-029": "Whether anything sends podpings or notifies a hub cannot be seen in a feed.",
    "MED-009": "Loudness and peaks are found by decoding the whole sound, and a check reads no "
    "more than its head, its tail and its index.",
    "MED-010": "Of damage inside the sound, only what its structure shows: what is cut off, and "
    "what is no sound at all. Whether it ends in silence cannot be seen without decoding it.",
    "IMG-006": "A picture is published under a name made from its bytes, so it cannot change under "
    "the same address.",
    "NET-008": "Feeds are paged (RFC 5005, section 3), where pages may shift; archive documents "
    "(section 4), which must not, are neither written nor asked for.",
}
"""Rules, or parts of rules, that are known and not asked, and why."""


def render_page() -> str:
    ways = "".join(f"- *{way}*: {text}\n" for way, text in WAYS.items())
    return "".join(
        (HEAD, "\nWhere a rule looks:\n\n", ways, *_families(), *_reported(), *_not_checked())
    )


def _families() -> Iterable[str]:
    for family, (title, way) in FAMILIES.items():
        codes = sorted(code for code in RULEBOOK if code.rpartition("-")[0] == family)
        if not codes:
            continue
        yield f"\n## {title}\n\n| code | what is wrong | weight | who asks | source | looks in |\n"
        yield "| --- | --- | --- | --- | --- | --- |\n"
        yield from (_row(code, ELSEWHERE.get(code, way)) for code in codes)


def _row(code: str, way: str) -> str:
    facts = RULEBOOK[code]
    who = ", ".join(WORDS(f"asked-by.{name}") for name in facts.asked_by)
    what = WORDS(f"problems.{code}", n=1).removeprefix("1 ")
    anchor = f"[{code}](problems.md#{code.lower()})"
    return f"| {anchor} | {what} | {facts.severity} | {who} | {facts.source} | {way} |\n"


def _reported() -> Iterable[str]:
    yield (
        "\n## In a show of your own\n\nThese are reported once, by the check of the content, under "
        "its own code:\n\n| rule | reported as |\n| --- | --- |\n"
    )
    reported = {**FILE_RULES_REPORTED_BY, **FEED_RULES_REPORTED_BY}
    yield from (f"| {code} | {', '.join(names)} |\n" for code, names in sorted(reported.items()))
    yield (
        f"\n{' and '.join(sorted(CHOICES))} are your choice, and reported only of "
        "feeds that are not yours. "
        f"{' and '.join(sorted(WRITTEN_BY_US))} is on what a build writes by itself. "
        "XML-011 is not asked of a feed that is paged (`feed_page_kb`). Much else cannot happen: "
        "a build writes no feed that is malformed, misspelt or without what is required.\n"
    )


def _not_checked() -> Iterable[str]:
    yield "\n## What is not judged\n\n| rule | why |\n| --- | --- |\n"
    yield from (f"| {code} | {why} |\n" for code, why in sorted(NOT_JUDGED.items()))


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
