from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.content.schema import podcast20 as keys
from avsnitt.content.schema.front_matter import EpisodeFields
from avsnitt.content.schema.podcast20_rules import (
    find_feed_list_problems,
    find_value_problems,
    location,
)
from avsnitt.content.settings import STAND_IN
from avsnitt.digests import show_guid
from avsnitt.formats.validation import validate
from avsnitt.problems.codes import SEVERITIES

PLAIN = {"guid": "g", "title": "t"}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "start", "uri", "file", "text"]), inner)
    ),
    max_leaves=8,
)
KEYS = ("soundbites", "alternates", "live", "locations", "social", "chat", "txt", "images", "value")


def test_the_algorithm_gives_the_guids_that_the_namespace_gives() -> None:
    """podcast-namespace, docs/tags/guid.md."""
    assert show_guid("https://mp3s.nashownotes.com/pc20rss.xml") == (
        "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    )
    assert show_guid("podnews.net/rss/") == "9b024349-ccf0-5f69-a609-6b82873eab3c"


def test_another_feed_is_shown_the_guid_of_where_it_will_be() -> None:
    feed = keys.ExtraFeedFields(name="opus", format="opus")
    (finding,) = find_feed_list_problems([feed], "https://podd.exempel.se/")
    assert finding.code == "PODCAST-005"
    assert finding.values["guid"] == show_guid("https://podd.exempel.se/feed-opus.xml")


@pytest.mark.parametrize("geo", ["59.2753,15.2134", "geo:-90,180", "geo:0,0,120;u=35", "geo:1,2"])
def test_a_place_can_be_reported_with_or_without_the_word_geo(geo: str) -> None:
    place, findings = validate({"name": "A", "rel": "subject", "geo": geo}, keys.LocationFields)
    assert (findings, place and list(location(place))) == ((), [])


@pytest.mark.parametrize("rel", ["subject", "creator"])
def test_only_where_somebody_records_can_be_reported_too_well(rel: str) -> None:
    place, _ = validate({"name": "A", "rel": rel, "geo": "59.27534,15.2"}, keys.LocationFields)
    assert place
    assert [one.code for one in location(place)] == ["PODCAST-004"] * (rel == "creator")


def test_a_show_without_elements_has_no_faults() -> None:
    assert list(find_value_problems(STAND_IN)) == []


@given(st.sampled_from(KEYS), ANY)
def test_anything_written_under_a_key_is_fitted_or_reported(key: str, value: object) -> None:
    fields, findings = validate({**PLAIN, key: value}, EpisodeFields)
    assert (fields is None) == bool(findings)
    for finding in find_value_problems(fields) if fields else ():
        assert finding.code in SEVERITIES
        assert finding.place.key[0] == key


@given(
    st.fixed_dictionaries(
        {"name": st.just("A"), "rel": st.just("subject")},
        optional={
            "geo": st.from_regex(r"(geo:)?-?[0-9.]{1,6},[0-9.,;u=]{1,8}", fullmatch=True),
            "osm": st.from_regex(r"[NWRX][0-9#]{0,5}", fullmatch=True),
            "country": st.text(max_size=3),
        },
    )
)
def test_a_place_that_is_taken_is_one_on_the_globe(data: dict[str, str]) -> None:
    place, _ = validate(data, keys.LocationFields)
    if place is None or list(location(place)):
        return
    if place.geo:
        numbers = re.findall(r"-?\d+(?:\.\d+)?", place.geo)
        assert abs(float(numbers[0])) <= 90
        assert abs(float(numbers[1])) <= 180
    assert re.fullmatch("([A-Z]{2})?", place.country)
