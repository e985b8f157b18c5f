from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image
from tests.support import shows
from tests.support.paths import PROJECT

from avsnitt.content.json_schema import render_schemas
from avsnitt.formats.front_matter import parse_front_matter, split_front_matter
from avsnitt.workflow.build.build import build_show

ROOT = PROJECT
SCHEMAS = {name: json.loads(text) for name, text in render_schemas().items()}
KINDS = ("episode", "show", "person", "page")
BEGIN = "The keys to begin with"
HEADINGS = {
    "`episode.md`": "episode",
    "`site/show.toml`": "show",
    "`site/people/<id>.md`": "person",
    "`site/pages/<name>.md`": "page",
}
"""The part of the documentation where the examples of each kind stand, a part by subject each."""


def examples() -> Iterator[tuple[str, str]]:
    """The heading that each example in the documentation stands under, and the example."""
    text = (ROOT / "docs/files.md").read_text(encoding="utf-8")
    for part in re.split(r"^## ", text, flags=re.MULTILINE):
        heading = part.partition("\n")[0]
        found = re.findall(r"^```(?:yaml|toml)\n(.*?)^```", part, re.DOTALL | re.MULTILINE)
        yield from ((heading, example) for example in found)


EXAMPLES = tuple(examples())
BEGINNING = {
    "episodes/002-fragan-fore-svaret/episode.md": "episode",
    "site/people/amina.md": "person",
    "site/show.toml": "show",
}
"""The files of the first example, in its order."""


def check(kind: str, data: Any) -> None:
    schema = SCHEMAS[f"{kind}.schema.json"]
    jsonschema.Draft202012Validator(schema).validate(data)


def fields(path: Path) -> dict[str, object]:
    return parse_front_matter(split_front_matter(path.read_text(encoding="utf-8")).text)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


def test_the_sample_show_fits_the_schemas() -> None:
    check("show", tomllib.loads((ROOT / "site/show.toml").read_text(encoding="utf-8")))
    for kind, pattern in (
        ("episode", "episodes/*/episode.md"),
        ("person", "site/people/*.md"),
        ("page", "site/pages/*.md"),
    ):
        paths = list(ROOT.glob(pattern))
        assert paths
        for path in paths:
            check(kind, fields(path))


def parsed(kind: str, text: str) -> dict[str, object]:
    if kind == "show":
        return tomllib.loads(text)
    return parse_front_matter(split_front_matter(text).text if text.startswith("---") else text)


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_examples_of_a_kind_make_a_whole_that_fits_its_schema(heading: str) -> None:
    kind = HEADINGS[heading]
    parts = [parsed(kind, text) for place, text in EXAMPLES if place == heading]
    keys = [key for part in parts for key in part]
    assert keys
    assert sorted(keys) == sorted(set(keys))
    check(kind, {key: value for part in parts for key, value in part.items()})


def test_there_is_no_example_without_a_kind() -> None:
    assert {place for place, _ in EXAMPLES} == {BEGIN, *HEADINGS}


def test_the_first_example_is_a_show_that_can_be_built(tmp_path: Path) -> None:
    texts = [text for place, text in EXAMPLES if place == BEGIN]
    for (name, kind), text in zip(BEGINNING.items(), texts, strict=True):
        check(kind, parsed(kind, text))
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "episodes/002-fragan-fore-svaret/samtal.wav").write_bytes(shows.wav())
    Image.new("RGB", (1400, 1400), "teal").save(tmp_path / "site/cover.png")
    build_show(str(tmp_path))
    feed = (tmp_path / "public/feed.xml").read_text(encoding="utf-8")
    assert "<title>Vågar vi visa frågan före svaret?</title>" in feed
    assert "Amina Ek" in feed


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_is_not_known_does_not_fit(kind: str) -> None:
    with pytest.raises(jsonschema.ValidationError, match="titel"):
        check(kind, {"titel": "x"})


def test_editors_are_shown_what_may_stand_there() -> None:
    show = json.dumps(SCHEMAS["show.schema.json"])
    assert "Society & Culture > Philosophy" in show
    assert "CC-BY-4.0" in show
    assert "co-host" in json.dumps(SCHEMAS["episode.schema.json"])


def test_the_sample_show_carries_the_schemas_as_they_are() -> None:
    """`avsnitt schema`, run in the repository, writes them anew."""
    carried = {path.name: path.read_text("utf-8") for path in (ROOT / "site/schemas").iterdir()}
    assert carried == render_schemas()
    first = (ROOT / "site/show.toml").read_text("utf-8").splitlines()[0]
    assert first == "#:schema schemas/show.schema.json"


@pytest.mark.parametrize("kind", KINDS[:1] + KINDS[2:])
def test_the_link_to_a_schema_that_the_documentation_gives_leads_there(kind: str) -> None:
    links = re.findall(r"\$schema=(\S+)`", (ROOT / "docs/files.md").read_text("utf-8"))
    folders = {"episode": "episodes/001-vem-svarar", "person": "site/people", "page": "site/pages"}
    name = f"{kind}.schema.json"
    link = next(one for one in links if one.endswith(name))
    assert (ROOT / folders[kind] / link).resolve() == ROOT / "site/schemas" / name
    header = f"---\n# yaml-language-server: $schema={link}\ntitle: x\n---\n"
    assert parse_front_matter(split_front_matter(header).text) == {"title": "x"}
