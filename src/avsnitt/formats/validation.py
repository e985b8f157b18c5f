"""Plain data against a declared shape: the value, or everything that does not fit at once.

msgspec does the work and stops at the first mistake; only when there is one are the fields
walked one by one, so a show without mistakes pays nothing for the care.
"""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from types import NoneType
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import inspect

from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding, KeyPath, finding_at_key

T = TypeVar("T")

_EXPECTED: Final[tuple[tuple[type[inspect.Type], str], ...]] = (
    (inspect.StrType, "expected.text"),
    (inspect.BoolType, "expected.yes-no"),
    (inspect.IntType, "expected.whole-number"),
    (inspect.FloatType, "expected.number"),
    (inspect.DateType, "expected.date"),
    (inspect.VarTupleType, "expected.list"),
    (inspect.StructType, "expected.mapping"),
    (inspect.DictType, "expected.mapping"),
)


def validate(data: object, shape: type[T]) -> tuple[T | None, tuple[Finding, ...]]:
    """
    `data` as a `shape`, or None and all the reasons why not.

    A known key without a value is as if it was not there: people leave keys to be filled in.
    """
    try:
        return msgspec.convert(data, shape), ()
    except msgspec.ValidationError:
        declared = _declared(shape)  # type: ignore[arg-type]
    filled = _without_blanks(data, declared)
    try:
        return msgspec.convert(filled, shape), ()
    except msgspec.ValidationError:
        return None, tuple(_findings(filled, declared, ()))


@cache
def _declared(shape: Hashable) -> inspect.Type:
    return inspect.type_info(shape)


def _without_blanks(data: object, annotated: inspect.Type) -> object:
    shape = _bare(annotated)
    if isinstance(shape, inspect.UnionType):
        kind = inspect.VarTupleType if isinstance(data, list) else inspect.StructType
        shape = next((one for one in map(_bare, shape.types) if isinstance(one, kind)), shape)
    if isinstance(shape, inspect.VarTupleType) and isinstance(data, list):
        return [_without_blanks(item, shape.item_type) for item in data]
    if isinstance(shape, inspect.StructType) and isinstance(data, dict):
        fields = {field.encode_name: field.type for field in shape.fields}
        return {
            key: _without_blanks(value, fields[key]) if key in fields else value
            for key, value in data.items()
            if value is not None or key not in fields
        }
    return data


def _findings(data: object, annotated: inspect.Type, path: KeyPath) -> Iterator[Finding]:
    words = _own_words(annotated)
    for finding in _plain_findings(data, _bare(annotated), path):
        mine = words and finding.place.key == path and finding.code == "MATTER-004"
        yield _mismatch(path, words) if mine else finding


def _own_words(annotated: inspect.Type) -> dict[str, str]:
    """The message key of what a field expects: `Meta(extra={"expected": "expected.x"})`."""
    if isinstance(annotated, inspect.Metadata):
        return dict(annotated.extra or {}) or _own_words(annotated.type)
    if isinstance(annotated, inspect.UnionType):
        found = (_own_words(choice) for choice in annotated.types)
        return next((words for words in found if words), {})
    return {}


def _plain_findings(data: object, shape: inspect.Type, path: KeyPath) -> Iterator[Finding]:
    if isinstance(shape, inspect.UnionType):
        yield from _union_findings(data, shape, path)
    elif isinstance(shape, inspect.StructType) and isinstance(data, dict):
        yield from _struct_findings(data, shape, path)
    elif isinstance(shape, inspect.DictType) and isinstance(data, dict):
        for key, value in data.items():
            yield from _findings(value, shape.value_type, (*path, str(key)))
    elif isinstance(shape, inspect.VarTupleType) and isinstance(data, list):
        yield from _list_findings(data, shape, path)
    elif not _fits(data, shape):
        yield _mismatch(path, _expectation(shape))


def _list_findings(
    data: list[object], shape: inspect.VarTupleType, path: KeyPath
) -> Iterator[Finding]:
    if len(data) < (shape.min_length or 0):
        yield _mismatch(path, _expectation(shape))
    for number, item in enumerate(data):
        yield from _findings(item, shape.item_type, (*path, number))


