"""Shares of a show's episodes: nothing twice, nothing left out, and as even as can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.problems.errors import UsageError
from avsnitt.work.shards import Shard, parse_shard, take_shard


@given(st.lists(st.text(), unique=True), st.integers(1, 20))
def test_shares_are_a_whole(slugs: list[str], of: int) -> None:
    shares = [take_shard(slugs, Shard(number, of)) for number in range(1, of + 1)]
    assert sorted(slug for share in shares for slug in share) == sorted(slugs)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


@given(st.lists(st.text(), unique=True), st.randoms())
def test_a_share_is_the_same_in_whatever_order_the_disk_lists(
    slugs: list[str], chance: object
) -> None:
    other = [*slugs]
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert take_shard(slugs, Shard(1, 3)) == take_shard(other, Shard(1, 3))


@given(st.integers(1, 999_999), st.integers(1, 999_999))
def test_a_share_is_read_as_it_is_written(number: int, of: int) -> None:
    text = f"{min(number, of)}/{max(number, of)}"
    shard = parse_shard(text)
    assert f"{shard.number}/{shard.of}" == text


@pytest.mark.parametrize(
    "text", ["", "1", "0/4", "5/4", "1/0", "-1/4", "1/4/2", "a/b", "1.5/4", "٢/٨", "1/9999999"]
)
def test_what_is_no_share_is_reported(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_shard(text)
    assert caught.value.key == "sound.no-shard"
    assert caught.value.values == {"shard": text}


@given(st.text())
def test_any_text_is_a_share_or_a_mistake(text: str) -> None:
    try:
        shard = parse_shard(text)
    except UsageError:
        return
    assert 1 <= shard.number <= shard.of
