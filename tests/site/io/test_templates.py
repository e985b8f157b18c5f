"""Rendering by Jinja2: what the theme and a show's own templates may do."""

from __future__ import annotations

from pathlib import Path

import markupsafe
import msgspec
import pytest

from avsnitt.model.show import Link
from avsnitt.model.value import Value
from avsnitt.site.io.templates import TemplateError, Templates, theme_files


class Page(Value, frozen=True, kw_only=True):
    title: str = "A <b>title</b> & 'more'"
    html: str = "<em>safe</em>"
    rows: tuple[Link, ...] = (Link(title="<i>", url="u"), Link(title="two", url="v"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    return folder


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, "utf-8")
    return name


def test_text_is_escaped_and_marked_html_is_not(own: Path) -> None:
    name = written(own, "t.html", "{{ page.title }}|{{ page.html|safe }}")
    made = Templates(own).render(name, Page()).decode()
    assert made == f"{markupsafe.escape(Page().title)}|<em>safe</em>"


def test_macros_joins_and_captured_blocks_escape_once(own: Path) -> None:
    text = (
        "{% macro m(x) %}<p>{{ x }}</p>{% endmacro %}"
        "{% set b %}{{ page.title }}{% endset %}"
        '{{ m(page.title) }}|{{ "<" ~ page.title }}|{{ b }}|{{ 7 }}|{{ page.rows|length }}'
    )
    name = written(own, "t.html", text)
    escaped = str(markupsafe.escape(Page().title))
    made = Templates(own).render(name, Page()).decode()
    assert made == f"<p>{escaped}</p>|&lt;{escaped}|{escaped}|7|2"


def test_a_show_replaces_one_template_and_extends_the_themes(own: Path) -> None:
    written(own, "page.html", '{% extends "plain/page.html" %}{% block kind %}mine{% endblock %}')
    templates = Templates(own)
    environment = templates._environment
    assert environment.get_template("page.html").filename == str(own / "page.html")
    assert "themes" in str(environment.get_template("plain/page.html").filename)
    assert "themes" in str(environment.get_template("base.html").filename)


def test_a_broken_template_names_itself_its_line_and_the_fault(own: Path) -> None:
    name = written(own, "t.html", "one\ntwo {% if %}\n")
    with pytest.raises(TemplateError) as caught:
        Templates(own).render(name, Page())
    assert (caught.value.template, caught.value.line, caught.value.own) == ("t.html", 2, True)
    assert "Expected an expression" in caught.value.message


def test_asking_for_what_a_page_has_not_names_the_line(own: Path) -> None:
    name = written(own, "t.html", "one\n\n{{ page.titel }}\n")
    with pytest.raises(TemplateError, match="titel") as caught:
        Templates(own).render(name, Page())
    assert (caught.value.template, caught.value.line) == ("t.html", 3)


def test_a_fault_inside_an_included_template_names_that_one(own: Path) -> None:
    written(own, "part.html", "\n{{ 1 / 0 }}")
    name = written(own, "t.html", '{% include "part.html" %}')
    with pytest.raises(TemplateError, match="division") as caught:
        Templates(own).render(name, Page())
    assert (caught.value.template, caught.value.line) == ("part.html", 2)


def test_a_missing_template_is_named(own: Path) -> None:
    with pytest.raises(TemplateError, match="no template named nothing"):
        Templates(own).render("nothing.html", Page())


@pytest.mark.parametrize(
    "attack",
    [
        "{{ page.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ page.rows.__class__ }}",
        "{{ self.__init__.__globals__ }}",
        '{{ "{0.__class__}".format(page) }}',
    ],
)
def test_a_shows_template_cannot_reach_python(own: Path, attack: str) -> None:
    name = written(own, "t.html", attack)
    with pytest.raises(TemplateError):
        Templates(own).render(name, Page())


def test_a_template_outside_the_folder_is_no_template(own: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("secret")
    (own / "link.html").symlink_to(tmp_path / "secret.html")
    for name in ("../secret.html", "link.html"):
        with pytest.raises(TemplateError):
            Templates(own).render(name, Page())
    assert "templates/link.html" not in theme_files(own)


def test_compiled_templates_are_kept_and_follow_their_source(own: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    name = written(own, "t.html", "one")
    assert Templates(own, cache).render(name, Page()) == b"one"
    kept = list(cache.iterdir())
    assert len(kept) == 1
    assert Templates(own, cache).render(name, Page()) == b"one"
    written(own, "t.html", "two")
    assert Templates(own, cache).render(name, Page()) == b"two"


def test_a_damaged_compiled_template_is_made_again(own: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    name = written(own, "t.html", "{{ page.title }}")
    first = Templates(own, cache).render(name, Page())
    for path in cache.iterdir():
        path.write_bytes(b"\xff half a file")
    assert Templates(own, cache).render(name, Page()) == first


def test_a_cache_that_cannot_be_written_only_costs_time(own: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    name = written(own, "t.html", "one")
    assert Templates(own, tmp_path / "file" / "cache").render(name, Page()) == b"one"


def test_theme_files_lists_what_is_in_force_in_order(own: Path, tmp_path: Path) -> None:
    written(own, "episode.html", "mine")
    written(own, "new.html", "mine")
    static = tmp_path / "static"
    static.mkdir()
    (static / "extra.css").write_text("a{}")
    files = theme_files(own, static)
    assert list(files) == sorted(files)
    assert files["templates/episode.html"] == own / "episode.html"
    assert files["templates/new.html"] == own / "new.html"
    assert files["static/extra.css"] == static / "extra.css"
    assert files["static/plain.css"].is_file()
    assert "themes" in files["templates/plain/episode.html"].parts


def test_pages_may_hold_any_struct(own: Path) -> None:
    class Other(msgspec.Struct, frozen=True):
        title: str

    name = written(own, "t.html", "{{ page.title }}")
    assert Templates(own).render(name, Other("å")) == "å".encode()
