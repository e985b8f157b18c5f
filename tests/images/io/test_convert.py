"""Pictures lose what they say about people and places, and keep their pixels."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from avsnitt.images.io.convert import (
    clean_picture,
    embedded_cover,
    page_pictures,
    prepare_cover,
    read_image_facts,
)
from avsnitt.images.sizes import ImageSize, Kind
from avsnitt.problems.media_errors import ImageError

SECRET = b"hemlig plats"
ACTS: tuple[Callable[[Path], object], ...] = (
    read_image_facts,
    clean_picture,
    embedded_cover,
    lambda path: on_page(path, (600, 600)),
)


def on_page(path: Path, size: tuple[int, int], kind: Kind = "jpeg") -> bytes:
    return page_pictures(path, (ImageSize(kind, *size),), 1000)[0]


def drawing(width: int = 1400, height: int = 1400) -> Image.Image:
    image = Image.new("RGB", (width, height), (200, 230, 240))
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill="red")
    return image


def exif(orientation: int) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = SECRET.decode()
    found[0x8825] = {1: "N", 2: (58.0, 59.0, 44.0)}
    return found


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    drawing().save(path, quality=90, exif=exif(1), comment=SECRET, xmp=xmp, progressive=True)
    with path.open("ab") as file:
        file.write(b"motion photo" + SECRET)
    return path


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    path = tmp_path / "screenshot.png"
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET.decode())
    words.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    drawing().save(path, pnginfo=words, exif=exif(1))
    with path.open("ab") as file:
        file.write(SECRET)
    return path


def test_the_header_shows_what_a_picture_is(photo, screenshot):
    facts = read_image_facts(photo)
    assert (facts.width, facts.height, facts.format, facts.mode) == (1400, 1400, "JPEG", "RGB")
    assert facts.width == facts.height
    assert not facts.has_alpha
    assert read_image_facts(screenshot).format == "PNG"


@pytest.mark.parametrize("which", ["photo", "screenshot"])
def test_a_clean_picture_has_the_same_pixels_and_no_secrets(request, which):
    source = request.getfixturevalue(which)
    before = source.read_bytes()
    data = clean_picture(source)
    assert SECRET in before
    assert SECRET not in data
    assert b"Exif" not in data
    assert opened(data).tobytes() == opened(before).tobytes()
    assert not opened(data).getexif()
    assert source.read_bytes() == before


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_a_picture_that_lies_down_is_stood_up(tmp_path, ending):
    source = tmp_path / f"lying.{ending}"
    drawing(400, 300).save(source, exif=exif(6))
    for data in (clean_picture(source), embedded_cover(source), on_page(source, (300, 400))):
        image = opened(data).convert("RGB")
        assert image.size == (300, 400)
        red = image.getpixel((290, 10))
        assert isinstance(red, tuple)
        assert red[0] > 200
        assert red[1] < 100
        assert SECRET not in data


def test_colours_keep_their_profile_in_a_clean_picture(tmp_path):
    source = tmp_path / "profile.jpg"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    drawing().save(source, icc_profile=profile)
    assert opened(clean_picture(source)).info["icc_profile"] == profile
    assert "icc_profile" not in opened(embedded_cover(source)).info


def test_an_embedded_cover_is_a_small_jpeg(tmp_path):
    source = tmp_path / "cover.png"
    noise = Image.effect_noise((750, 750), 90).convert("RGB").resize((3000, 3000))
    noise.save(source, compress_level=1)
    data = embedded_cover(source)
    image = opened(data)
    assert (image.format, image.size, image.mode) == ("JPEG", (1000, 1000), "RGB")
    assert len(data) <= 400_000
    assert embedded_cover(source) == data


def test_a_small_cover_is_not_blown_up(tmp_path):
    source = tmp_path / "small.png"
    drawing(400, 400).save(source)
    assert opened(embedded_cover(source)).size == (400, 400)


def test_what_is_see_through_becomes_white(tmp_path):
    source = tmp_path / "logo.png"
    Image.new("RGBA", (900, 900), (0, 0, 0, 0)).save(source)
    assert read_image_facts(source).has_alpha
    assert opened(embedded_cover(source)).getpixel((450, 450)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "ending"), [("L", "png"), ("P", "png"), ("1", "png"), ("CMYK", "jpg"), ("L", "jpg")]
)
def test_every_mode_becomes_rgb(tmp_path, mode, ending):
    source = tmp_path / f"mode.{ending}"
    drawing(700, 700).convert(mode).save(source)
    assert opened(embedded_cover(source)).mode == "RGB"
    assert opened(clean_picture(source)).mode == mode


@pytest.mark.parametrize("kind", ["jpeg", "webp", "avif"])
def test_pages_get_each_kind_clean_and_the_same_every_time(photo, kind):
    data = on_page(photo, (600, 600), kind)
    image = opened(data)
    assert (image.format, image.size, image.mode) == (kind.upper(), (600, 600), "RGB")
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
    assert SECRET not in data
    assert on_page(photo, (600, 600), kind) == data


def test_a_jpeg_on_a_page_is_seen_before_it_is_whole(photo):
    assert opened(on_page(photo, (600, 600))).info.get("progressive")


def test_a_card_shows_the_whole_cover_on_its_own_colour(photo):
    image = opened(on_page(photo, (1200, 630), "card")).convert("RGB")
    assert image.size == (1200, 630)
    assert image.getpixel((900, 600)) == pytest.approx((200, 230, 240), abs=4)
    assert image.getpixel((5, 600)) == pytest.approx((207, 201, 210), abs=4)  # a little red too


def test_a_cover_is_unpacked_once_for_sound_and_pages(photo):
    embedded, shown = prepare_cover(photo)
    assert embedded == embedded_cover(photo)
    assert {form.kind for form in shown} == {"avif", "webp", "jpeg", "card"}
    assert tuple(shown.values()) == page_pictures(photo, tuple(shown), 1000)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.png", b"", "empty"),
        ("page.png", b"<html>404</html>", "format"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
    ],
)
def test_what_is_no_picture_is_reported(tmp_path, name, data, reason):
    path = tmp_path / name
    path.write_bytes(data)
    for act in ACTS:
        with pytest.raises(ImageError) as caught:
            act(path)
        assert (caught.value.code, caught.value.values) == ("PICTURE-001", {"reason": reason})


def test_other_formats_are_not_opened(tmp_path):
    path = tmp_path / "moving.jpg"
    drawing(60, 60).save(path, format="GIF")
    with pytest.raises(ImageError, match="format"):
        read_image_facts(path)


@pytest.mark.parametrize("which", ["photo", "screenshot"])
def test_a_cut_picture_is_damaged(request, which, tmp_path):
    source = request.getfixturevalue(which)
    cut = tmp_path / f"cut{source.suffix}"
    cut.write_bytes(source.read_bytes()[:3000])
    for act in ACTS[1:]:
        with pytest.raises(ImageError, match="damaged"):
            act(cut)


@pytest.mark.parametrize("side", [6_400, 20_000])
def test_a_bomb_is_not_unpacked(tmp_path, side):
    path = tmp_path / "bomb.png"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.new("1", (side, side)).save(path)
    for act in ACTS:
        with pytest.raises(ImageError) as caught:
            act(path)
        assert caught.value.code == "PICTURE-002"
        assert caught.value.values["width"] == str(side)
