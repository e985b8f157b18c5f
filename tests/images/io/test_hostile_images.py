"""No picture takes the memory, the time or the program with it, whatever it was made to do."""

from __future__ import annotations

import io
import resource
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.support.hostile_images import CLEANED, HTML, UNFIT, saved

from avsnitt.checks.io.files import read_image
from avsnitt.images.io.convert import (
    chapter_picture,
    clean_picture,
    embedded_cover,
    page_pictures,
    prepare_cover,
    read_image_facts,
)
from avsnitt.images.sizes import ImageSize
from avsnitt.problems.media_errors import ImageError

ACTS = (
    read_image_facts,
    clean_picture,
    prepare_cover,
    embedded_cover,
    chapter_picture,
    lambda path: page_pictures(path, (ImageSize("jpeg", 10, 10),), 1000),
)
WRITTEN_IN = (b"script", b"Exif", b"MPF\0", b"tEXt", b"zTXt", b"eXIf", b"acTL")
LONGEST_S = 10.0
MOST_MB = 200


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bild.jpg"


def peak_mb() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


@pytest.mark.parametrize("name", UNFIT)
def test_what_is_no_picture_or_would_hurt_is_reported(path: Path, name: str) -> None:
    make, described = UNFIT[name]
    path.write_bytes(make())
    before, start = peak_mb(), time.process_time()
    with pytest.raises(ImageError) as caught:
        read_image_facts(path)
    assert described in (caught.value.code, caught.value.values.get("reason"))
    assert read_image(str(path)).error or caught.value.values.get("reason") == "damaged"
    assert time.process_time() - start < LONGEST_S
    assert peak_mb() - before < MOST_MB


@pytest.mark.parametrize("name", UNFIT)
def test_no_act_does_more_than_show(path: Path, name: str) -> None:
    """A picture whose pixels are damaged is found by those who unpack them; cleaning need not."""
    path.write_bytes(UNFIT[name][0]())
    for act in ACTS:
        try:
            act(path)
        except ImageError:
            continue
        assert act is clean_picture


@pytest.mark.parametrize("name", CLEANED)
def test_what_else_is_in_a_picture_is_left_behind(path: Path, name: str) -> None:
    path.write_bytes(CLEANED[name]())
    before, start = peak_mb(), time.process_time()
    facts = read_image_facts(path)
    assert facts.format in ("JPEG", "PNG")
    assert facts.orientation == 1
    forms = (
        ImageSize("avif", 8, 8),
        ImageSize("webp", 8, 8),
        ImageSize("jpeg", 8, 8),
        ImageSize("card", 1200, 630),
    )
    made = (clean_picture(path), embedded_cover(path), *page_pictures(path, forms, 1000))
    for data in made:
        assert not [word for word in WRITTEN_IN if word in data]
        assert HTML[:20] not in data
        with Image.open(io.BytesIO(data)) as image:
            assert getattr(image, "n_frames", 1) == 1
            assert image.format != "MPO"
            image.load()
    assert time.process_time() - start < LONGEST_S
    assert peak_mb() - before < MOST_MB


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["JPEG", "PNG"]),
    hurt=st.lists(st.tuples(st.integers(0, 2_000), st.binary(max_size=6)), max_size=6),
    cut=st.integers(0, 3_000),
)
def test_a_picture_with_any_bytes_changed_is_read_or_reported(
    path: Path, kind: str, hurt: list[tuple[int, bytes]], cut: int
) -> None:
    data = bytearray(saved(kind, 90))
    for at, change in hurt:
        data[at : at + len(change)] = change
    path.write_bytes(data[: len(data) - cut] if cut < len(data) // 2 else data)
    for act in ACTS:
        try:
            act(path)
        except ImageError:
            continue
    read_image(str(path))
