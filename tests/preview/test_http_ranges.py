import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from avsnitt.preview.http_ranges import (
    Span,
    Validators,
    is_local_host,
    parse_range,
    parse_target,
    range_applies,
    weigh_conditions,
)

STATE = Validators('"abc"', 1_791_000_000)
WHOLE = None
UNSATISFIABLE = "unsatisfiable"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", Span(0, 0)),
        ("bytes=0-499", Span(0, 499)),
        ("bytes=500-", Span(500, 999)),
        ("bytes=999-", Span(999, 999)),
        ("bytes=-500", Span(500, 999)),
        ("bytes=-5000", Span(0, 999)),
        ("bytes=900-9999", Span(900, 999)),
        ("BYTES=1-2", Span(1, 2)),
        ("bytes= 1-2 ", Span(1, 2)),
        ("bytes=,1-2,", Span(1, 2)),
        ("bytes=1000-", UNSATISFIABLE),
        ("bytes=5000-6000", UNSATISFIABLE),
        ("bytes=-0", UNSATISFIABLE),
        ("bytes=" + "9" * 5000 + "-", UNSATISFIABLE),
        ("bytes=0-" + "9" * 5000, Span(0, 999)),
        ("bytes=2-1", WHOLE),
        ("bytes=-", WHOLE),
        ("bytes=", WHOLE),
        ("bytes=a-b", WHOLE),
        ("bytes=1-2-3", WHOLE),
        ("bytes=٣-٤", WHOLE),
        ("bytes=0-1,5-6", WHOLE),
        ("seconds=1-2", WHOLE),
        ("", WHOLE),
    ],
)
def test_a_range_of_a_thousand_bytes(header, expected):
    assert parse_range(header, 1000) == expected


def test_no_part_of_an_empty_file_can_be_named():
    assert parse_range("bytes=0-", 0) is WHOLE
    assert parse_range("bytes=-1", 0) is WHOLE


@given(st.text(max_size=30).map("bytes=".__add__) | st.text(max_size=30), st.integers(0, 10**12))
def test_any_header_gives_bytes_within_the_file(header, size):
    span = parse_range(header, size)
    if isinstance(span, Span):
        assert 0 <= span.first <= span.last < size


@given(st.integers(0, 999), st.integers(0, 2000))
def test_every_well_formed_range_is_cut_at_the_end(first, extra):
    assert parse_range(f"bytes={first}-{first + extra}", 1000) == Span(
        first, min(first + extra, 999)
    )


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", ""),
        ("/index.html", "index.html"),
        ("/episodes/vagar%20vi.html?t=1#x", "episodes/vagar vi.html"),
        ("/m%C3%A5te.html", "måte.html"),
        ("/people/", "people/"),
        ("/.well-known/security.txt", ".well-known/security.txt"),
        ("/%252e%252e/x", "%2e%2e/x"),
        ("http://localhost:8000/a.html", "a.html"),
        ("http://localhost:8000", ""),
        ("/../x", None),
        ("/a/../x", None),
        ("/%2e%2e/x", None),
        ("/%2E%2E%2Fx", None),
        ("/..%5cx", None),
        ("/..\\x", None),
        ("/a//b", None),
        ("//etc/passwd", None),
        ("/%2fetc/passwd", None),
        ("/c:/windows", None),
        ("/x%00.html", None),
        ("/x%0d%0a.html", None),
        ("/%ff%fe", None),
        ("/.git/config", None),
        ("/.avsnitt/memo", None),
        ("/a/.hidden", None),
        ("*", None),
        ("x", None),
        ("http://[broken/", None),
    ],
)
def test_a_target_names_a_path_inside_the_root_or_nothing(target, expected):
    assert parse_target(target) == expected


@given(st.text(max_size=40).map("/".__add__))
@example("//")
def test_no_target_climbs_out(target):
    path = parse_target(target)
    if path:
        parts = path.split("/")
        assert ".." not in parts
        assert not path.startswith("/")
        assert "\0" not in path
        assert "\\" not in path


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("localhost:8000", True),
        ("LOCALHOST:1", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("[::1]", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("evil.example:127.0.0.1", False),
        ("localhost:8000:80", False),
        ("user@localhost", False),
        ("0.0.0.0", False),  # noqa: S104
        ("", False),
    ],
)
def test_only_this_machine_is_local(host, local):
    assert is_local_host(host) is local


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({}, "send"),
        ({"If-None-Match": '"abc"'}, "unchanged"),
        ({"If-None-Match": 'W/"abc"'}, "unchanged"),
        ({"If-None-Match": '"x", "abc"'}, "unchanged"),
        ({"If-None-Match": "*"}, "unchanged"),
        ({"If-None-Match": '"x"'}, "send"),
        ({"If-Modified-Since": STATE.modified}, "unchanged"),
        ({"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, "send"),
        ({"If-Modified-Since": "yesterday"}, "send"),
        ({"If-None-Match": '"x"', "If-Modified-Since": STATE.modified}, "send"),
        ({"If-Match": '"abc"'}, "send"),
        ({"If-Match": 'W/"abc"'}, "failed"),
        ({"If-Match": '"x"'}, "failed"),
        ({"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, "failed"),
        ({"If-Unmodified-Since": STATE.modified}, "send"),
    ],
)
def test_conditions_are_weighed_in_the_order_of_the_rfc(headers, outcome):
    assert weigh_conditions(headers, STATE) == outcome


@pytest.mark.parametrize(
    ("condition", "age_s", "applies"),
    [
        ('"abc"', 0, True),
        ('W/"abc"', 9, False),
        ('"other"', 9, False),
        (STATE.modified, 9, True),
        (STATE.modified, 0.2, False),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 9, False),
    ],
)
def test_a_range_of_another_state_is_not_sent(condition, age_s, applies):
    headers = {"If-Range": condition}
    assert range_applies(headers, STATE, STATE.modified_s + age_s) is applies
