"""The two texts of an item: a short synopsis for every client, and the whole for those that can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from avsnitt.formats.plain import clean_line, clean_text, escape_html, shorten, strip_markup
from avsnitt.formats.timestamps import render_timestamps
from avsnitt.i18n import Strings
from avsnitt.model import Episode, License

MOST_BYTES: Final = 4000
"""Of UTF-8, in `<description>` (PSP-1 "description"; Apple "A Podcaster's Guide to RSS")."""
SYNOPSIS_CHARACTERS: Final = 600
SHORTEST_PARAGRAPH_BYTES: Final = 40


def channel_description(*paragraphs: str) -> str:
    """Plain text of at most 4,000 bytes, a blank line between paragraphs."""
    whole = "\n\n".join(plain for text in paragraphs if (plain := clean_text(text)))
    return _shorten_to_bytes(whole, MOST_BYTES)


def synopsis(episode: Episode, notes_html: str, words: Strings) -> str:
    """
    HTML for `<description>`, of PSP-1's tags only (`p`, `a`, `strong`) and at most 4,000 bytes.

    When all does not fit, the list of chapters goes first, then the synopsis is cut between
    words. What must be said of the episode (how it was made, its licence) always stays.
    """
    told = _opening(episode) or _notes_paragraphs(notes_html)
    listed = _paragraphs(render_timestamps(episode.chapters))
    closing = _closing(episode, words)
    for middle in (listed, []):
        whole = "".join([*told, *middle, *closing])
        if _size(whole) <= MOST_BYTES:
            return whole
    return "".join([_cut(episode, notes_html, MOST_BYTES - _size("".join(closing))), *closing])


def whole_notes(episode: Episode, notes_html: str, words: Strings) -> str:
    """HTML for `<content:encoded>`: the same, around the notes. `notes_html` is safe already."""
    listed = _paragraphs(render_timestamps(episode.chapters))
    return "".join([*_opening(episode), notes_html, *listed, *_closing(episode, words)])


def _opening(episode: Episode) -> list[str]:
    question, summary = clean_line(episode.question), clean_text(episode.summary)
    asked = [f"<p><strong>{escape_html(question)}</strong></p>"] if question else []
    return asked + _paragraphs(summary.split("\n"))


def _notes_paragraphs(notes_html: str) -> list[str]:
    return _paragraphs(shorten(strip_markup(notes_html), SYNOPSIS_CHARACTERS).split("\n"))


def _closing(episode: Episode, words: Strings) -> list[str]:
    disclosure = _paragraphs(clean_text(episode.disclosure).split("\n"))
    license_line = words("feed.license", name=_license_link(episode.license))
    return [*disclosure, f"<p>{license_line}</p>"]


def _license_link(license: License) -> str:
    name = escape_html(clean_line(license.name) or clean_line(license.id))
    url = escape_html(clean_line(license.url)).replace('"', "&quot;")
    return f'<a href="{url}">{name}</a>' if url else name


def _paragraphs(lines: Iterable[str]) -> list[str]:
    return [f"<p>{escape_html(plain)}</p>" for line in lines if (plain := clean_line(line))]


def _cut(episode: Episode, notes_html: str, most_bytes: int) -> str:
    """What opens the synopsis as one paragraph of no more than `most_bytes`."""
    told = clean_line(f"{episode.question} {episode.summary}") or strip_markup(notes_html)
    text = clean_line(told)
    room = most_bytes - _size("<p></p>")
    while text and _size(escape_html(text)) > room:
        # Escaping may make a character five: come closer until the whole fits.
        over = _size(escape_html(text)) - room
        text = shorten(text, max(0, len(text) - max(1, over // 5)))
    return f"<p>{escape_html(text)}</p>" if text else ""


def _shorten_to_bytes(text: str, most: int) -> str:
    if _size(text) <= most:
        return text
    whole_characters = text.encode()[: most - _size("…")].decode(errors="ignore")
    return shorten(f"{whole_characters} ", len(whole_characters)) if whole_characters else ""


def _size(text: str) -> int:
    return len(text.encode())
