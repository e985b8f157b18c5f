"""JSON Schemas of what authors write, so that editors complete and check as they type."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

from avsnitt.content.schema.front_matter import EpisodeFields, PageFields, PersonFields
from avsnitt.content.settings import ShowSettings
from avsnitt.vocabulary.categories import NAMES
from avsnitt.vocabulary.countries import COUNTRIES
from avsnitt.vocabulary.licenses import LICENSES
from avsnitt.vocabulary.podcast20_values import SERVICES
from avsnitt.vocabulary.roles import ROLE_NAMES, ROLES

SCHEMAS: Final[dict[str, type[msgspec.Struct]]] = {
    "show.schema.json": ShowSettings,
    "episode.schema.json": EpisodeFields,
    "person.schema.json": PersonFields,
    "page.schema.json": PageFields,
}

_SUGGESTIONS: Final[dict[str, tuple[str, ...]]] = {
    "categories": NAMES,
    "license": tuple(license.id for license in LICENSES.values()),
    "role": ROLE_NAMES,
    "group": tuple(ROLES),
    "blocked_on": tuple(sorted(SERVICES)),
    "allowed_on": tuple(sorted(SERVICES)),
    "country": tuple(sorted(COUNTRIES)),
}
"""The values that an editor offers for a key with open values: more than these may be right."""


def render_schemas() -> dict[str, str]:
    """Each schema's text by its file name (JSON Schema 2020-12)."""
    return {name: _render(shape) for name, shape in SCHEMAS.items()}


def _render(shape: type[msgspec.Struct]) -> str:
    schema = msgspec.json.schema(shape)
    _suggest(schema)
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _suggest(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _suggest(item)
    if not isinstance(node, dict):
        return
    for name, schema in node.get("properties", {}).items():
        if name in _SUGGESTIONS and isinstance(schema, dict):
            inner = schema.get("items", schema)
            inner["examples"] = list(_SUGGESTIONS[name])
    for value in node.values():
        _suggest(value)
