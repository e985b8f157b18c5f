"""The shows that people meet first, built whole: the sample show and what `init` makes."""

from __future__ import annotations

import functools
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from lxml import html
from tests.support.paths import PROJECT

from avsnitt.workflow.build.build import build_show
from avsnitt.workflow.init import start_show

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]

ROOT = PROJECT
LANGUAGES = {"sample": "sv", "starter-sv": "sv", "starter-en": "en"}
EVERY_SHOW = pytest.mark.parametrize("name", LANGUAGES)
NARROW = {"width": 320, "height": 640}
EPISODE = "episodes/den-daliga-siffran.html"
MOMENT = "document.querySelector('audio').currentTime"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of each finished site, by name."""
    home = tmp_path_factory.mktemp("shows")
    for part in ("episodes", "site"):
        shutil.copytree(ROOT / part, home / "sample" / part)
    for language in ("sv", "en"):
        folder = home / f"starter-{language}"
        start_show(
            str(folder), title="Åttan & co", language=language, address="https://podd.example"
        )
    for name in LANGUAGES:
        build_show(str(home / name))
    return {name: home / name / "public" for name in LANGUAGES}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The site's address at a plain web server that knows nothing of Avsnitt."""
    handler = functools.partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def reached(site: Path, how: str) -> Iterator[str]:
    if how == "file":
        yield f"{site.as_uri()}/"
    else:
        with served(site) as address:
            yield address


def pages(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def read(address: str) -> bytes:
    with urlopen(address, timeout=10) as answer:
        body: bytes = answer.read()
    return body


def linked(address: str, page: Any) -> set[str]:
    """Every address that a page links to or loads, whole."""
    found = page.xpath("//@href | //@src")
    return {urljoin(address, str(value)) for value in found}


# ---- Everybody can use it ----


@EVERY_SHOW
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    built: dict[str, Path], open_page: Opener, axe: Any, name: str, scheme: str
) -> None:
    site = built[name]
    page = open_page(site / "index.html", color_scheme=scheme, viewport=NARROW)
    for path in pages(site):
        page.goto((site / path).as_uri())
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path


@EVERY_SHOW
def test_every_page_has_its_language_one_heading_and_ids_of_its_own(
    built: dict[str, Path], name: str
) -> None:
    for path in pages(built[name]):
        page = html.document_fromstring((built[name] / path).read_bytes())
        ids = page.xpath("//@id")
        other = re.fullmatch(r"transcripts/[^.]+\.([^.]+)\.html", path)
        assert page.get("lang") == (other[1] if other else LANGUAGES[name]), path
        assert len(page.xpath("//h1")) == 1, path
        assert len(ids) == len(set(ids)), path
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            named = {word for value in page.xpath(f"//@{attribute}") for word in value.split()}
            assert named <= set(ids), path
        assert [image for image in page.xpath("//img") if image.get("alt") is None] == [], path


# ---- Everything leads somewhere ----


@EVERY_SHOW
@pytest.mark.parametrize("how", ["file", "http"])
def test_every_link_leads_to_something_and_every_page_can_be_reached(
    built: dict[str, Path], name: str, how: str
) -> None:
    with reached(built[name], how) as start:
        waiting, trees, fragments = {f"{start}index.html"}, {}, set()
        seen: set[str] = set()
        while waiting:
            address = waiting.pop()
            seen.add(address)
            body = read(address)
            if not address.endswith(".html"):
                continue
            trees[address] = html.document_fromstring(body)
            for link in linked(address, trees[address]):
                target, fragment = urldefrag(link)
                if target.startswith(start):
                    fragments.add((address, target, unquote(fragment)))
                    waiting |= {target} - seen
        assert {unquote(one.removeprefix(start)) for one in trees} == set(pages(built[name]))
        for source, target, fragment in sorted(fragments):
            if not fragment or (target not in trees and fragment.startswith("t=")):
                continue
            assert trees[target].xpath("//*[@id=$name]", name=fragment), (source, fragment)


@EVERY_SHOW
@pytest.mark.parametrize("how", ["file", "http"])
def test_pages_open_without_complaint_and_ask_nobody_else(
    built: dict[str, Path], open_page: Opener, name: str, how: str
) -> None:
    site = built[name]
    page = open_page(site / "index.html")
    with reached(site, how) as start:
        page.requested.clear()
        for path in pages(site):
            page.goto(start + path, wait_until="load")
        assert page.requested
        ours = (start, site.as_uri())
        assert [url for url in page.requested if not url.startswith(ours)] == []
        assert page.errors == []
        assert page.context.cookies() == []
        page.goto("about:blank")


@EVERY_SHOW
def test_a_link_out_is_one_that_somebody_chose(built: dict[str, Path], name: str) -> None:
    for path in pages(built[name]):
        page = html.document_fromstring((built[name] / path).read_bytes())
        for value in page.xpath("//a/@href"):
            assert urlsplit(value).scheme in ("", "https", "mailto"), (path, value)


# ---- It plays ----


def test_the_sound_plays_and_the_chapters_and_the_transcript_move_it(
    built: dict[str, Path], open_page: Opener
) -> None:
    page = open_page(built["sample"] / EPISODE)
    page.locator("[data-chapters] a").nth(1).click()
    page.wait_for_function(f"{MOMENT} > 30.9 && !document.querySelector('audio').paused")
    assert page.locator("[data-chapters] [aria-current]").inner_text().endswith("Siffran")
    page.evaluate("document.querySelector('audio').pause()")
    page.locator("[data-transcript] a.time", has_text="1:24").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"{MOMENT} > 84.3 && {MOMENT} < 90")
    assert "Hur skriver man" in page.locator("[data-transcript] [aria-current]").inner_text()
    assert page.locator("[data-failure]").inner_text() == ""
    assert page.errors == []


def test_without_scripts_a_chapter_leads_to_its_place_in_the_transcript(
    built: dict[str, Path], open_page: Opener
) -> None:
    page = open_page(built["sample"] / EPISODE, java_script_enabled=False)
    assert page.locator("audio").get_attribute("controls") is not None
    assert not page.locator("[data-tools]").is_visible()
    assert not page.locator("[data-copy]").is_visible()
    link = page.locator("[data-chapters] a").nth(2)
    place = link.get_attribute("href")
    link.click()
    assert page.url.endswith(place)
    heading = page.locator(f'[id="{place[1:]}"]')
    assert heading.inner_text() == "Blir det inte bara rubriker?"


def test_the_question_stands_before_the_answer_on_every_episode(built: dict[str, Path]) -> None:
    for path in (built["sample"] / "episodes").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        answer = text.find('<section class="player"')
        question = text.find("bubble question")
        assert question > 0
        assert answer < 0 or question < answer
