"""The pictures of a show, from what an author put in a folder to what pages and feeds point at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image, features
from tests.support import shows
from tests.support.hostile_images import CLEANED, UNFIT
from tests.support.image_scan import excess

from avsnitt.problems.errors import ContentError, ExternalError
from avsnitt.show_files import CACHE_FOLDER
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.snapshot import program_name
from avsnitt.workflow.build.build import build_show
from avsnitt.workflow.check.show import check_show

FIRST = "episodes/001-forsta"
ADDRESS = re.compile(r'(?:src|srcset|href|content)="([^"]*pictures/[^"]*)"')


@pytest.fixture
def show(tmp_path: Path) -> Path:
    return shows.write_show(tmp_path / "show")


def pointed_at(page: Path) -> set[str]:
    """The names of all pictures that a page points at, one by one."""
    found = ADDRESS.findall(page.read_text(encoding="utf-8"))
    addresses = (part.split()[0] for text in found for part in text.split(", "))
    return {address.rpartition("/")[2] for address in addresses}


def test_every_picture_that_a_page_points_at_is_there_and_of_the_size_it_says(show: Path) -> None:
    shows.write(show, "site/cover.png", shows.png("teal", 700))
    shows.write(show, f"{FIRST}/bild.png", shows.png("olive", 1300))
    build_show(str(show))
    named: set[str] = set()
    for page in (show / "public").rglob("*.html"):
        named |= pointed_at(page)
        for path, width in re.findall(
            r"([^\s\"]*pictures/\S+) (\d+)w", page.read_text(encoding="utf-8")
        ):
            with Image.open(page.parent / path) as image:
                assert image.width == int(width)
    there = {path.name for path in (show / "public/pictures").iterdir()}
    assert named <= there
    assert {name.rpartition(".")[2] for name in named} == {"avif", "webp", "jpg"}


def test_no_published_picture_has_more_than_its_pixels(show: Path) -> None:
    for name in ("a JPEG with two more pictures", "a PNG with a web page behind its profile"):
        shows.write(show, f"{FIRST}/cover.png", CLEANED[name]())
        build_show(str(show))
        for path in (show / "public/pictures").iterdir():
            assert excess(path.read_bytes()) == set()


def test_a_shared_link_shows_a_card_or_the_episodes_own_cover(show: Path) -> None:
    build_show(str(show))
    for page, picture, card in (
        ("index", "cover-card-", "summary_large_image"),
        ("episodes/andra", "cover-card-", "summary_large_image"),
        ("episodes/forsta", "forsta-64-", "summary"),
    ):
        text = (show / f"public/{page}.html").read_text(encoding="utf-8")
        assert f'og:image" content="https://podd.exempel.se/pictures/{picture}' in text
        assert f'twitter:card" content="{card}"' in text
    (card_file,) = (show / "public/pictures").glob("cover-card-*.jpg")
    with Image.open(card_file) as image:
        assert image.size == (1200, 630)


def test_the_feed_points_at_jpeg_and_png_only(show: Path) -> None:
    build_show(str(show))
    text = (show / "public/feed.xml").read_text(encoding="utf-8")
    assert set(re.findall(r"/pictures/[^\"<]*\.(\w+)", text)) <= {"png", "jpg"}


@pytest.mark.parametrize("name", ["a PNG with pixels missing", "a tiny PNG of 60,000 x 60,000"])
@pytest.mark.parametrize("path", ["site/cover.png", f"{FIRST}/bild.png", "site/people/vera.png"])
def test_a_picture_that_cannot_be_unpacked_stops_the_build_before_it_writes(
    show: Path, name: str, path: str
) -> None:
    shows.write(show, path, UNFIT[name][0]())
    with pytest.raises(ContentError) as caught:
        build_show(str(show))
    (found,) = (one for one in caught.value.problems if one.severity == "error")
    assert (found.code, found.where.path) == (
        "PICTURE-002" if "tiny" in name else "PICTURE-001",
        path,
    )
    assert not (show / "public").exists()
    assert found in check_show(str(show))


def test_a_new_version_of_the_program_leaves_pictures_as_they_are(show: Path) -> None:
    build_show(str(show))
    shown = {path for path in (show / "public/pictures").iterdir() if path.suffix != ".png"}
    before = {path: path.stat() for path in shown}
    BuildCache(f"{show}/{CACHE_FOLDER}", f"not {program_name()}").close(commit=True)
    report, _ = build_show(str(show))
    assert {path: path.stat() for path in shown} == before
    assert not [path for path in report.reasons if path.endswith((".avif", ".webp"))]


def test_a_photo_of_a_telephone_stands_up_everywhere(show: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = Image.new("RGB", (4032, 3024), "plum")
    photo.save(show / FIRST / "foto.jpg", exif=exif)
    shows.edit(show, f"{FIRST}/episode.md", "bild.png)\n", "bild.png)\n\n![Foto](foto.jpg)\n")
    build_show(str(show))
    sizes = {}
    for path in (show / "public/pictures").glob("forsta-foto*"):
        with Image.open(path) as image:
            sizes[path.name.split("-")[2]] = image.size
    assert sizes.pop("450") == (450, 600)
    assert sizes.pop("900") == (900, 1200)
    assert list(sizes.values()) == [(3024, 4032)]
    page = (show / "public/episodes/forsta.html").read_text(encoding="utf-8")
    assert 'alt="Foto" width="900" height="1200" loading="lazy"' in page


def test_a_pillow_without_avif_is_reported(show: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: feature != "avif")
    with pytest.raises(ExternalError) as caught:
        build_show(str(show))
    assert caught.value.key == "no-avif"
