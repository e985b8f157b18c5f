"""The two texts of an item: a short synopsis for every client, and the whole for those that can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from avsnitt.formats.chapters.timestamps import render_timestamps
from avsnitt.formats.plain_text import clean_line, clean_text, escape_html, shorten, strip_markup
from avsnitt.i18n import Strings
from avsnitt.model.show import Episode, License

MOST_BYTES: Final = 4000
"""Of UTF-8, in `<description>` (PSP-1 "description"; Apple "A Podcaster's Guide to RSS")."""
SYNOPSIS_CHARACTERS: Final = 600
READ_CHARACTERS: Final = 10_000
"""Of the notes, for a synopsis: enough, and the cost does not follow their length."""
SHORTEST_OPENING_BYTES: Final = 200


def channel_description(*paragraphs: str) -> str:
    """Plain text of at most 4,000 bytes, a blank line between paragraphs."""
    whole = "\n\n".join(plain for text in paragraphs if (plain := clean_text(text)))
    return _shorten_to_bytes(whole, MOST_BYTES)


class ItemTexts(NamedTuple):
    """`synopsis` is HTML for `<description>`, `whole` is HTML for `<content:encoded>`."""

    synopsis: str
    whole: str


def item_texts(episode: Episode, notes_html: str, words: Strings) -> ItemTexts:
    """
    The synopsis has PSP-1's tags only (`p`, `a`, `strong`) and at most 4,000 bytes; the whole
    has the notes as well. `notes_html` is safe already.
    """
    opening = _opening(episode)
    listed = "".join(_paragraphs(render_timestamps(episode.chapters)))
    closing = _closing(episode, words)
    notes = opening or _notes_paragraphs(notes_html)
    return ItemTexts(
        synopsis=_synopsis(notes, listed, closing),
        whole=f"{opening}{notes_html}{listed}{closing}",
    )


def _synopsis(notes: str, listed: str, closing: str) -> str:
    """
    Join the description's parts within the limit. When all does not fit, the list of chapters
    goes first, then the opening is cut between words. The closing (how the episode was made,
    its licence) stays.
    """
    for whole in (f"{notes}{listed}{closing}", f"{notes}{closing}"):
        if _size(whole) <= MOST_BYTES:
            return whole
    room = MOST_BYTES - _size(closing)
    if room >= SHORTEST_OPENING_BYTES:
        return f"{_cut_to_bytes(notes, room)}{closing}"
    return _cut_to_bytes(f"{notes}{closing}", MOST_BYTES)


def _cut_to_bytes(described_html: str, most: int) -> str:
    """The words of some HTML as one paragraph of no more than `most` bytes."""
    text = clean_line(strip_markup(described_html[:READ_CHARACTERS]))
    room = most - _size("<p></p>")
    while text and (over := _size(escape_html(text)) - room) > 0:
        # A character is four bytes at most, and five when escaped: come closer until it fits.
        text = shorten(text, len(text) - max(1, over // 5))
    return f"<p>{escape_html(text)}</p>"


def _opening(episode: Episode) -> str:
    question = clean_line(episode.question)
    asked = f"<p><strong>{escape_html(question)}</strong></p>" if question else ""
    return asked + "".join(_paragraphs(episode.summary.splitlines()))


def _notes_paragraphs(notes_html: str) -> str:
    synopsis = shorten(strip_markup(notes_html[:READ_CHARACTERS]), SYNOPSIS_CHARACTERS)
    return "".join(_paragraphs(synopsis.split("\n")))


def _closing(episode: Episode, words: Strings) -> str:
    disclosure = "".join(_paragraphs(episode.disclosure.splitlines()))
    license_line = words("feed.license", name=_license_link(episode.license))
    return f"{disclosure}<p>{license_line}</p>"


def _license_link(license: License) -> str:
    name = escape_html(clean_line(license.name) or clean_line(license.id))
    url = escape_html(clean_line(license.url)).replace('"', "&quot;")
    return f'<a href="{url}">{name}</a>' if url else name


def _paragraphs(lines: Iterable[str]) -> list[str]:
    return [f"<p>{escape_html(plain)}</p>" for line in lines if (plain := clean_line(line))]


def _shorten_to_bytes(text: str, most: int) -> str:
    while (over := _size(text) - most) > 0:
        text = shorten(text, len(text) - max(1, over // 4))
    return text


def _size(text: str) -> int:
    return len(text.encode())