def _union_findings(data: object, shape: inspect.UnionType, path: KeyPath) -> Iterator[Finding]:
    choices = [
        choice for choice in map(_bare, shape.types) if not isinstance(choice, inspect.NoneType)
    ]
    if data is None and len(choices) < len(shape.types):
        return
    lists = [choice for choice in choices if isinstance(choice, inspect.VarTupleType)]
    if len(choices) == 1:
        yield from _plain_findings(data, choices[0], path)
    elif isinstance(data, list) and lists:
        yield from _plain_findings(data, lists[0], path)
    elif not any(_fits(data, choice) for choice in choices):
        yield _mismatch(path, _expectation(choices[0]))


def _struct_findings(
    data: dict[Any, object], shape: inspect.StructType, path: KeyPath
) -> Iterator[Finding]:
    fields = {field.encode_name: field for field in shape.fields}
    for key, value in data.items():
        if key in fields:
            yield from _findings(value, fields[key].type, (*path, key))
        else:
            near = difflib.get_close_matches(str(key), fields, 3, 0.6)
            values = {"key": str(key), "near": ", ".join(near), "known": ", ".join(fields)}
            yield finding_at_key("MATTER-003", (*path, str(key)), values)
    for name, field in fields.items():
        if field.required and name not in data:
            yield finding_at_key("MATTER-005", path, {"key": name})


def _mismatch(path: KeyPath, expectation: Mapping[str, str]) -> Finding:
    """A value that is not what was expected; `expectation` names what was by a message key."""
    expected = message(expectation["expected"])
    values: MessageValues = {"key": spell_key_path(path), **expectation, "expected": expected}
    return finding_at_key("MATTER-004", path, values)


def _bare(shape: inspect.Type) -> inspect.Type:
    return _bare(shape.type) if isinstance(shape, inspect.Metadata) else shape


def _fits(data: object, shape: inspect.Type) -> bool:
    try:
        msgspec.convert(data, _as_type(shape))
    except msgspec.ValidationError:
        return False
    return True


def _as_type(annotated: inspect.Type) -> Any:
    shape = _bare(annotated)
    if isinstance(shape, inspect.LiteralType):
        return Literal[tuple(shape.values)]
    if isinstance(shape, inspect.StructType):
        return shape.cls
    if isinstance(shape, inspect.DictType):
        return dict[str, _as_type(shape.value_type)]  # type: ignore[misc]
    if isinstance(shape, inspect.VarTupleType):
        # Types made at run time, here and below, are beyond a checker.
        return tuple[_as_type(shape.item_type), ...]  # type: ignore[misc]
    plain: Any = {
        inspect.StrType: str,
        inspect.BoolType: bool,
        inspect.IntType: int,
        inspect.FloatType: float,
        inspect.NoneType: NoneType,
    }[type(shape)]
    limits = {
        name: getattr(shape, name)
        for name in ("gt", "ge", "lt", "le", "min_length", "max_length", "pattern")
        if getattr(shape, name, None) is not None
    }
    return Annotated[plain, msgspec.Meta(**limits)] if limits else plain


def _expectation(shape: inspect.Type) -> dict[str, str]:
    if isinstance(shape, inspect.LiteralType):
        return {
            "expected": "expected.one-of",
            "choices": ", ".join(map(str, shape.values)),
        }
    kind = next((words for cls, words in _EXPECTED if isinstance(shape, cls)), "expected.text")
    limit = getattr(shape, "max_length", None)
    if kind == "expected.text" and limit:
        return {"expected": "expected.short-text", "limit": str(limit)}
    if kind == "expected.text" and getattr(shape, "min_length", None):
        return {"expected": "expected.some-text"}
    if kind == "expected.list" and getattr(shape, "min_length", None):
        return {"expected": "expected.some-list"}
    if kind == "expected.whole-number" and getattr(shape, "ge", None) is not None:
        return {
            "expected": "expected.positive-number",
            "limit": str(getattr(shape, "le", "")),
        }
    return {"expected": kind}


def spell_key_path(path: KeyPath) -> str:
    """`chapters.2.start`: the second chapter's, since people count from one."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
