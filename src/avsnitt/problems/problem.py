"""A rule that was broken, at a place in the user's own files, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from avsnitt.model.message import MessageValue

Severity = Literal["error", "warning", "info"]


class Where(msgspec.Struct, frozen=True, order=True):
    """
    A place in the user's own files.

    `path` is relative to the show's folder with forward slashes; `line` and `column` count
    from 1, and 0 means the whole file; `text` is the offending line as it stands in the file.
    """

    path: str
    line: int = 0
    column: int = 0
    text: str = ""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """
    Something the author can mend.

    The words live in `locale/<language>/problems.json` under `code`; `values` fills them in.
    Every code is listed with its severity in `codes.SEVERITIES`.
    """

    code: str
    severity: Severity
    where: Where
    values: Mapping[str, MessageValue] = {}
