"""Pictures on pages: sizes, kinds and words."""

from __future__ import annotations

from avsnitt.site.images import ImageFiles, PictureView, SetView, image_in_notes, picture_view

PHOTO = ImageFiles(
    width=1200,
    height=900,
    files=(("pictures/a-600.jpg", 600), ("pictures/a-1200.jpg", 1200)),
    better=(("image/webp", (("pictures/a-600.webp", 600), ("pictures/a-1200.webp", 1200))),),
)
SMALL = ImageFiles(width=64, height=48, files=(("pictures/ä.png", 64),))
NOTES = '<p>Se <img src="../pictures/a.jpg" alt="En &quot;å&quot;" loading="lazy"></p>'


def test_a_picture_is_shown_in_every_size_and_kind():
    assert picture_view("../", PHOTO, "En å.") == PictureView(
        src="../pictures/a-1200.jpg",
        alt="En å.",
        width=1200,
        height=900,
        srcset="../pictures/a-600.jpg 600w, ../pictures/a-1200.jpg 1200w",
        sets=(
            SetView(
                type="image/webp",
                srcset="../pictures/a-600.webp 600w, ../pictures/a-1200.webp 1200w",
            ),
        ),
    )
    assert (PHOTO.path, PHOTO.small) == ("pictures/a-1200.jpg", "pictures/a-600.jpg")


def test_one_size_needs_no_choice():
    assert picture_view("", SMALL, "") == PictureView(
        src="pictures/%C3%A4.png", alt="", width=64, height=48
    )


def test_a_photo_in_the_notes_keeps_its_words():
    shown = image_in_notes(NOTES, "../", {"../pictures/a.jpg": PHOTO})
    assert shown.startswith('<p>Se <picture><source type="image/webp" srcset="../pictures/a-600')
    assert 'alt="En &quot;å&quot;" width="1200" height="900" loading="lazy"' in shown
    assert shown.endswith("</picture></p>")


def test_a_small_drawing_in_the_notes_only_gets_its_size():
    shown = image_in_notes(NOTES, "../", {"../pictures/a.jpg": SMALL})
    assert "<picture" not in shown
    assert 'width="64" height="48"' in shown


def test_a_picture_that_is_not_known_stays_as_it_is():
    assert image_in_notes(NOTES, "../", {"../pictures/b.jpg": PHOTO}) == NOTES
    assert image_in_notes(NOTES, "../", {}) == NOTES
