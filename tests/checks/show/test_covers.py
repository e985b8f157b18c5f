"""What is asked of covers, rule by rule."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import pytest

from avsnitt.checks.show.covers import SourceImage, check_image

FINE = SourceImage(
    path="site/cover.jpg",
    format="JPEG",
    width=3000,
    height=3000,
    mode="RGB",
    see_through=False,
    orientation=1,
    size_bytes=400_000,
)
BROKEN: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({}, [], []),
    ({"width": 1400, "height": 1400}, [], []),
    ({"width": 1399, "height": 1399}, ["PICTURE-003"], []),
    ({"width": 3001, "height": 3001}, ["PICTURE-003"], []),
    ({"height": 2999}, ["PICTURE-003"], []),
    ({"mode": "CMYK"}, ["PICTURE-004"], ["PICTURE-004"]),
    ({"mode": "L"}, ["PICTURE-005"], []),
    ({"mode": "P", "see_through": True}, ["PICTURE-005", "PICTURE-006"], []),
    ({"mode": "RGBA", "see_through": True}, ["PICTURE-006"], []),
    ({"path": "site/cover.png"}, ["PICTURE-007"], ["PICTURE-007"]),
    ({"path": "site/COVER.JPEG"}, [], []),
    ({"orientation": 6}, ["PICTURE-008"], ["PICTURE-008"]),
    ({"size_bytes": 5_000_000}, [], []),
    ({"size_bytes": 5_200_000}, ["PICTURE-009"], ["PICTURE-009"]),
]


@pytest.mark.parametrize(("changes", "of_cover", "of_image"), BROKEN)
def test_each_fault_is_reported_under_a_code_of_its_own(changes, of_cover, of_image):
    one = msgspec.structs.replace(FINE, **changes)
    kinds: list[tuple[Literal["cover", "image"], list[str]]] = [
        ("cover", of_cover),
        ("image", of_image),
    ]
    for kind, codes in kinds:
        found = list(check_image(one, kind))
        assert [problem.code for problem in found] == codes
        assert {problem.where.path for problem in found} <= {one.path}


def test_a_weight_is_reported_in_megabytes():
    (found,) = check_image(msgspec.structs.replace(FINE, size_bytes=12_345_678), "cover")
    assert found.values == {"size": "12.3", "limit": "5"}
