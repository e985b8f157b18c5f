"""What names a made thing: digests of bytes, and keys made of named parts."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

DIGEST_BYTES = 16


def digest(data: bytes) -> str:
    """The name of some bytes: BLAKE2b, 16 bytes, as 32 hexadecimal digits."""
    return blake2b(data, digest_size=DIGEST_BYTES).hexdigest()


def combine(parts: Mapping[str, str]) -> str:
    """One digest of named parts, whatever order they were given in."""
    text = "\0".join(f"{name}\0{parts[name]}" for name in sorted(parts))
    return digest(text.encode())
