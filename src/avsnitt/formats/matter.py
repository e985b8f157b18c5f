"""Front matter: YAML between two lines of `---`, then text.

YAML 1.2's core schema, read by ryaml. PyYAML is asked only for places, and only when something
is wrong or suspicious: it knows line and column of every node, and is slow.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

MATTER_LIMIT_BYTES: Final = 64 * 1024
DEPTH_LIMIT: Final = 32

Path = tuple[str | int, ...]

_FENCE = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_MAYBE_REFERENCE = re.compile(r"[&*!](?<![^\s\[{,][&*!])\S")
_PLACE = re.compile(r"at line (\d+) column (\d+)")
_DUPLICATE = re.compile(r'duplicate entry with key "(.*)"')


class MatterTrouble(Exception):
    """Front matter that cannot be read. `line` counts from 1 in the whole file; 0: no line."""

    def __init__(self, code: str, line: int = 0, column: int = 0, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.column = column
        self.values = values


class Matter(msgspec.Struct, frozen=True):
    """`text` is the YAML, whose first line is line 2 of the file; `body` is what follows it."""

    text: str
    body: str


def split_matter(text: str) -> Matter:
    """
    Part a file's text in front matter and body.

    Raises:
        MatterTrouble: MATTER-001 when there is no front matter or it has no end,
            FILE-003 when it is over the limit.
    """
    opening = _FENCE.match(text)
    closing = _CLOSING.search(text, opening.end() - 1) if opening else None
    if opening is None or closing is None:
        raise MatterTrouble("MATTER-001", 1)
    matter = text[opening.end() : closing.start() + 1]
    if len(matter) > MATTER_LIMIT_BYTES:
        raise MatterTrouble("FILE-003", 1, limit="64 kB")
    return Matter(matter, text[closing.end() :].strip())


def parse_matter(text: str) -> dict[str, object]:
    """
    The mapping that some front matter holds.

    Raises:
        MatterTrouble: MATTER-002 it is not YAML, or not a mapping; MATTER-006 it has anchors,
            aliases, tags or merges; MATTER-007 it is nested too deep.
    """
    import ryaml

    if "<<" in text or _MAYBE_REFERENCE.search(text):
        _refuse_references(text)
    try:
        value = ryaml.loads(text)  # type: ignore[attr-defined]
    except ValueError as error:
        raise _syntax_trouble(text, str(error)) from None
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise MatterTrouble("MATTER-002", 2, reason="@matter.not-a-mapping")
    if _may_be_deep(text) and _too_deep(value, DEPTH_LIMIT):
        raise MatterTrouble("MATTER-007", 2)
    return {key: item for key, item in value.items() if item is not None}


def locate(text: str, path: Path) -> tuple[int, int]:
    """
    Line and column, in the file, of the value at `path` in some front matter's text.

    Of a key that is not there, its mapping's place; (0, 0) when nothing can be found.
    """
    import yaml

    try:
        node: Any = yaml.compose(text, Loader=_loader())
    except yaml.YAMLError:
        return 0, 0
    mark = (2, 1)
    for step in path:
        found = _child(node, step)
        if found is None:
            break
        place, node = found
        mark = (place.line + 2, place.column + 1)
    return mark


def _child(node: Any, step: str | int) -> tuple[Any, Any] | None:
    import yaml

    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark, item
    return None


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refuse_references(text: str) -> None:
    import yaml

    refused = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)
    try:
        for token in yaml.scan(text, Loader=_loader()):
            merge = isinstance(token, yaml.ScalarToken) and token.plain and token.value == "<<"
            if merge or isinstance(token, refused):
                mark = token.start_mark
                raise MatterTrouble("MATTER-006", mark.line + 2, mark.column + 1)
    except yaml.YAMLError:
        return


def _syntax_trouble(text: str, message: str) -> MatterTrouble:
    if "recursion" in message:
        return MatterTrouble("MATTER-007", 2)
    duplicate = _DUPLICATE.search(message)
    if duplicate:
        line = _second_line_of(text, duplicate[1])
        return MatterTrouble("MATTER-002", line, reason="@matter.duplicate", key=duplicate[1])
    place = _PLACE.search(message)
    line, column = (int(place[1]) + 1, int(place[2])) if place else (0, 0)
    return MatterTrouble("MATTER-002", line, column, reason=_PLACE.sub("", message).strip(" ,"))


def _second_line_of(text: str, key: str) -> int:
    pattern = re.compile(rf"^\s*(?:- )?[\"']?{re.escape(key)}[\"']?\s*:")
    lines = [number for number, line in enumerate(text.splitlines(), 2) if pattern.match(line)]
    return lines[1] if len(lines) > 1 else 0


def _may_be_deep(text: str) -> bool:
    """Whether the text has what it takes to nest deep: brackets, indentation or dashes."""
    brackets = text.count("[") + text.count("{")
    return brackets >= DEPTH_LIMIT or " " * DEPTH_LIMIT in text or "- - - - " in text


def _too_deep(value: object, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if left == 0:
        return True
    children = value.values() if isinstance(value, dict) else value
    return any(_too_deep(child, left - 1) for child in children)
