"""
The change to a page on its way out: one script added, and the page's policy extended to allow it.

Pure, and on the first block only: a page of any size passes through without being held in memory.
Source of the policy's grammar: Content Security Policy Level 3, sections 2.2 and 3.3.
"""

from __future__ import annotations

import html
import re
from typing import Final

FIRST_BLOCK_BYTES: Final = 65_536

_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
_META = re.compile(
    rb"""<meta\b(?:[^>"']|"[^"]*"|'[^']*')*>""",
    re.IGNORECASE,
)
_IS_POLICY = re.compile(rb"http-equiv\s*=\s*[\"']?content-security-policy[\"'\s>]", re.IGNORECASE)
_CONTENT = re.compile(rb"""(\scontent\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)

# These would stop the script from reading the new page, or send it to a server that is not there.
_DROPPED: Final = frozenset({"require-trusted-types-for", "upgrade-insecure-requests"})
_NEEDED: Final = ("script-src", "connect-src")


def inject_script(first_block: bytes, tag: bytes) -> tuple[bytes, bytes]:
    """
    The first block of a page with a script tag in its head, and what to add after the page.

    The tag stands first in the head, so that it runs before the page's own deferred scripts
    have changed the page. A page without a head in its first block gets the tag at its end.
    """
    relaxed = _META.sub(_relax_meta, first_block)
    head = _HEAD.search(relaxed)
    if head is None:
        return relaxed, tag
    return relaxed[: head.end()] + tag + relaxed[head.end() :], b""


def _relax_meta(match: re.Match[bytes]) -> bytes:
    if not _IS_POLICY.search(match[0]):
        return match[0]
    return _CONTENT.sub(_relax_content, match[0])


def _relax_content(match: re.Match[bytes]) -> bytes:
    text = html.unescape(match[2][1:-1].decode("utf-8", "surrogateescape"))
    relaxed = html.escape(relax_policy(text), quote=True)
    return match[1] + b'"' + relaxed.encode("utf-8", "surrogateescape") + b'"'


def relax_policy(policy: str) -> str:
    """The policy, extended to allow scripts from the page's own server and requests to it."""
    directives = _parse(policy)
    fallback = directives.get("default-src")
    for name in _NEEDED:
        sources = directives.get(name, fallback)
        if sources is not None:
            directives[name] = _with_self(sources)
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


def _parse(policy: str) -> dict[str, tuple[str, ...]]:
    """The directives by name. The first of two with one name counts (section 2.2.1, step 2.3)."""
    directives: dict[str, tuple[str, ...]] = {}
    for words in (part.split() for part in policy.split(";")):
        if words and words[0].lower() not in _DROPPED:
            directives.setdefault(words[0].lower(), tuple(words[1:]))
    return directives


def _with_self(sources: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(source for source in sources if source.lower() != "'none'")
    return kept if "'self'" in kept else (*kept, "'self'")
