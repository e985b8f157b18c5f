"""Front matter: YAML between two lines of `---`, then text.

YAML 1.2's core schema, read by ryaml. PyYAML is asked only for places, and only when something
is wrong or suspicious: it knows line and column of every node, and is slow.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from avsnitt.model.message import MessageValue, message

FRONT_MATTER_LIMIT_BYTES: Final = 64 * 1024
BODY_LIMIT_BYTES: Final = 256 * 1024
"""Twice what is said in two hours. The HTML cleaner's time may grow with the square of it."""
DEPTH_LIMIT: Final = 32

KeyPath = tuple[str | int, ...]

_FENCE = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_MAYBE_REFERENCE = re.compile(r"(?:[&*](?=\S)|!)(?<![^\s\[{,:][&*!])")
_BRACKET = re.compile(r"[\[\]{}]")
_DUPLICATE = re.compile(r"duplicate entry with key (.*)")
_UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\ud800-\udfff\ufffe\uffff]")
"""
Characters that XML cannot carry (XML 1.0, "Char"), and so neither a feed nor a page; and the signs
that turn the direction of text after them, so that a title can look like another (UAX #9, 2.1-2.2).
"""
_REASONS: Final = (
    ("mapping values are not allowed", "colon"),
    ("could not find expected ':'", "no-colon"),
    ("hexadecimal", "escape"),
    ("escape", "escape"),
    ("quoted scalar", "quote"),
    ("flow sequence", "bracket"),
    ("flow mapping", "bracket"),
    ("cannot start any token", "sign"),
    ("mapping keys are not allowed", "sign"),
    ("an alias", "sign"),
    ("an anchor", "sign"),
    ("a tag", "sign"),
    ("more than one document", "documents"),
    ("control characters", "unprintable"),
    ("surrogates", "unprintable"),
    ("unhashable", "key"),
    ("integer", "number"),
    ("entries are not allowed", "indent"),
    ("expected key", "indent"),
    ("block", "indent"),
    ("indent", "indent"),
)
"""The messages of the parser, and the keys of our own words."""


class FrontMatterError(Exception):
    """Front matter that cannot be read. `line` counts from 1 in the whole file; 0: no line."""

    def __init__(self, code: str, line: int = 0, column: int = 0, **values: MessageValue) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.column = column
        self.values = values


class FrontMatter(msgspec.Struct, frozen=True):
    """`text` is the YAML, whose first line is line 2 of the file; `body` is what follows it."""

    text: str
    body: str


def split_front_matter(text: str) -> FrontMatter:
    """
    Part a file's text in front matter and body.

    Raises:
        FrontMatterError: MATTER-001 when there is no front matter or it has no end,
            FILE-003 when either part is over its limit.
    """
    opening = _FENCE.match(text)
    closing = _CLOSING.search(text, opening.end() - 1) if opening else None
    if opening is None or closing is None:
        raise FrontMatterError("MATTER-001", 1)
    yaml = text[opening.end() : closing.start() + 1]
    if len(yaml) > FRONT_MATTER_LIMIT_BYTES:
        raise FrontMatterError("FILE-003", 1, limit="64 kB")
    body = text[closing.end() :].strip()
    if len(body) > BODY_LIMIT_BYTES:
        raise FrontMatterError("FILE-003", limit="256 kB")
    return FrontMatter(yaml, body)


def parse_front_matter(text: str) -> dict[str, object]:
    """
    The mapping that some front matter holds.

    Raises:
        FrontMatterError: MATTER-002 it is not YAML, or not a mapping; MATTER-006 it has anchors,
            aliases, tags or merges; MATTER-007 it is nested too deep.
    """
    if "<<" in text or _MAYBE_REFERENCE.search(text):
        _refuse_references(text)
    if _may_be_deep(text):
        _refuse_open_brackets(text)
    value = _load(text)
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise FrontMatterError("MATTER-002", 2, reason=message("front-matter.not-a-mapping"))
    if _may_be_deep(text) and _too_deep(value, DEPTH_LIMIT):
        _refuse_depth(text)
        raise FrontMatterError("MATTER-007", 2)
    if "\\" in text or not (text.isascii() or is_printable(text)):
        _refuse_unprintable(text, value)
    return value


def _load(text: str) -> object:
    import ryaml

    try:
        return ryaml.loads(text)  # type: ignore[attr-defined]
    except ValueError as error:
        raise _syntax_error(text, str(error)) from None
    except TypeError:  # a list as a key
        raise FrontMatterError("MATTER-002", 2, reason=message("front-matter.key")) from None


def is_printable(value: object) -> bool:
    """True when every text in some plain data can stand in a page and a feed."""
    if isinstance(value, str):
        return _UNPRINTABLE.search(value) is None
    if isinstance(value, dict):
        return all(is_printable(key) and is_printable(item) for key, item in value.items())
    return all(map(is_printable, value)) if isinstance(value, list) else True


def locate(text: str, path: KeyPath) -> tuple[int, int]:
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
        mark = _spot(text, place)
    return mark


