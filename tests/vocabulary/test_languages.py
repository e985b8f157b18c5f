from __future__ import annotations

import pytest

from avsnitt.content.settings import LANGUAGE
from avsnitt.vocabulary.languages import OWN_NAMES, TWO_LETTERS, is_known_language, own_name


def test_every_name_belongs_to_a_language() -> None:
    assert len(TWO_LETTERS) == 183
    for code, name in OWN_NAMES.items():
        assert LANGUAGE.fullmatch(code), code
        assert len(code) == 3 or code in TWO_LETTERS, code
        assert name == name.strip() != "", code


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("sv", "svenska"),
        ("EN", "English"),
        ("pt-BR", "português (BR)"),
        ("smj", "julevsámegiella"),
        ("ab", "ab"),
        ("tlh-Latn", "tlh-Latn"),
    ],
)
def test_a_language_says_its_own_name(tag: str, name: str) -> None:
    assert own_name(tag) == name


def test_a_backup_is_no_language() -> None:
    assert [is_known_language(tag) for tag in ("en-GB", "ab", "fit", "old", "bak")] == [
        True,
        True,
        True,
        False,
        False,
    ]
