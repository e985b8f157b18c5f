"""
Field types that all files of authors share: addresses, times, dates, and mappings without unknown
keys.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

ShortText = Annotated[str, Meta(max_length=255)]
WebAddress = Annotated[str, Meta(pattern=r"^https?://\S+$", extra={"expected": "expected.address"})]
OptionalAddress = Annotated[
    str, Meta(pattern=r"^(https?://\S+)?$", extra={"expected": "expected.address"})
]
ContactAddress = Annotated[
    str, Meta(pattern=r"^((https?://|mailto:)\S+)?$", extra={"expected": "expected.contact"})
]
Time = Annotated[
    str | int | float,
    Meta(description="SS, MM:SS or HH:MM:SS, with decimals", extra={"expected": "expected.time"}),
]
PositiveNumber = Annotated[int, Meta(ge=1, le=65535)]
"""As far as the number in an MP4 file's tags can count."""
IsoDate = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        description="2026-10-05",
        extra={"expected": "expected.date"},
    ),
]
Moment = Annotated[
    str,
    Meta(
        pattern=r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2}.*)?$",
        description="2026-10-05 07:00, in the show's time zone",
        extra={"expected": "expected.moment"},
    ),
]


class StrictFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping that the author writes: a key we do not know is a mistake, not a wish."""
