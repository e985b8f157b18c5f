from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.content.scaffold import render_episode_file, set_value
from avsnitt.formats.front_matter import parse_front_matter, split_front_matter

SLUGS = st.lists(
    st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(lambda slug: len(slug) < 80),
    min_size=1,
    max_size=4,
)


@given(SLUGS, SLUGS, st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), max_size=40))
def test_a_list_is_read_as_it_was_set(first: list[str], second: list[str], title: str) -> None:
    text = render_episode_file({"guid": "g", "title": title, "status": "planned"}, ("a: hint",))
    for slugs in (first, second):
        text = set_value(text, "formerly", slugs)
        fields = parse_front_matter(split_front_matter(text).text)
        assert fields == {"guid": "g", "title": title, "status": "planned", "formerly": slugs}
    assert text.count("formerly:") == 1


@pytest.mark.parametrize(
    "before",
    [
        "formerly: [a, b]",
        "formerly: []",
        "formerly:",
        "formerly:\n  - a\n  - b",
        "formerly:\n- a\n- b",
        "formerly: [a,\n  b]",
        "formerly: [\n  a,\n  b\n]",
    ],
)
def test_a_list_is_replaced_however_it_was_written(before: str) -> None:
    text = f"---\nguid: g\n{before}\n# min egen rad\nthanks: [Åsa]\n---\nText med formerly: [x].\n"
    reported = set_value(text, "formerly", ["ny"])
    assert reported == text.replace(before, "formerly: [ny]", 1)
