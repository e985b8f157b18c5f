from hypothesis import given
from hypothesis import strategies as st

from avsnitt.preview.inject import inject_script, relax_policy

TAG = b"<script src=/x.js defer></script>"


def test_the_script_stands_first_in_the_head():
    page = b'<!doctype html><html lang=sv><head data-x="1"><title>A</title></head><body>'
    head, tail = inject_script(page, TAG)
    assert head == page.replace(b'"1">', b'"1">' + TAG)
    assert tail == b""


def test_a_header_is_not_a_head():
    assert inject_script(b"<!doctype html><header>x</header>", TAG)[1] == TAG


def test_a_page_without_a_head_gets_the_script_at_its_end():
    assert inject_script(b"<p>x", TAG) == (b"<p>x", TAG)


def test_the_policy_lets_the_script_in_and_keeps_the_rest():
    page = (
        b"<head><meta charset=utf-8><meta http-equiv='Content-Security-Policy' "
        b"content=\"default-src 'none'; img-src 'self'; media-src 'self'\"></head>"
    )
    head, _ = inject_script(page, TAG)
    assert (
        b"default-src &#x27;none&#x27;; img-src &#x27;self&#x27;; media-src &#x27;self&#x27;; "
        b"script-src &#x27;self&#x27;; connect-src &#x27;self&#x27;"
    ) in head
    assert head.startswith(b"<head>" + TAG + b"<meta charset=utf-8><meta http-equiv=")


def test_other_metas_are_left_alone():
    page = b"<head><meta name=description content=\"script-src 'none'\"></head>"
    assert inject_script(page, TAG)[0] == page.replace(b"<head>", b"<head>" + TAG)


def test_what_was_allowed_stays_allowed():
    assert (
        relax_policy(
            "script-src 'sha256-x'; connect-src 'none'; require-trusted-types-for 'script'"
        )
        == "script-src 'sha256-x' 'self'; connect-src 'self'"
    )
    assert relax_policy("img-src 'self'") == "img-src 'self'"
    assert relax_policy("") == ""


@given(st.binary(max_size=300))
def test_any_bytes_survive_in_their_order(page):
    head, tail = inject_script(page, b"")
    assert tail == b""
    if b"<meta" not in page.lower():
        assert head == page
