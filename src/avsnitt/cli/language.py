"""The choice of language for the one who runs the program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from avsnitt.i18n import ui_language

OWN_VARIABLE: Final = "AVSNITT_LANG"
# The order of POSIX: XBD 8.2, "Internationalization Variables".
_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE: Final = frozenset({"", "C", "POSIX"})


def message_language(environ: Mapping[str, str], show_language: str = "") -> str:
    """
    `sv` or `en`: as `AVSNITT_LANG` says, otherwise as the show does, otherwise as the
    environment does. `show_language` is a BCP 47 tag, empty outside a show.
    """
    own = environ.get(OWN_VARIABLE, "")
    system = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    return next((ui_language(tag) for tag in map(_tag, (own, show_language, system)) if tag), "en")


def _tag(locale: str) -> str:
    """`sv_SE.UTF-8@euro` as `sv-SE`; nothing for the locales that name no language."""
    name = re.split(r"[.@]", locale, maxsplit=1)[0].replace("_", "-")
    return "" if name in _NO_LANGUAGE else name
