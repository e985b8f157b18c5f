"""The wording of numbers, roles and addresses for the readers of a page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from avsnitt.i18n import Strings
from avsnitt.model.audio import AudioChange
from avsnitt.model.show import Episode, License

NO_BREAK_SPACE: Final = "\u00a0"
LINKABLE: Final = ("https://", "http://", "mailto:")
MINUS: Final = "\u2212"
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_SIZES: Final = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))


def spell_size(size_bytes: int, language: str) -> str:
    """`28,4 MB` in Swedish, `28.4 MB` in English; decimal units, no line break inside."""
    for unit_bytes, unit in _SIZES:
        if size_bytes >= unit_bytes:
            number = f"{size_bytes / unit_bytes:.1f}".removesuffix(".0")
            return f"{spell_number(number, language)}{NO_BREAK_SPACE}{unit}"
    return f"{size_bytes}{NO_BREAK_SPACE}B"


def spell_number(number: str, language: str) -> str:
    """`−1,5` in Swedish, `−1.5` in English, of `-1.5`."""
    spelt = number.replace("-", MINUS)
    return spelt.replace(".", ",") if language == "sv" else spelt


def spell_change(change: AudioChange, strings: Strings) -> str:
    """
    One thing that was done to the sound, in words: `Höjt 10,4 dB till −16 LUFS`. `strings` holds
    the domain `sound`.
    """
    values: dict[str, object] = dict(change.values)
    for name, value in change.values.items():
        if name not in ("name", "names") and _NUMBER.fullmatch(value):
            values[name] = spell_number(value, strings.language)
    if "n" in change.values:
        values["n"] = int(change.values["n"])
    return strings(f"change.{change.code}", **values)


def spell_minutes(duration_ms: int, strings: Strings) -> str:
    """`32 minuter`: whole minutes, never fewer than one."""
    return strings("episode.minutes", n=max(1, round(duration_ms / 60_000)))


def iso_duration(duration_ms: int) -> str:
    """`PT1H2M5S` (ISO 8601), for `<time>` and schema.org."""
    hours, rest = divmod(round(duration_ms / 1000), 3600)
    minutes, seconds = divmod(rest, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{count}{unit}" for count, unit in parts if count) or "0S")


def seconds(time_ms: int) -> str:
    """`754` or `754.25`: a media fragment's normal play time (W3C Media Fragments 4.2.1)."""
    whole, rest = divmod(time_ms, 1000)
    return f"{whole}.{rest:03}".rstrip("0") if rest else str(whole)


def spell_role(role: str, strings: Strings) -> str:
    """The role in the reader's language; one outside the taxonomy stands as it was written."""
    key = f"role.{role.lower()}"
    return strings(key) if key in strings else role[:1].upper() + role[1:]


def spell_label(episode: Episode, strings: Strings) -> str:
    """`Säsong 1, avsnitt 2`, `Avsnitt 2`, `Trailer`."""
    if episode.type != "full" or episode.number is None:
        return strings(f"episode.{episode.type}")
    if episode.season is None:
        return strings("episode.number", n=episode.number)
    return strings("episode.season_number", season=episode.season, n=episode.number)


def linkable(url: str) -> str:
    """The address if a page may link to it, else nothing: `javascript:` is somebody's trap."""
    return url if url.lower().startswith(LINKABLE) else ""


@lru_cache(maxsize=4096)
def site_name(url: str) -> str:
    """`exempel.se`, to say where a link goes; nothing if the address has no host."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def license_name(license_: License) -> str:
    """The name of a licence, or its id when it has none."""
    return license_.name or license_.id


def initials(name: str) -> str:
    """At most two letters, for someone without a picture."""
    words = [word for word in name.split() if word[0].isalnum()]
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper()


def paragraphs(text: str) -> tuple[str, ...]:
    """Plain text as its paragraphs, with line breaks inside them gone."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return tuple(" ".join(block.split()) for block in blocks if block.strip())


def excerpt(text: str, limit: int = 200) -> str:
    """The first whole words of a text, for a description; an ellipsis if more was cut."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    head = flat[:limit]
    return (head.rsplit(" ", 1)[0] if " " in head else head) + "…"
