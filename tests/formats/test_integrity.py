"""Integrity metadata, as browsers and apps read it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.formats.integrity import DIGEST_BYTES, parse_integrity
from avsnitt.system.files import integrity_of


def sri(algorithm: str, data: bytes) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


@given(st.binary(), st.lists(st.sampled_from(list(DIGEST_BYTES)), min_size=1, unique=True))
def test_every_digest_is_read_and_the_strongest_stands_first(
    data: bytes, algorithms: list[str]
) -> None:
    found = parse_integrity(" ".join(sri(one, data) for one in algorithms))
    assert found == {one: (hashlib.new(one, data).digest(),) for one in algorithms}
    assert list(found) == [one for one in DIGEST_BYTES if one in algorithms]


@given(st.text())
def test_no_text_raises(text: str) -> None:
    parse_integrity(text)


@pytest.mark.parametrize("text", ["", "sha384-", "md5-AAAA", "sha256-AAAA", "sha256-å", "x" * 2000])
def test_what_is_no_digest_is_none(text: str) -> None:
    assert parse_integrity(text) is None
    assert parse_integrity(f"{sri('sha256', b'')} {text or '-'}") is None


def test_what_may_follow_a_question_mark_is_left_out() -> None:
    assert parse_integrity(f"{sri('sha256', b'x')}?ct=audio/mpeg") == {
        "sha256": (hashlib.sha256(b"x").digest(),)
    }


def test_what_a_build_writes_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"sound")
    found = parse_integrity(integrity_of(str(tmp_path / "x")))
    assert found == {"sha384": (hashlib.sha384(b"sound").digest(),)}
