"""Words, plurals, dates and durations in Swedish and English.

Pure: the tables themselves are read by `system.locales`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

Entry = str | Mapping[str, str]

LANGUAGES: Final = ("sv", "en")

MONTHS: Final = {
    "sv": [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


class Strings:
    """
    One language's table of words. A key is dotted; a value is a sentence with `{names}`, or
    `{"one": ..., "other": ...}` chosen by the value `n`. A missing key raises KeyError: the
    tables are tested to be complete, so a miss is our bug and not a reader's.
    """

    __slots__ = ("_table", "language")

    def __init__(self, language: str, table: Mapping[str, Entry]) -> None:
        self.language = language
        self._table = table

    def __call__(self, key: str, /, **values: object) -> str:
        entry = self._table[key]
        if not isinstance(entry, str):
            entry = entry["one" if values.get("n") == 1 else "other"]
        return entry.format_map(values) if values else entry

    def raw(self, key: str) -> str:
        """The sentence under a key with its `{names}` still in it; KeyError for a plural."""
        entry = self._table[key]
        if not isinstance(entry, str):
            raise KeyError(key)
        return entry

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def plain(self) -> dict[str, str]:
        """Every entry that takes no values, by its key: what a template can look up by itself."""
        entries = self._table.items()
        return {key: text for key, text in entries if isinstance(text, str) and "{" not in text}


def ui_language(language: str) -> str:
    """The UI language for a BCP 47 tag: Swedish for Swedish, English for the rest."""
    primary = language.lower().split("-")[0]
    return primary if primary in LANGUAGES else "en"


def spell_date(day: dt.date, language: str) -> str:
    """`18 november 2026`, `18 November 2026`."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def spell_duration(duration_ms: int, strings: Strings) -> str:
    """`1 timme, 2 minuter och 5 sekunder`, for people who hear the page."""
    hours, rest = divmod(round(duration_ms / 1000), 3600)
    minutes, seconds = divmod(rest, 60)
    counts = (("time.hours", hours), ("time.minutes", minutes), ("time.seconds", seconds))
    parts = [strings(key, n=count) for key, count in counts if count]
    if not parts:
        return strings("time.seconds", n=0)
    head = ", ".join(parts[:-1])
    return strings("time.and", head=head, tail=parts[-1]) if head else parts[-1]


def clock(duration_ms: int) -> str:
    """`12:34` or `1:02:03`."""
    hours, rest = divmod(duration_ms // 1000, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
