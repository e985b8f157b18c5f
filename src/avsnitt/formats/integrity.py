"""Integrity metadata: the digests that a file may be known by (W3C Subresource Integrity, 3.5)."""

from __future__ import annotations

import base64
import binascii
from typing import Final

DIGEST_BYTES: Final = {"sha512": 64, "sha384": 48, "sha256": 32}
"""By algorithm, the strongest first."""
MOST_CHARACTERS: Final = 1000


def parse_integrity(text: str) -> dict[str, tuple[bytes, ...]] | None:
    """Digests by algorithm, the strongest first; None when not all of it can be understood."""
    parts = text.split() if len(text) <= MOST_CHARACTERS else []
    found: dict[str, tuple[bytes, ...]] = {}
    for part in parts:
        algorithm, _, value = part.partition("?")[0].partition("-")
        try:
            digest = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return None
        if len(digest) != DIGEST_BYTES.get(algorithm):
            return None
        found[algorithm] = (*found.get(algorithm, ()), digest)
    return {name: found[name] for name in DIGEST_BYTES if name in found} or None
