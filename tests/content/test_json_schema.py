from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.support.paths import PROJECT

from avsnitt.content.json_schema import render_schemas
from avsnitt.formats.front_matter import parse_front_matter, split_front_matter

ROOT = PROJECT
SCHEMAS = {name: json.loads(text) for name, text in render_schemas().items()}
EXAMPLES = re.findall(r"```(yaml|toml)\n(.*?)```", (ROOT / "docs/files.md").read_text(), re.DOTALL)
KINDS = ("episode", "show", "person", "page")
SHOWN = ("episode", *KINDS)
"""What each example in the documentation is of."""


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


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_examples_in_the_documentation_fit_the_schemas(number: int) -> None:
    language, text = EXAMPLES[number]
    toml = language == "toml"
    check(
        SHOWN[number],
        tomllib.loads(text) if toml else parse_front_matter(split_front_matter(text).text),
    )


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
