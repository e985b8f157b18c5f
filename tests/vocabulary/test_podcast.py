from __future__ import annotations

from importlib.resources import files

from avsnitt.vocabulary.countries import COUNTRIES
from avsnitt.vocabulary.podcast20_elements import DEPRECATED, ELEMENTS, PROPOSED
from avsnitt.vocabulary.podcast20_values import LIST_MEDIUMS, MEDIUMS


def test_the_countries_are_those_of_the_time_zone_database() -> None:
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
    assert {line.partition("\t")[0] for line in lines if not line.startswith("#")} == COUNTRIES


def test_every_parent_is_an_element_or_of_rss() -> None:
    places = {parent for facts in ELEMENTS.values() for parent in facts.parents}
    assert places - set(ELEMENTS) == {"channel", "item"}


def test_what_may_stand_in_an_item_may_stand_in_a_stream() -> None:
    for facts in ELEMENTS.values():
        assert ("item" in facts.parents) == ("liveItem" in facts.parents)


def test_an_element_is_agreed_on_or_left_behind_or_proposed() -> None:
    assert len(ELEMENTS) == 31
    assert not (set(ELEMENTS) & set(DEPRECATED) | set(ELEMENTS) & PROPOSED)


def test_every_medium_has_its_list() -> None:
    assert len(MEDIUMS) == 19
    assert {medium.removesuffix("L") for medium in LIST_MEDIUMS} - set(MEDIUMS) == set()
