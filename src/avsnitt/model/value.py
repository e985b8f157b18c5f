"""The base of every value of a show."""

from __future__ import annotations

from typing import Any

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The shared shape of every value of a show: frozen, by keyword only."""


def fields_of(kind: type[Value], value: Value) -> dict[str, Any]:
    """
    The fields that `kind` declares, by name, with their values in `value`, which is of `kind` or
    of a type made from it. Another value that shares them is made with these.
    """
    return {name: getattr(value, name) for name in kind.__struct_fields__}
