"""The site in a real browser, opened from disk: by eye, by keyboard, by ear, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.paths import PACKAGE

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]

EPISODE = "episodes/fragan-fore-svaret.html"
KINDS = (
    "index.html",
    EPISODE,
    "episodes/plan.html",
    "episodes/lang.html",
    "episodes/in-english.html",
    "episodes/fientligt.html",
    "archive.html",
    "people.html",
    "people/vera.html",
    "about.html",
    "follow.html",
)
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
COVERED = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const seen = document.elementFromPoint(
    Math.min(innerWidth - 1, Math.max(0, box.left + Math.min(box.width, 40) / 2)),
    Math.min(innerHeight - 1, Math.max(0, box.top + box.height / 2)));
  return {
    tag: element.tagName,
    name: (element.textContent || element.getAttribute('aria-label') || '').trim().slice(0, 40),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    visible: !!seen && (element.contains(seen) || seen.contains(element)),
  };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_in_swedish(
    swedish_site: Path, open_page: Opener, axe: Any, scheme: str, viewport: dict[str, int]
) -> None:
    for name in KINDS:
        page = open_page(swedish_site / name, color_scheme=scheme, viewport=viewport)
        assert axe(page) == [], name
        page.context.close()


@pytest.mark.parametrize("name", ["index.html", EPISODE, "follow.html"])
def test_axe_finds_nothing_in_english_or_forced_colours(
    english_site: Path, open_page: Opener, axe: Any, name: str
) -> None:
    page = open_page(english_site / name, forced_colors="active")
    assert axe(page) == []


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_cut_off_or_scrolls_sideways_on_the_smallest_screen(
    swedish_site: Path, open_page: Opener, name: str
) -> None:
    page = open_page(swedish_site / name, viewport=NARROW)
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) <= NARROW["width"]
    # WCAG 1.4.12: a reader's own spacing breaks nothing. Set as a user style sheet would be.
    page.evaluate(
        """() => { for (const element of document.querySelectorAll('body, body *')) {
             element.style.lineHeight = '1.5'; element.style.letterSpacing = '0.12em';
             element.style.wordSpacing = '0.16em'; } }"""
    )
    assert page.evaluate(width) <= NARROW["width"]


@pytest.mark.parametrize("name", KINDS)
def test_a_page_asks_for_its_own_files_only_and_complains_about_nothing(
    swedish_site: Path, open_page: Opener, name: str
) -> None:
    page = open_page(swedish_site / name)
    page.wait_for_load_state("networkidle")
    assert page.requested
    assert [url for url in page.requested if not url.startswith(swedish_site.as_uri())] == []
    assert page.errors == []
    assert page.title() != "owned"
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_guard_in_the_page_stops_a_request_to_anywhere_else(
    swedish_site: Path, open_page: Opener
) -> None:
    page = open_page(swedish_site / "index.html")
    page.evaluate(
        """() => { const image = new Image(); image.src = 'https://exempel.invalid/p.gif';
             document.body.append(image); }"""
    )
    page.wait_for_timeout(100)
    assert any("Content Security Policy" in text for text in page.errors)


# ---- Keyboard ----


def test_the_first_key_press_offers_to_skip_to_the_content(
    swedish_site: Path, open_page: Opener
) -> None:
    page = open_page(swedish_site / EPISODE)
    page.keyboard.press("Tab")
    focused = page.evaluate(COVERED)
    assert focused["name"] == "Hoppa till innehållet"
    assert focused["visible"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_keyboard_reaches_everything_in_order_and_always_shows_where_it_is(
    swedish_site: Path, open_page: Opener, viewport: dict[str, int]
) -> None:
    page = open_page(swedish_site / EPISODE, viewport=viewport, reduced_motion="reduce")
    wanted = page.evaluate(
        """() => { window.stops = [...document.querySelectorAll('a[href], button, select')]
             .filter(element => element.offsetParent !== null || element.className === 'skip');
             return stops.length; }"""
    )
    reached: list[int] = []
    for _ in range(wanted + 40):
        page.keyboard.press("Tab")
        index = page.evaluate("stops.indexOf(document.activeElement)")
        if page.evaluate("document.activeElement === document.body"):
            break
        if index < 0:
            assert page.evaluate("document.activeElement.tagName") == "AUDIO"
            continue
        reached.append(index)
        focused = page.evaluate(COVERED)
        assert focused["outline"] >= 2, focused
        assert focused["visible"], focused
        if index == wanted - 1:
            break
    assert reached == list(range(wanted))


def test_the_buttons_of_the_player_are_large_enough_to_hit(
    swedish_site: Path, open_page: Opener
) -> None:
    page = open_page(swedish_site / EPISODE, viewport=NARROW)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(
             '.player button, .player select, .player audio, .chapters li > a:first-child')]
             .map(element => element.getBoundingClientRect())
             .map(box => [box.width, box.height])"""
    )
    assert len(sizes) == 3 + 1 + 1 + 4
    assert all(width >= 44 and height >= 44 for width, height in sizes), sizes


# ---- Without scripts ----


def test_without_scripts_everything_is_there_to_read_and_no_button_is_dead(
    swedish_site: Path, open_page: Opener
) -> None:
    page = open_page(swedish_site / EPISODE, java_script_enabled=False)
    for words in ("Vad händer om vi berättar", "Så tyst att vi bestämde oss", "47 procent", "Dela"):
        assert page.get_by_text(words).first.is_visible()
    assert page.locator("audio").is_visible()
    assert page.locator("button:visible, select:visible").count() == 0
    assert page.get_by_role("link", name="Ladda ner (WAV").is_visible()


