"""What breaks careless feeds, in every place where an author can write it: told, or clean."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from avsnitt.problems.errors import ContentError
from avsnitt.workflow.build.build import build_show

REFUSED = {
    "a control character": r"A\u0001B",
    "an escape": r"A\e[31mB",
    "a null": r"A\0B",
    "half a character": r"A\ud83dB",
    "a noncharacter": r"A\uffffB",
    "a turned direction": "A\u202eB",
    "a turned direction, spelt out": r"A\u202eB",
    "a million characters": "A" * 1_000_000,
}
CLEAN = {
    "the end of a CDATA section": "A ]]> B",
    "two of them": "]]>]]>",
    "what looks like markup": "</item><script>alert(1)</script>",
    "an entity": "&lol; &amp;amp; &#0;",
    "a line separator": "A\u2028B",
    "a byte order mark": "A\ufeffB",
    "an emoji of many": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "text from right to left": "\u05e9\u05dc\u05d5\u05dd",
}


def _printed(show: Path, key: str, words: str) -> Path:
    path = next((show / "episodes").iterdir()) / "episode.md"
    lines = [line for line in path.read_text().split("\n") if not line.startswith(f"{key}:")]
    quoted = words.replace('"', '\\"')
    path.write_text("\n".join([lines[0], f'{key}: "{quoted}"', *lines[1:]]))
    return path


@pytest.mark.parametrize("key", ["title", "summary"])
@pytest.mark.parametrize("words", REFUSED.values(), ids=REFUSED)
def test_what_no_feed_can_carry_is_reported_and_nothing_is_written(
    key: str, words: str, show: Path
) -> None:
    path = _printed(show, key, words)
    with pytest.raises(ContentError) as reported:
        build_show(str(show))
    errors = [found for found in reported.value.problems if found.severity == "error"]
    assert {found.where.path for found in errors} == {str(path.relative_to(show))}
    assert not (show / "public").exists()


@pytest.mark.parametrize("key", ["title", "summary"])
@pytest.mark.parametrize("words", CLEAN.values(), ids=CLEAN)
def test_what_only_looks_dangerous_comes_out_as_it_was_written(
    key: str, words: str, show: Path
) -> None:
    _printed(show, key, words)
    build_show(str(show))
    feed = etree.parse(str(show / "public/feed.xml"))
    assert feed.getroot().tag == "rss"
    assert not list(feed.iter("script"))
    if words.isprintable() and key == "title":
        assert words in [title.text for title in feed.iter("title")]
