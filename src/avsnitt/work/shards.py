"""Parts of a show's audio for several machines that do not know of each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from avsnitt.problems.errors import UsageError

_SHARD: Final = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,5})", re.ASCII)


class Shard(Struct, frozen=True):
    """The `number`th of `of` shares; the first is 1."""

    number: int = 1
    of: int = 1


def parse_shard(text: str) -> Shard:
    """`2/8`. Raises UsageError for what is not a share of a whole."""
    found = _SHARD.fullmatch(text.strip())
    shard = Shard(int(found[1]), int(found[2])) if found else Shard(2, 1)
    if shard.number > shard.of:
        raise UsageError(f"no shard {text}", key="sound.no-shard", values={"shard": text})
    return shard


def take_shard(slugs: Iterable[str], shard: Shard) -> tuple[str, ...]:
    """
    The slugs of this share: every `of`th by name, so that the shares are as even as can be, and
    the same on every machine that has the show. A share may be empty.
    """
    return tuple(sorted(set(slugs))[shard.number - 1 :: shard.of])
