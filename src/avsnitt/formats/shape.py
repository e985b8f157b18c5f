"""Plain data against a declared shape: the value, or every mistake in it at once.

msgspec does the work and stops at the first mistake; only when there is one are the fields
walked one by one, so a show without mistakes pays nothing for the care.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from types import NoneType
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import inspect

from avsnitt.formats.matter import Path

T = TypeVar("T")

_EXPECTED: Final[tuple[tuple[type[inspect.Type], str], ...]] = (
    (inspect.StrType, "@expected.text"),
    (inspect.BoolType, "@expected.yes-no"),
    (inspect.IntType, "@expected.whole-number"),
    (inspect.FloatType, "@expected.number"),
    (inspect.DateType, "@expected.date"),
    (inspect.VarTupleType, "@expected.list"),
    (inspect.StructType, "@expected.mapping"),
)


class Misfit(msgspec.Struct, frozen=True):
    """One mistake: where in the data, its problem code, and the values of its message."""

    path: Path
    code: Literal["MATTER-003", "MATTER-004", "MATTER-005"]
    values: dict[str, str] = {}


def fit(data: object, shape: type[T]) -> tuple[T | None, tuple[Misfit, ...]]:
    """`data` as a `shape`, or None and all the reasons why not."""
    try:
        return msgspec.convert(data, shape), ()
    except msgspec.ValidationError:
        return None, tuple(_misfits(data, inspect.type_info(shape), ()))


def _misfits(data: object, annotated: inspect.Type, path: Path) -> Iterator[Misfit]:
    shape = _bare(annotated)
    if isinstance(shape, inspect.UnionType):
        yield from _union_misfits(data, shape, path)
    elif isinstance(shape, inspect.StructType) and isinstance(data, dict):
        yield from _struct_misfits(data, shape, path)
    elif isinstance(shape, inspect.VarTupleType) and isinstance(data, list):
        for number, item in enumerate(data):
            yield from _misfits(item, shape.item_type, (*path, number))
    elif not _fits(data, shape):
        yield Misfit(path, "MATTER-004", {"key": _name(path), **_expectation(shape)})


def _union_misfits(data: object, shape: inspect.UnionType, path: Path) -> Iterator[Misfit]:
    choices = [
        choice for choice in map(_bare, shape.types) if not isinstance(choice, inspect.NoneType)
    ]
    if data is None and len(choices) < len(shape.types):
        return
    lists = [choice for choice in choices if isinstance(choice, inspect.VarTupleType)]
    if len(choices) == 1:
        yield from _misfits(data, choices[0], path)
    elif isinstance(data, list) and lists:
        yield from _misfits(data, lists[0], path)
    elif not any(_fits(data, choice) for choice in choices):
        yield Misfit(path, "MATTER-004", {"key": _name(path), **_expectation(choices[0])})


def _struct_misfits(
    data: dict[Any, object], shape: inspect.StructType, path: Path
) -> Iterator[Misfit]:
    fields = {field.encode_name: field for field in shape.fields}
    for key, value in data.items():
        if key in fields:
            yield from _misfits(value, fields[key].type, (*path, key))
        else:
            near = difflib.get_close_matches(str(key), fields, 3, 0.6)
            values = {"key": str(key), "near": ", ".join(near), "known": ", ".join(fields)}
            yield Misfit((*path, str(key)), "MATTER-003", values)
    for name, field in fields.items():
        if field.required and name not in data:
            yield Misfit(path, "MATTER-005", {"key": name})


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
        return {"expected": "@expected.one-of", "choices": ", ".join(map(str, shape.values))}
    kind = next((words for cls, words in _EXPECTED if isinstance(shape, cls)), "@expected.text")
    limit = getattr(shape, "max_length", None)
    if kind == "@expected.text" and limit:
        return {"expected": "@expected.short-text", "limit": str(limit)}
    if kind == "@expected.whole-number" and getattr(shape, "ge", None) is not None:
        return {"expected": "@expected.positive-number"}
    return {"expected": kind}


def _name(path: Path) -> str:
    return ".".join(str(step) for step in path)
