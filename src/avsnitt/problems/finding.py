"""A rule's finding, before its line has been looked up.

Lines cost a slow parser, so they are found only for what will be shown.
"""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """`key` is the place in the file's front matter: `("people", 0, "id")`; empty: the file."""

    code: str
    path: str
    key: tuple[str | int, ...] = ()
    values: dict[str, str] = {}
