"""The first words of an episode's file, and the identities that are given once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

_LIST_ROWS = re.compile(r"(?:\n(?:-[ \t]|[ \t]|\]).*)+")
"""The lines that belong to a key: indented, or with a hyphen or a bracket first."""
_TOP_KEY = re.compile(r"^([A-Za-z_]+)[ \t]*:(.*)$", re.MULTILINE)


def next_number(folders: Iterable[str]) -> int:
    """The number after the highest that a folder's name begins with."""
    numbers = (re.match(r"(\d{1,6})-", name) for name in folders)
    return max((int(match[1]) for match in numbers if match), default=0) + 1


def render_episode_file(values: dict[str, str], hints: Iterable[str] = (), body: str = "") -> str:
    """
    A new `episode.md`. Each value is a text, quoted so that YAML reads it as that text; `hints`
    are comments under the keys.
    """
    lines = [f"{key}: {_quoted(value)}" for key, value in values.items()]
    lines += [f"# {hint}" for hint in hints]
    return "\n".join(("---", *lines, "---", body)).rstrip() + "\n"


def set_keys(text: str, values: dict[str, str]) -> str:
    """
    The text of an `episode.md` with some top-level keys set, and nothing else touched: the
    author's order, comments and blank lines stay. Only one-line values are replaced.
    """
    head, fence, rest = text.partition("\n---")
    for key, value in values.items():
        line = f"{key}: {_quoted(value)}"
        found = next((one for one in _TOP_KEY.finditer(head) if one[1] == key), None)
        if found is None:
            head = f"{head}\n{line}"
        else:
            head = head[: found.start()] + line + head[found.end() :]
    return head + fence + rest


def set_value(text: str, key: str, value: object) -> str:
    """
    The text of an `episode.md` with a top-level key set to a mapping, a list or a single value,
    on one line, and nothing else touched.
    """
    head, fence, rest = text.partition("\n---")
    line = f"{key}: {_flow(value)}"
    found = next((one for one in _TOP_KEY.finditer(head) if one[1] == key), None)
    if found is None:
        return f"{head}\n{line}{fence}{rest}"
    after = head[found.end() :]
    rows = _LIST_ROWS.match(after)
    return head[: found.start()] + line + after[rows.end() if rows else 0 :] + fence + rest


def _flow(value: object) -> str:
    """On one line, as YAML and JSON have it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_flow, value))}]"
    return json.dumps(value)


def _quoted(value: str) -> str:
    """Plain where YAML can only mean the text; else in quotes, where JSON's are YAML's."""
    if re.fullmatch(r"[a-z]+(-[a-z]+)*|\d{4}-\d{2}-\d{2} \d{2}:\d{2}|[0-9a-f-]{36}", value):
        return value if value not in ("true", "false", "null") else f'"{value}"'
    return json.dumps(value, ensure_ascii=False)