def test_without_scripts_a_chapter_leads_to_its_place_in_the_text(
    swedish_site: Path, open_page: Opener
) -> None:
    page = open_page(swedish_site / EPISODE, java_script_enabled=False)
    page.get_by_role("link", name="Det tysta rummet").click()
    assert page.url.endswith("#t=30")
    heading = page.get_by_role("heading", name="Det tysta rummet")
    box = heading.bounding_box()
    assert box
    assert -1 < box["y"] < 720  # pages scroll by whole pixels


def test_without_scripts_a_time_plays_the_sound_from_there(
    swedish_site: Path, open_page: Opener
) -> None:
    page = open_page(swedish_site / EPISODE, java_script_enabled=False)
    page.locator(".said a.time").nth(3).click()
    assert page.url.endswith("sound.wav#t=12.5")
    # The browser's own player cannot be asked in a window without scripts; ask in another.
    again = open_page(swedish_site / "media/sound.wav", "#t=12.5")
    again.wait_for_function("document.querySelector('video, audio').readyState > 0")
    assert again.evaluate("document.querySelector('video, audio').currentTime") >= 12.5


# ---- With scripts ----


def ready(page: Any) -> Any:
    page.wait_for_function("document.querySelector('audio').readyState > 0")
    return page


def now(page: Any) -> float:
    at: float = page.evaluate("document.querySelector('audio').currentTime")
    return at


def test_a_chapter_moves_the_sound_and_is_marked(swedish_site: Path, open_page: Opener) -> None:
    page = ready(open_page(swedish_site / EPISODE))
    page.get_by_role("link", name="Det tysta rummet").click()
    assert 30 <= now(page) < 33
    assert page.url.endswith("#t=30")
    assert page.locator(".chapters [aria-current]").inner_text().endswith("Det tysta rummet")
    assert page.locator(".said [aria-current]").count() == 1
    assert page.evaluate("!document.querySelector('audio').paused")


def test_a_time_in_the_text_moves_the_sound_and_stays_on_the_page(
    swedish_site: Path, open_page: Opener
) -> None:
    page = ready(open_page(swedish_site / EPISODE))
    page.locator(".said a.time").nth(3).click()
    assert 12.5 <= now(page) < 15
    assert page.url.endswith("fragan-fore-svaret.html#t=12.5")


@pytest.mark.parametrize(
    ("fragment", "seconds"), [("#t=30", 30), ("#t=0:31", 31), ("#t=00:00:48.25", 48.25)]
)
def test_arriving_at_a_moment_sets_the_place_in_silence(
    swedish_site: Path, open_page: Opener, fragment: str, seconds: float
) -> None:
    page = ready(open_page(swedish_site / EPISODE, fragment))
    page.wait_for_function("document.querySelector('audio').currentTime > 0")
    assert now(page) == pytest.approx(seconds)
    assert page.evaluate("document.querySelector('audio').paused")
    assert page.evaluate("scrollY") > 300


def test_the_buttons_skip_and_change_the_speed(swedish_site: Path, open_page: Opener) -> None:
    page = ready(open_page(swedish_site / EPISODE))
    page.get_by_role("button", name="30 s framåt").click()
    assert now(page) == pytest.approx(30)
    page.get_by_role("button", name="15 s bakåt").click()
    assert now(page) == pytest.approx(15)
    page.get_by_label("Hastighet").select_option("1.5")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5


def test_a_link_to_this_moment_is_copied_and_said(swedish_site: Path, open_page: Opener) -> None:
    page = open_page(
        swedish_site / EPISODE, "#t=30", permissions=["clipboard-read", "clipboard-write"]
    )
    ready(page)
    page.wait_for_function("document.querySelector('audio').currentTime > 0")
    page.get_by_role("button", name="Kopiera länk hit").click()
    page.get_by_text("Länken är kopierad").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "https://podd.exempel.se/episodes/fragan-fore-svaret.html#t=30"


def test_sound_that_cannot_be_read_is_said_in_words(
    swedish_site: Path, open_page: Opener, tmp_path: Path
) -> None:
    text = (swedish_site / EPISODE).read_text("utf-8")
    (tmp_path / "episodes").mkdir()
    (tmp_path / "static").mkdir()
    (tmp_path / EPISODE).write_text(text, "utf-8")
    script = (swedish_site / "static/plain.js").read_bytes()
    (tmp_path / "static/plain.js").write_bytes(script)
    page = open_page(tmp_path / EPISODE)
    page.get_by_text("Ljudet kunde inte läsas in").wait_for()


def test_the_feed_address_is_copied(swedish_site: Path, open_page: Opener) -> None:
    page = open_page(
        swedish_site / "follow.html", permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Kopiera adressen").click()
    page.get_by_text("Adressen är kopierad").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://podd.exempel.se/feed.xml"


# ---- On paper ----


def test_paper_gets_the_text_and_not_the_player(swedish_site: Path, open_page: Opener) -> None:
    page = open_page(swedish_site / EPISODE)
    page.emulate_media(media="print")
    assert page.get_by_text("Så tyst att vi bestämde oss").first.is_visible()
    assert not page.locator(".player").is_visible()
    assert not page.locator(".share").is_visible()


def test_the_script_stays_small() -> None:
    import gzip

    script = PACKAGE / "themes/plain/static/plain.js"
    assert len(gzip.compress(script.read_bytes())) <= 6_000
