"""Read the tables of words that come with the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from avsnitt.i18n import Entry, Strings

LOCALE = Path(__file__).parent.parent / "locale"


@cache
def read_strings(language: str, *domains: str) -> Strings:
    """The words of some domains (`site`, `cli`, `problems`, `time`) in `sv` or `en`."""
    table: dict[str, Entry] = {}
    for domain in domains:
        path = LOCALE / language / f"{domain}.json"
        table.update(msgspec.json.decode(path.read_bytes(), type=dict[str, Entry]))
    return Strings(language, table)
