from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from avsnitt.content.schema.front_matter import EpisodeFields
from avsnitt.content.settings import ShowSettings
from avsnitt.formats.validation import validate
from avsnitt.model.message import message

GOOD: dict[str, object] = {"guid": "g", "title": "t"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["start", "title", "id", "url", "at", "x", "date", "was"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
KEYS = st.sampled_from((*EpisodeFields.__struct_fields__, "titel", "x"))


def spoken(data: dict[str, object]) -> list[tuple[object, ...]]:
    _, findings = validate(GOOD | data, EpisodeFields)
    return [
        (one.code, one.place.key, one.values.get("expected", one.values["key"])) for one in findings
    ]


def test_data_that_fits_is_the_value() -> None:
    value, findings = validate(GOOD | {"number": 2, "keywords": ["a"]}, EpisodeFields)
    assert value == EpisodeFields(guid="g", title="t", number=2, keywords=("a",))
    assert findings == ()


def test_all_mistakes_are_reported_at_once() -> None:
    assert spoken({"number": 0, "titel": "x", "people": [{"id": "a"}, {"idd": "b"}]}) == [
        ("MATTER-004", ("number",), message("expected.positive-number")),
        ("MATTER-003", ("titel",), "titel"),
        ("MATTER-003", ("people", 1, "idd"), "idd"),
        ("MATTER-005", ("people", 1), "id"),
    ]


def test_an_unknown_key_offers_those_that_are_near() -> None:
    _, findings = validate(GOOD | {"titel": "x"}, EpisodeFields)
    assert findings[0].values["near"].split(", ")[0] == "title"


def test_a_known_key_without_a_value_is_as_if_it_was_not_there() -> None:
    value, findings = validate(GOOD | {"season": None, "summary": None}, EpisodeFields)
    assert (value, findings) == (EpisodeFields(guid="g", title="t"), ())
    value, findings = validate(GOOD | {"chapters": [{"start": "1", "url": None}]}, EpisodeFields)
    assert value is not None
    assert value.chapters[0].url == ""


def test_an_unknown_key_without_a_value_is_still_unknown() -> None:
    assert spoken({"titel": None}) == [("MATTER-003", ("titel",), "titel")]


def test_a_needed_key_without_a_value_is_missing() -> None:
    assert spoken({"title": None}) == [("MATTER-005", (), "title")]


def test_what_is_expected_is_said_in_the_authors_terms() -> None:
    chapter = {"start": [], "url": "exempel.se"}
    assert spoken({"chapters": [chapter], "status": "klar", "explicit": "no", "title": 1984}) == [
        ("MATTER-004", ("title",), message("expected.short-text")),
        ("MATTER-004", ("chapters", 0, "start"), message("expected.time")),
        ("MATTER-004", ("chapters", 0, "url"), message("expected.address")),
        ("MATTER-004", ("status",), message("expected.one-of")),
        ("MATTER-004", ("explicit",), message("expected.yes-no")),
    ]


def test_a_list_that_must_have_something_says_so() -> None:
    _, findings = validate({"categories": []}, ShowSettings)
    assert ("categories",) in [one.place.key for one in findings]


def test_a_mapping_with_keys_of_ones_own_says_which_value_is_wrong() -> None:
    _, findings = validate({"season_names": {"1": "Ett", "2": 2}}, ShowSettings)
    assert ("season_names", "2") in [one.place.key for one in findings]
    _, findings = validate({"season_names": "Ett"}, ShowSettings)
    parsed = {one.place.key: one.values.get("expected") for one in findings}
    assert parsed[("season_names",)] == message("expected.mapping")


@given(st.dictionaries(KEYS, ANYTHING, max_size=5))
def test_what_does_not_fit_always_says_why(data: dict[str, object]) -> None:
    value, findings = validate(GOOD | data, EpisodeFields)
    assert (value is None) == bool(findings)
    value2, findings2 = validate(data, ShowSettings)
    assert (value2 is None) == bool(findings2)