def _spot(text: str, mark: Any) -> tuple[int, int]:
    """Line and column in the file. YAML 1.1 breaks lines where editors do not, so we count."""
    before = text[: mark.index]
    return before.count("\n") + 2, len(before) - before.rfind("\n")


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
                raise FrontMatterError("MATTER-006", *_spot(text, token.start_mark))
    except yaml.MarkedYAMLError as error:
        if re.search("alias|anchor|tag", error.context or ""):
            raise FrontMatterError("MATTER-006", *_spot(text, error.context_mark)) from None
    except (yaml.YAMLError, UnicodeError):
        return


def _refuse_unprintable(text: str, value: dict[str, object]) -> None:
    for key, item in value.items():
        if not (is_printable(key) and is_printable(item)):
            line, column = locate(text, (key,))
            raise FrontMatterError(
                "MATTER-002", line, column, reason=message("front-matter.unprintable")
            )


def _syntax_error(text: str, cause: str) -> FrontMatterError:
    if "recursion" in cause:
        _refuse_depth(text)
        return FrontMatterError("MATTER-007", 2)
    duplicate = _DUPLICATE.search(cause)
    if duplicate:
        key = _repeated_key(text)
        line, column = _spot(text, key.start_mark) if key else (2, 0)
        name = key.value if key else duplicate[1].strip('"')
        return FrontMatterError(
            "MATTER-002", line, column, reason=message("front-matter.duplicate"), key=name
        )
    line, column = _broken_spot(text)
    reason = next((name for words, name in _REASONS if words in cause), "other")
    return FrontMatterError("MATTER-002", line, column, reason=message(f"front-matter.{reason}"))


def _broken_spot(text: str) -> tuple[int, int]:
    """Find where PyYAML stops. It reads event by event, so no nesting is too deep for it."""
    import yaml

    documents = 0
    try:
        for event in yaml.parse(text, Loader=_loader()):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                return _spot(text, event.start_mark)
    except yaml.MarkedYAMLError as error:
        quoted = "quoted scalar" in (error.context or "")
        return _spot(text, error.context_mark if quoted else error.problem_mark)
    except (yaml.reader.ReaderError, UnicodeError):
        found = _UNPRINTABLE.search(text)
        before = text[: found.start()] if found else ""
        return before.count("\n") + 2, len(before) - before.rfind("\n")
    return 2, 0


def _repeated_key(text: str) -> Any:
    """The first key's event that stands twice in its own mapping, or None."""
    import yaml

    seen = _SeenKeys()
    try:
        return next((event for event in yaml.parse(text, Loader=_loader()) if seen(event)), None)
    except yaml.YAMLError:
        return None


class _SeenKeys:
    """Takes YAML's events one by one, and finds keys that stood before."""

    def __init__(self) -> None:
        self.keys: list[set[str] | None] = []
        """The keys of each open mapping; None for an open list."""
        self.key_is_next: list[bool] = []

    def __call__(self, event: Any) -> bool:
        import yaml

        if isinstance(event, yaml.CollectionEndEvent):
            self.keys.pop()
            self.key_is_next.pop()
        if not isinstance(event, yaml.NodeEvent):
            return False
        repeated = isinstance(event, yaml.ScalarEvent) and self._repeats(event.value)
        if self.keys:
            self.key_is_next[-1] = not self.key_is_next[-1]
        if isinstance(event, yaml.CollectionStartEvent):
            self.keys.append(set() if isinstance(event, yaml.MappingStartEvent) else None)
            self.key_is_next.append(True)
        return repeated

    def _repeats(self, value: str) -> bool:
        known = self.keys[-1] if self.keys and self.key_is_next[-1] else None
        if known is None or value in known:
            return known is not None
        known.add(value)
        return False


def _may_be_deep(text: str) -> bool:
    """True when the text has the signs of deep nesting: brackets, indentation or dashes."""
    brackets = text.count("[") + text.count("{")
    return brackets >= DEPTH_LIMIT or " " * DEPTH_LIMIT in text or "- - - - " in text


def _refuse_open_brackets(text: str) -> None:
    """Brackets in brackets cost the parser the square of their number: 8 s for 60,000."""
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    if deepest > 4 * DEPTH_LIMIT:
        _refuse_depth(text)


def _refuse_depth(text: str) -> None:
    """The same by what YAML makes of them, since brackets in a text are only text."""
    import yaml

    try:
        _refuse_deep_events(text, _loader())
    except (yaml.YAMLError, UnicodeError) as error:
        # libyaml from 0.2.6 stops by itself at 1,000 levels, before it has given the first event
        # of the line; the parser in Python gives them one by one, and stops at the same place.
        if "nesting depth" in str(error):
            _refuse_deep_events(text, yaml.SafeLoader)


def _refuse_deep_events(text: str, loader: Any) -> None:
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            raise FrontMatterError("MATTER-007", *_spot(text, event.start_mark))


def _too_deep(value: object, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if left == 0:
        return True
    children = value.values() if isinstance(value, dict) else value
    return any(_too_deep(child, left - 1) for child in children)
