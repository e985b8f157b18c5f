"""What a picture may be, and how its metadata is taken out without touching its pixels."""

from __future__ import annotations


def picture_mime(data: bytes) -> str:
    """`image/png` or `image/jpeg`, by content."""
    return "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
