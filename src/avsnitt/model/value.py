"""The base of every value of a show."""

from __future__ import annotations

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The shared shape of every value of a show: frozen, by keyword only."""
