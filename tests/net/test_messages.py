from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.net.messages import Target, is_public, origin_of, parse_target


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://podd.example.org", Target("https", "podd.example.org", 443, "/")),
        ("HTTP://Podd.Example:8080/a?b=c#d", Target("http", "podd.example", 8080, "/a?b=c")),
        ("https://[2001:db8::1]/x", Target("https", "2001:db8::1", 443, "/x")),
        ("https://räksmörgås.se/å b", Target("https", "xn--rksmrgs-5wao1o.se", 443, "/%C3%A5%20b")),
        ("https://a.se/?ö", Target("https", "a.se", 443, "/?%C3%B6")),
        ("https://a.se/%20b", Target("https", "a.se", 443, "/%20b")),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart(url: str, target: Target) -> None:
    assert parse_target(url) == target
    assert origin_of(url) == f"{target.host}:{target.port}"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "scheme"),
        ("feed.xml", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("https://", "address"),
        ("https://a@b.se/", "credentials"),
        ("https://a:b@c.se/", "credentials"),
        ("https://a.se:x/", "address"),
        ("https://a..se/", "address"),
        ("https://" + "a" * 64 + ".se/", "address"),
        ("https://a.se/" + "b" * 9000, "address"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_with_a_reason(url: str, reason: str) -> None:
    assert parse_target(url) == reason
    assert origin_of(url) == ""


@given(st.text(max_size=80) | st.text(alphabet="htps:/@[].%#?å\t\n \x00", max_size=80))
def test_any_text_is_an_address_or_a_reason(url: str) -> None:
    for one in (url, f"https://{url}", f"https://a.se/{url}"):
        target = parse_target(one)
        if isinstance(target, Target):
            assert (target.host + target.path).isascii()
            assert not any(sign.isspace() or sign < " " for sign in target.host + target.path)


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 127.1.2.3 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0
    224.0.0.1 255.255.255.255 240.0.0.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1
    ::ffff:127.0.0.1 64:ff9b::a00:1 2002:a00:1:: 2002:7f00:1:: 2001:db8::1 nonsense""".split(),
)
def test_an_address_of_a_local_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_an_address_on_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_nothing_private_is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local:
        assert not is_public(str(address)) or address in ipaddress.ip_network("64:ff9b::/96")
